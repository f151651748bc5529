package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files move between us and libtorrent where it speaks uTP and nothing else. */
class UtpTest extends InteropFixture {

  private Path torrent;

  @BeforeEach
  void share() throws IOException {
    var payload = Payloads.file(complete, "shared.bin", 12_000_000);
    torrent = scratch.resolve("shared.torrent");
    var create = clients.spate("create", payload, "-o", torrent, "--piece-size", "256KiB");
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
  }

  @ParameterizedTest(name = "we dial: {0}")
  @ValueSource(booleans = {true, false})
  void weSeedAndTheyLeech(boolean weDial) {
    var peer = LEECH + ":" + Clients.PORT;
    var leecher = weDial ? libtorrent(LEECH, copy) : null;
    var seed =
        weDial
            ? clients.spateGet(SEED, torrent, complete, "--peer", peer)
            : clients.spateSeed(SEED, torrent, complete);
    if (leecher == null) {
      Clients.awaitSeeding(seed, SECONDS);
      leecher = libtorrent(LEECH, copy, SEED);
    }

    Clients.awaitDone(leecher, SECONDS);

    assertReachedByUtp(seed);
    Payloads.assertSame(complete, copy);
  }

  @ParameterizedTest(name = "we dial: {0}")
  @ValueSource(booleans = {true, false})
  void theySeedAndWeLeech(boolean weDial) {
    var get =
        weDial
            ? get(libtorrent(SEED, complete))
            : clients.spateGet(LEECH, torrent, copy, "--no-seed");
    if (!weDial) {
      libtorrent(SEED, complete, LEECH);
    }

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();

    assertReachedByUtp(get);
    Payloads.assertSame(complete, copy);
  }

  @Test
  void twoOfUsWithoutTcpShareAFile() {
    Clients.awaitSeeding(clients.spateSeed(SEED, torrent, complete, "--no-tcp"), SECONDS);
    var peer = SEED + ":" + Clients.PORT;
    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed", "--no-tcp", "--peer", peer);

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();

    assertReachedByUtp(get);
    Payloads.assertSame(complete, copy);
  }

  private Running get(Running seed) {
    Clients.awaitDone(seed, SECONDS);
    var peer = SEED + ":" + Clients.PORT;
    return clients.spateGet(LEECH, torrent, copy, "--no-seed", "--peer", peer);
  }

  private static void assertReachedByUtp(Running ours) {
    var line = ours.awaitLine(l -> l.contains("\"state\":\"connected\""), SECONDS);
    assertThat(line).contains("\"transport\":\"utp\"");
  }

  private Running libtorrent(String address, Path folder, String... dialled) {
    var command =
        new ArrayList<String>(
            List.of(
                Clients.PYTHON,
                clients.resource("libtorrent_utp.py").toString(),
                torrent.toString(),
                folder.toString(),
                address,
                "" + Clients.PORT));
    command.addAll(List.of(dialled));
    var running = lab.start(scratch, command);
    running.awaitLine(line -> line.equals("READY"), SECONDS);
    return running;
  }
}

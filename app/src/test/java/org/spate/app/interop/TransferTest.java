package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files move between our program and those of others, in each direction and all together. */
class TransferTest extends InteropFixture {

  @ParameterizedTest
  @MethodSource("foreignClientsAndFormats")
  void weSeedAndTheyLeech(Clients.Foreign client, String format) throws IOException {
    var payload = Payloads.folder(complete, "many files", 3_000_000);
    var torrent = create(payload, format);
    startTracker();
    Clients.awaitSeeding(clients.spateSeed(SEED, torrent, complete), SECONDS);

    var leecher = clients.foreign(client, false, LEECH, torrent, copy);

    Clients.awaitDone(leecher, SECONDS);
    if (client == Clients.Foreign.TRANSMISSION) {
      // It makes no empty files.
      Files.delete(payload.resolve("deeper/empty"));
    }
    Payloads.assertSame(payload, copy.resolve("many files"));
  }

  @ParameterizedTest
  @MethodSource("foreignClientsAndFormats")
  void theySeedAndWeLeech(Clients.Foreign client, String format) {
    var payload = Payloads.folder(complete, "many files", 3_000_000);
    var torrent = create(payload, format);
    startTracker();
    clients.foreign(client, true, SEED, torrent, complete);

    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed");

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(payload, copy.resolve("many files"));
  }

  @Test
  void aMixedSwarmCompletesWithEveryCopyIntact() throws IOException {
    var payload = Payloads.file(complete, "mixed.bin", 16_000_000);
    var torrent = create(payload, "v1");
    startTracker();
    Clients.awaitSeeding(clients.spateSeed(SEED, torrent, complete), SECONDS);
    var folders = new ArrayList<Path>();
    var ours = new ArrayList<Running>();
    var theirs = new ArrayList<Running>();
    for (int i = 0; i < 2; i++) {
      folders.add(Files.createDirectory(scratch.resolve("ours" + i)));
      ours.add(clients.spateGet(Lab.address(3 + i), torrent, folders.getLast()));
    }
    for (var client : Clients.Foreign.values()) {
      folders.add(Files.createDirectory(scratch.resolve("theirs" + client)));
      theirs.add(
          clients.foreign(
              client, false, Lab.address(5 + theirs.size()), torrent, folders.getLast()));
    }

    ours.forEach(get -> Clients.awaitFinished(get, SECONDS));
    theirs.forEach(leecher -> Clients.awaitDone(leecher, SECONDS));

    for (var folder : folders) {
      Payloads.assertSame(complete, folder);
    }
  }

  @ParameterizedTest
  @MethodSource("trackers")
  void peersFindEachOtherThroughAnyTracker(String server, String scheme) {
    var payload = Payloads.file(complete, "tracked.bin", 500_000);
    var announce = "%s://%s:6969/announce".formatted(scheme, TRACKER);
    var torrent = create(payload, "v1", announce);
    if (server.equals("opentracker")) {
      clients.opentracker(TRACKER, 6969, List.of(Clients.infoHash(torrent)));
    } else {
      startTracker();
    }
    Clients.awaitSeeding(clients.spateSeed(SEED, torrent, complete), SECONDS);
    var theirFolder = scratch.resolve("theirs");
    theirFolder.toFile().mkdirs();

    var theirs =
        clients.foreign(Clients.Foreign.LIBTORRENT, false, Lab.address(3), torrent, theirFolder);
    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed");

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Clients.awaitDone(theirs, SECONDS);
    Payloads.assertSame(complete, copy);
    Payloads.assertSame(complete, theirFolder);
  }

  static Stream<Arguments> trackers() {
    return Stream.of(
        Arguments.of("opentracker", "http"),
        Arguments.of("opentracker", "udp"),
        Arguments.of("spate", "http"),
        Arguments.of("spate", "udp"));
  }

  private Path create(Path payload, String format, String... announce) {
    var torrent = scratch.resolve(format + ".torrent");
    var url = announce.length == 0 ? ANNOUNCE : announce[0];
    var create =
        clients.spate(
            "create",
            payload,
            "-o",
            torrent,
            "-t",
            url,
            "--format",
            format,
            "--piece-size",
            "64KiB");
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
    return torrent;
  }

  private void startTracker() {
    var at = TRACKER + ":6969";
    clients
        .spate("tracker", "--http", at, "--udp", at, "--interval", "5", "--json")
        .awaitLine(line -> line.contains("\"event\":\"listening\""), SECONDS);
  }
}

package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Magnet links between our program and those of others: metadata goes in both directions. */
class MagnetTest extends InteropFixture {
  private static final String SEED_PEER = SEED + ":" + Clients.PORT;

  @ParameterizedTest
  @MethodSource("foreignClientsAndFormats")
  void weFetchFromAPeerGivenByHand(Clients.Foreign client, String format) {
    var payload = Payloads.folder(complete, "many files", 3_000_000);
    var torrent = create(payload, format);
    startTracker();
    clients.foreign(client, true, SEED, torrent, complete);

    var get = clients.spateGet(LEECH, magnet(torrent), copy, "--no-seed", "--peer", SEED_PEER);

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(payload, copy.resolve("many files"));
  }

  @ParameterizedTest
  @MethodSource("foreignClientsAndFormats")
  void weFetchFromPeersThatTheTrackerInTheLinkKnows(Clients.Foreign client, String format) {
    var payload = Payloads.folder(complete, "many files", 3_000_000);
    var torrent = create(payload, format);
    startTracker();
    clients.foreign(client, true, SEED, torrent, complete);

    var get = clients.spateGet(LEECH, magnet(torrent) + "&tr=" + ANNOUNCE, copy, "--no-seed");

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(payload, copy.resolve("many files"));
  }

  @ParameterizedTest
  @MethodSource("foreignClientsAndFormats")
  void theyFetchFromUs(Clients.Foreign client, String format) throws IOException {
    var payload = Payloads.folder(complete, "many files", 3_000_000);
    var torrent = create(payload, format);
    if (client == Clients.Foreign.ARIA2) {
      // It announces that nothing is left, and our tracker tells no seed of seeds.
      clients.opentracker(TRACKER, 6969, List.of(magnet(torrent).split(":", -1)[3]));
    } else {
      startTracker();
    }
    Clients.awaitSeeding(clients.spateSeed(SEED, torrent, complete), SECONDS);
    var link = magnet(torrent) + "&tr=" + ANNOUNCE + "&x.pe=" + SEED_PEER;

    var leecher = clients.foreignMagnet(client, LEECH, link, copy);

    Clients.awaitDone(leecher, SECONDS);
    if (client == Clients.Foreign.TRANSMISSION) {
      // It makes no empty files.
      Files.delete(payload.resolve("deeper/empty"));
    }
    Payloads.assertSame(payload, copy.resolve("many files"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void aHybridIsFetchedByEitherOfItsHashes(String half) {
    var payload = Payloads.folder(complete, "both", 3_000_000);
    var torrent = create(payload, "hybrid");
    startTracker();
    clients.foreign(Clients.Foreign.LIBTORRENT, true, SEED, torrent, complete);
    var links = magnet(torrent).split("[?&]", -1);
    var link = "magnet:?" + links[half.equals("v1") ? 1 : 2] + "&x.pe=" + SEED_PEER;

    var get = clients.spateGet(LEECH, link, copy, "--no-seed");

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(payload, copy.resolve("both"));
  }

  @Test
  void whatALinkLeadsToIsShown() {
    var payload = Payloads.folder(complete, "many files", 3_000_000);
    var torrent = create(payload, "v2");
    startTracker();
    clients.foreign(Clients.Foreign.LIBTORRENT, true, SEED, torrent, complete);

    var show = clients.spate("show", magnet(torrent), "--peer", SEED_PEER, "--bind", LEECH);

    assertThat(show.awaitExit(SECONDS)).as(show.tail()).isZero();
    assertThat(String.join("\n", show.lines())).contains("many files/z.txt");
  }

  @Test
  void severalLinksAreFetchedAtOnce() {
    var one = create(Payloads.file(complete, "one.bin", 700_000), "v1");
    var two = create(Payloads.file(complete, "two.bin", 900_000), "v2");
    startTracker();
    Clients.awaitSeeding(clients.spateSeed(SEED, one, complete), SECONDS);
    Clients.awaitSeeding(clients.spateSeed(Lab.address(3), two, complete), SECONDS);
    var tracker = "&tr=" + ANNOUNCE;

    var get =
        clients.spateGet(LEECH, magnet(one) + tracker, copy, magnet(two) + tracker, "--no-seed");

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }

  private Path create(Path payload, String format) {
    var torrent = scratch.resolve(format + ".torrent");
    var create =
        clients.spate(
            "create",
            payload,
            "-o",
            torrent,
            "-t",
            ANNOUNCE,
            "--format",
            format,
            "--piece-size",
            "64KiB");
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
    return torrent;
  }

  /** The link to a torrent by its hashes alone. */
  private String magnet(Path torrent) {
    var show = clients.spate("show", torrent, "--json");
    assertThat(show.awaitExit(SECONDS)).as(show.tail()).isZero();
    var json = String.join("", show.lines());
    return json.replaceAll(".*\"magnet\"\\s*:\\s*\"(magnet:[^\"]*?)&dn=.*", "$1");
  }

  private void startTracker() {
    var at = TRACKER + ":6969";
    clients
        .spate("tracker", "--http", at, "--udp", at, "--interval", "5", "--json")
        .awaitLine(line -> line.contains("\"event\":\"listening\""), SECONDS);
  }
}

package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.app.interop.Clients.Foreign;

/** Encrypted transfers between our program and others, in every mode that they have. */
class EncryptionTest extends InteropFixture {

  private Path torrent;

  @BeforeEach
  void share() throws IOException {
    var payload = Payloads.file(complete, "secret.bin", 3_000_000);
    torrent = scratch.resolve("secret.torrent");
    var create = clients.spate("create", payload, "-o", torrent, "-t", ANNOUNCE, "--format", "v1");
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
    clients
        .spate("tracker", "--http", TRACKER + ":6969", "--interval", "5", "--json")
        .awaitLine(line -> line.contains("\"event\":\"listening\""), SECONDS);
  }

  /** Settings of libtorrent: policy 0 forced, 1 enabled, 2 disabled; level 1 plain, 2 RC4. */
  private static List<String> libtorrent(int policy, int level) {
    return List.of(
        "{\"in_enc_policy\": %d, \"out_enc_policy\": %d, \"allowed_enc_level\": %d, %s}"
            // It dials in the clear first, and goes on encrypted only after a minute otherwise.
            .formatted(policy, policy, level, "\"min_reconnect_time\": 1"));
  }

  static Stream<Arguments> modes() {
    var aria2Arc4 = List.of("--bt-require-crypto=true", "--bt-min-crypto-level=arc4");
    var aria2Plain = List.of("--bt-require-crypto=true", "--bt-min-crypto-level=plain");
    return Stream.of(
        Arguments.of(Foreign.LIBTORRENT, libtorrent(0, 2), "accepted", "rc4"),
        Arguments.of(Foreign.LIBTORRENT, libtorrent(0, 1), "accepted", "handshake"),
        Arguments.of(Foreign.LIBTORRENT, libtorrent(1, 3), "required", "rc4"),
        Arguments.of(Foreign.LIBTORRENT, libtorrent(2, 3), "preferred", "plain"),
        Arguments.of(Foreign.TRANSMISSION, List.of("-er"), "accepted", "rc4"),
        Arguments.of(Foreign.TRANSMISSION, List.of("-ep"), "required", "rc4"),
        Arguments.of(Foreign.ARIA2, aria2Arc4, "accepted", "rc4"),
        Arguments.of(Foreign.ARIA2, aria2Plain, "accepted", "handshake"),
        Arguments.of(Foreign.ARIA2, List.of(), "required", "rc4"));
  }

  @ParameterizedTest(name = "{0} {1} leeches from {2}: {3}")
  @MethodSource("modes")
  void weSeedAndTheyLeech(Foreign client, List<String> theirs, String ours, String encryption) {
    var seed = clients.spateSeed(SEED, torrent, complete, "--encryption", ours);
    Clients.awaitSeeding(seed, SECONDS);

    var leecher = clients.foreign(client, false, LEECH, torrent, copy, theirs);

    Clients.awaitDone(leecher, SECONDS);
    Payloads.assertSame(complete, copy);
    assertThat(links(seed)).as(seed.tail()).allMatch(link -> link.contains(word(encryption)));
  }

  @ParameterizedTest(name = "{0} {1} seeds to {2}: {3}")
  @MethodSource("modes")
  void theySeedAndWeLeech(Foreign client, List<String> theirs, String ours, String encryption) {
    clients.foreign(client, true, SEED, torrent, complete, theirs);

    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed", "--encryption", ours);

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
    assertThat(links(get)).as(get.tail()).allMatch(link -> link.contains(word(encryption)));
  }

  private static String word(String encryption) {
    return "\"encryption\":\"" + encryption + "\"";
  }

  private static List<String> links(Running ours) {
    var links = ours.lines().stream().filter(l -> l.contains("\"state\":\"connected\"")).toList();
    assertThat(links).isNotEmpty();
    return links;
  }
}

package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.app.interop.Authority.Identity;

/** SSL torrents, between two of us and with libtorrent, and who does not get in. */
class SslTest extends InteropFixture {
  private static final int SSL_PORT = 16882;

  private Path torrent;
  private Authority authority;

  @BeforeEach
  void share() throws IOException {
    authority = Authority.make(scratch);
    var payload = Payloads.file(complete, "secret.bin", 6_000_000);
    torrent = scratch.resolve("secret.torrent");
    Clients.create(payload, "-o", torrent, "--ssl-cert", authority.certificate());
  }

  private Running seed(Identity identity) {
    var seed =
        clients.spateSeed(
            SEED,
            torrent,
            complete,
            "--ssl-cert",
            identity.certificate(),
            "--ssl-key",
            identity.key(),
            "--ssl-port",
            SSL_PORT);
    Clients.awaitSeeding(seed, SECONDS);
    return seed;
  }

  private Running get(Path wanted, Identity identity, int port, Object... more) {
    var options =
        new ArrayList<Object>(
            List.of(
                "--no-seed",
                "--peer",
                SEED + ":" + port,
                "--ssl-cert",
                identity.certificate(),
                "--ssl-key",
                identity.key()));
    options.addAll(List.of(more));
    return clients.spateGet(LEECH, wanted, copy, options.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DNS:secret.bin", "DNS:*"})
  void two_of_us_meet_with_certificates_for_the_torrent(String subject) {
    seed(authority.issue(subject));
    var get = get(torrent, authority.issue(subject), SSL_PORT);
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    assertThat(get.lines()).anyMatch(line -> line.contains("\"encryption\":\"tls\""));
    Payloads.assertSame(complete, copy);
  }

  @Test
  void rate_limits_hold_over_tls() {
    seed(authority.issue("DNS:*"));
    var get = get(torrent, authority.issue("DNS:*"), SSL_PORT, "--down", "3MiB");
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }

  @Test
  void who_has_a_certificate_of_another_authority_or_for_another_torrent_stays_outside() {
    seed(authority.issue("DNS:*"));
    for (var stranger :
        List.of(Authority.make(scratch).issue("DNS:*"), authority.issue("DNS:other.bin"))) {
      var get = get(torrent, stranger, SSL_PORT);
      assertNothingCame(get);
    }
  }

  /** As long as it takes another, who may, to get everything. */
  private void assertNothingCame(Running get) {
    var other = scratch.resolve("other" + get.hashCode());
    var identity = authority.issue("DNS:*");
    var good =
        clients.spateGet(
            Lab.address(3),
            torrent,
            other,
            "--no-seed",
            "--peer",
            SEED + ":" + SSL_PORT,
            "--ssl-cert",
            identity.certificate(),
            "--ssl-key",
            identity.key());
    assertThat(good.awaitExit(SECONDS)).as(good.tail()).isZero();
    assertThat(get.lines()).noneMatch(line -> line.contains("\"connected\""));
    get.kill();
  }

  @Test
  void nobody_takes_part_without_a_certificate() {
    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed");
    assertThat(get.awaitExit(SECONDS)).isNotZero();
    assertThat(get.tail()).contains("SSL torrent");
  }

  @Test
  void connections_in_the_clear_come_to_nothing_at_either_port() {
    var seed = seed(authority.issue("DNS:*"));
    for (int port : new int[] {Clients.PORT, SSL_PORT}) {
      var knock =
          lab.start(
              scratch,
              List.of(
                  Clients.PYTHON,
                  clients.resource("plain_handshake.py").toString(),
                  SEED,
                  "" + port,
                  Clients.infoHash(torrent)));
      assertThat(knock.awaitExit(SECONDS)).as(knock.tail()).isZero();
      assertThat(knock.lines()).containsExactly("closed after 0 bytes");
    }
    assertThat(seed.lines()).noneMatch(line -> line.contains("\"connected\""));
  }

  @Test
  void we_seed_to_libtorrent() throws IOException {
    seed(authority.issue("DNS:*"));
    var leech = libtorrent(LEECH, copy, SEED + ":" + SSL_PORT);
    Clients.awaitDone(leech, SECONDS);
    Payloads.assertSame(complete, copy);
  }

  @Test
  void libtorrent_seeds_to_us() throws IOException {
    var seed = libtorrent(SEED, complete);
    Clients.awaitDone(seed, SECONDS);
    var get = get(torrent, authority.issue("DNS:secret.bin"), SSL_PORT);
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }

  @Test
  void libtorrent_dials_us_to_seed() throws IOException {
    var get = get(torrent, authority.issue("DNS:secret.bin"), 1, "--ssl-port", SSL_PORT + 1);
    get.awaitLine(line -> line.contains("\"progress\""), SECONDS);
    libtorrent(SEED, complete, LEECH + ":" + (SSL_PORT + 1));
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }

  private Running libtorrent(String address, Path folder, String... peer) throws IOException {
    var identity = authority.issue("DNS:secret.bin");
    var parameters = scratch.resolve("dh.pem");
    if (!Files.exists(parameters)) {
      clients.run(
          ("openssl genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048 -out " + parameters)
              .split(" "));
    }
    var command =
        new ArrayList<String>(
            List.of(
                Clients.PYTHON,
                clients.resource("libtorrent_ssl.py").toString(),
                torrent.toString(),
                folder.toString(),
                address,
                "" + Clients.PORT,
                "" + SSL_PORT,
                identity.certificate().toString(),
                identity.key().toString(),
                parameters.toString()));
    command.addAll(List.of(peer));
    return lab.start(scratch, command);
  }
}

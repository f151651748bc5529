package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from nginx, alone and beside peers (BEP 19; threats 18, 23, 41). */
class WebSeedTest extends InteropFixture {
  private static final String SERVER = Lab.address(3);
  private static final String URL = "http://" + SERVER + ":8080/";

  private Path create(Path payload, String format) {
    var torrent = scratch.resolve("web-" + format + ".torrent");
    var create =
        clients.spate(
            "create", payload, "-o", torrent, "--format", format, "--piece-size", "64KiB");
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
    return torrent;
  }

  private void serve(String rules) {
    WebServer.start(lab, scratch, SERVER, 8080, complete, rules);
  }

  private void assertFetched(Path torrent, String url) {
    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed", "--web-seed", url);
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "hybrid"})
  void many_files(String format) throws IOException {
    var payload = Payloads.folder(complete, "many files", 3_000_000);
    serve("");
    assertFetched(create(payload, format), URL);
    Payloads.assertSame(payload, copy.resolve("many files"));
  }

  @Test
  void one_file_by_its_own_url_and_by_its_folder() throws IOException {
    var payload = Payloads.file(complete, "one file.bin", 5_000_000);
    serve("");
    var torrent = create(payload, "v1");
    assertFetched(torrent, URL + "one%20file.bin");
    Payloads.assertSame(complete, copy);
    Files.delete(copy.resolve("one file.bin"));
    assertFetched(torrent, URL);
    Payloads.assertSame(complete, copy);
  }

  @Test
  void server_with_tls_is_asked_where_its_certificate_is_trusted() throws IOException {
    var payload = Payloads.folder(complete, "secured", 2_000_000);
    var authority = Authority.make(scratch);
    var identity = authority.issue("IP:" + SERVER);
    serve(
        "listen %s:8443 ssl; ssl_certificate %s; ssl_certificate_key %s;"
            .formatted(SERVER, identity.certificate(), identity.key()));
    var torrent = create(payload, "v1");
    var url = "https://" + SERVER + ":8443/";
    var doubtful = clients.spateGet(LEECH, torrent, copy, "--no-seed", "--web-seed", url);
    doubtful.awaitLine(line -> line.contains("certification path"), SECONDS);
    doubtful.kill();

    var get =
        clients.spateGet(
            LEECH, torrent, copy, "--no-seed", "--web-seed", url, "--ca", authority.certificate());

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(payload, copy.resolve("secured"));
  }

  /** What a seed of BEP 17 computes nginx has as files: each run of blocks of each piece. */
  @Test
  void server_that_is_asked_for_pieces() throws IOException {
    var payload = Payloads.file(complete, "pieces.bin", 1_000_000);
    var torrent = create(payload, "v1");
    var bytes = Files.readAllBytes(payload);
    var parts = Files.createDirectory(complete.resolve("parts"));
    for (int piece = 0; piece * 65_536 < bytes.length; piece++) {
      int length = Math.min(65_536, bytes.length - piece * 65_536);
      for (int from = 0; from < length; from += 16_384) {
        for (int to = from + 1; to <= length; to++) {
          if (to % 16_384 == 0 || to == length) {
            var part = Arrays.copyOfRange(bytes, piece * 65_536 + from, piece * 65_536 + to);
            Files.write(parts.resolve(piece + "-" + from + "-" + (to - 1)), part);
          }
        }
      }
    }
    // A torrent's own seed may not be in the local network.
    lab.run("ip address add 203.0.113.1/32 dev lo");
    WebServer.start(
        lab,
        scratch,
        "203.0.113.1",
        8080,
        complete,
        "location = /seed { rewrite ^ /parts/$arg_piece-$arg_ranges? break; }");
    // No option names such a seed, and no torrent that create makes: a key goes before the info.
    var named = scratch.resolve("named.torrent");
    var url = "http://203.0.113.1:8080/seed";
    var seeds = "9:httpseedsl" + url.length() + ":" + url + "e4:infod";
    var text = Files.readString(torrent, StandardCharsets.ISO_8859_1);
    Files.writeString(named, text.replace("4:infod", seeds), StandardCharsets.ISO_8859_1);

    var get = clients.spateGet(LEECH, named, copy, "--no-seed");

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(payload, copy.resolve("pieces.bin"));
    assertThat(accessLog()).contains("GET /seed?info_hash=");
  }

  @Test
  void redirects_are_followed_and_slow_answers_waited_for() throws IOException {
    var payload = Payloads.folder(complete, "moved", 1_000_000);
    serve("location /old/ { rewrite ^/old/(.*)$ /$1 redirect; } limit_rate 500k;");
    assertFetched(create(payload, "v1"), URL + "old/");
    Payloads.assertSame(payload, copy.resolve("moved"));
  }

  @Test
  void server_that_is_busy_is_asked_again_when_it_says() throws IOException {
    var payload = Payloads.file(complete, "busy.bin", 500_000);
    serve(
        "error_page 503 @busy; location / { if (!-f %s) { return 503; } }"
                .formatted(scratch.resolve("open"))
            + "location @busy { add_header Retry-After 1 always; return 503; }");
    var torrent = create(payload, "v1");
    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed", "--web-seed", URL);
    get.awaitLine(line -> line.contains("status 503, again in 1 s"), SECONDS);
    Files.createFile(scratch.resolve("open"));
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }

  @Test
  void wrong_content_bans_the_server_and_peers_finish_it() throws IOException {
    var payload = Payloads.file(complete, "wrong.bin", 2_000_000);
    var torrent = create(payload, "v1");
    var rotten = Files.createDirectory(scratch.resolve("rotten"));
    Files.write(rotten.resolve("wrong.bin"), new byte[2_000_000]);
    WebServer.start(lab, scratch, SERVER, 8080, rotten, "");
    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed", "--web-seed", URL);
    get.awaitLine(line -> line.contains("\"web_seed\"") && line.contains("\"banned\""), SECONDS);

    var seed = clients.spateSeed(SEED, torrent, complete);
    Clients.awaitSeeding(seed, SECONDS);
    get.kill();
    var again =
        clients.spateGet(
            LEECH,
            torrent,
            copy,
            "--no-seed",
            "--peer",
            SEED + ":" + Clients.PORT,
            "--web-seed",
            URL);

    assertThat(again.awaitExit(SECONDS)).as(again.tail()).isZero();
    assertThat(again.lines())
        .noneMatch(line -> line.contains("sent a bad block") && line.contains(SEED));
    Payloads.assertSame(complete, copy);
  }

  @Test
  void slow_peers_and_a_server_share_the_work() throws IOException {
    var payload = Payloads.file(complete, "shared.bin", 8_000_000);
    var torrent = create(payload, "v1");
    serve("limit_rate 200k;");
    var seed = clients.spateSeed(SEED, torrent, complete, "--up", "60KiB");
    Clients.awaitSeeding(seed, SECONDS);

    var get =
        clients.spateGet(
            LEECH,
            torrent,
            copy,
            "--no-seed",
            "--peer",
            SEED + ":" + Clients.PORT,
            "--web-seed",
            URL);

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
    assertThat(seed.lines()).anyMatch(line -> line.matches(".*\"up_rate\":[1-9].*"));
  }

  @Test
  void server_of_a_stranger_s_torrent_in_our_own_network_gets_no_connection() throws IOException {
    var payload = Payloads.file(complete, "inside.bin", 300_000);
    serve("");
    var torrent = scratch.resolve("inside.torrent");
    var create = clients.spate("create", payload, "-o", torrent, "--web-seed", URL);
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed");
    get.awaitLine(line -> line.contains("\"web_seed\"") && line.contains("\"gone\""), SECONDS);
    assertThat(accessLog()).isEmpty();
  }

  private String accessLog() throws IOException {
    try (var folders = Files.newDirectoryStream(scratch, "nginx*")) {
      var log = folders.iterator().next().resolve("access.log");
      return Files.exists(log) ? Files.readString(log) : "";
    }
  }
}

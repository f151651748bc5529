package org.spate.tracker.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spate.tracker.Tracker;
import org.spate.tracker.TrackerException;
import org.spate.tracker.TrackerRules;
import org.spate.tracker.TrackerSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator asks and is told, over loopback. */
@Timeout(60)
class AdminServerTest {
  private static final String TOKEN = "t".repeat(AdminSettings.TOKEN_LENGTH_MIN);
  private static final String PASSKEY = "0123456789abcdef0123456789abcdef";
  private static final String SWARM = "61".repeat(20);
  private static final String OTHER = "62".repeat(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir private Path folder;
  private final AtomicLong clock = new AtomicLong(1_000_000_000L);
  private Tracker tracker;
  private AdminServer admin;

  private record Reply(int status, String text, HttpResponse<String> whole) {
    JsonNode json() {
      return JsonMapper.shared().readTree(text);
    }
  }

  private static TrackerSettings settings() {
    return TrackerSettings.on(List.of(LOOPBACK), List.of());
  }

  private void start(TrackerSettings settings) {
    stop();
    tracker = Tracker.start(settings, clock::get);
    admin = AdminServer.start(tracker, new AdminSettings(LOOPBACK, TOKEN));
  }

  @BeforeEach
  void start() {
    start(settings());
  }

  @AfterEach
  void stop() {
    if (tracker != null) {
      admin.close();
      tracker.close();
    }
  }

  private Reply ask(String method, String path, String body, String... headers) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + admin.address().getPort() + path);
    var request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    var reply = HTTP.send(request.build(), BodyHandlers.ofString());
    return new Reply(reply.statusCode(), reply.body(), reply);
  }

  private Reply ask(String method, String path) throws Exception {
    return ask(method, "/api/v1/" + path, "", "Authorization", "Bearer " + TOKEN);
  }

  private Reply put(String path, String body) throws Exception {
    return ask(
        "PUT",
        "/api/v1/" + path,
        body,
        "Authorization",
        "Bearer " + TOKEN,
        "Content-Type",
        "application/json");
  }

  private String announce(String path, String letter, long uploaded) throws Exception {
    int port = tracker.httpAddresses().getFirst().getPort();
    var query =
        "?peer_id=-XX0000-000000000000&port=2000&downloaded=7&left=0&uploaded="
            + uploaded
            + "&info_hash="
            + letter.repeat(20);
    var uri = URI.create("http://127.0.0.1:" + port + path + query);
    return HTTP.send(
            HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(StandardCharsets.ISO_8859_1))
        .body();
  }

  private boolean isServed(String path, String letter) throws Exception {
    return announce(path, letter, 0).contains("8:interval");
  }

  @Test
  void nothing_is_told_without_the_token() throws Exception {
    for (var path : List.of("/api/v1/statistics", "/api/v1/users", "/api/v1/nothing", "/api/x")) {
      assertThat(ask("GET", path, "").status()).isEqualTo(401);
      for (var wrong : List.of("Bearer", "Bearer x", "Basic " + TOKEN, "Bearer " + TOKEN + "t")) {
        var reply = ask("GET", path, "", "Authorization", wrong);
        assertThat(reply.status()).as(wrong).isEqualTo(401);
        assertThat(reply.json().get("error").stringValue()).contains("Bearer");
        assertThat(reply.whole.headers().firstValue("www-authenticate")).hasValue("Bearer");
      }
    }
    assertThat(ask("GET", "/api/v1/statistics", "", "Authorization", "bearer " + TOKEN).status())
        .isEqualTo(200);
    assertThat(ask("GET", "statistics").json().at("/counters/refused_admin_token").intValue())
        .isEqualTo(20);
  }

  @Test
  void guessing_is_ended_for_the_rest_of_a_minute() {
    var now = new AtomicLong();
    var check = new TokenCheck(TOKEN, now::get);
    for (int i = 0; i < TokenCheck.WRONG_PER_MINUTE_MAX; i++) {
      assertThat(check.check("Bearer " + i)).isEqualTo(TokenCheck.Outcome.WRONG);
    }
    assertThat(check.check("Bearer " + TOKEN)).isEqualTo(TokenCheck.Outcome.LOCKED);
    now.set(Duration.ofMinutes(1).toNanos());
    assertThat(check.check("Bearer " + TOKEN)).isEqualTo(TokenCheck.Outcome.RIGHT);
    assertThatThrownBy(() -> new AdminSettings(LOOPBACK, "short"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String raw(String text) throws IOException {
    try (var socket = new Socket(LOOPBACK.getAddress(), admin.address().getPort())) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void names_that_anybody_can_own_do_not_lead_here() throws Exception {
    for (var host : List.of("evil.example", "localhost.evil.example", "1.2.3.4.evil.example:1")) {
      assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).startsWith("HTTP/1.1 421 ");
    }
    assertThat(raw("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 421 ");
    for (var host : List.of("localhost", "LOCALHOST:1", "127.0.0.1:6970", "[::1]:6970")) {
      assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void what_is_wrong_is_said_as_json() throws Exception {
    record Case(String method, String path, int status, String text) {}
    for (var c :
        List.of(
            new Case("GET", "", 404, "nothing at this path"),
            new Case("GET", "nothing", 404, "nothing at this path"),
            new Case("GET", "users/a/b", 404, "nothing at this path"),
            new Case("GET", "statistics/x", 404, "nothing at this path"),
            new Case("GET", "torrents/xyz", 400, "forty hexadecimal digits"),
            new Case("GET", "torrents?limit=0", 400, "limit must be from 1 to 1000"),
            new Case("GET", "torrents?limit=1001", 400, "limit must be"),
            new Case("GET", "torrents?after=x", 400, "not a page"),
            new Case("POST", "torrents", 405, "GET"),
            new Case("POST", "statistics", 405, "GET"),
            new Case("POST", "users", 405, "GET"),
            new Case("POST", "torrents/" + SWARM, 405, "PUT"),
            new Case("PUT", "torrents/" + SWARM, 409, "--allow or --deny"),
            new Case("DELETE", "torrents/" + SWARM, 409, "--allow or --deny"),
            new Case("GET", "users", 409, "--users"),
            new Case("PUT", "users/alice", 409, "--users"),
            new Case("DELETE", "users/alice", 409, "--users"))) {
      var reply = ask(c.method, c.path);
      assertThat(reply.status()).as(c.path + " " + reply.text).isEqualTo(c.status);
      assertThat(reply.json().get("error").stringValue()).contains(c.text);
      assertThat(reply.json().get("status").intValue()).isEqualTo(c.status);
    }
    assertThat(
            raw(
                "GET /api/v1/torrents?after=%zz HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: Bearer "
                    + TOKEN
                    + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ").contains("\"error\"");
    var huge = "x".repeat(70_000);
    var reply = put("users/alice", huge);
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.json().get("error").stringValue()).contains("65536 bytes");
  }

  @Test
  void torrents_come_and_go_on_an_allow_list_and_stay_so_after_a_restart() throws Exception {
    var list = Files.writeString(folder.resolve("allow"), "# ours\n" + OTHER); // no line feed
    start(settings().withAllow(list));
    assertThat(isServed("/announce", "a")).isFalse();
    var reply = ask("PUT", "torrents/" + SWARM);
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().get("served").booleanValue()).isTrue();
    assertThat(isServed("/announce", "a")).isTrue();
    assertThat(ask("PUT", "torrents/" + SWARM).status()).isEqualTo(200);
    assertThat(ask("DELETE", "torrents/" + OTHER).status()).isEqualTo(204);
    assertThat(ask("DELETE", "torrents/" + OTHER).status()).isEqualTo(404);
    assertThat(ask("GET", "torrents/" + SWARM).json().get("complete").intValue()).isOne();
    assertThat(Files.readString(list)).isEqualTo("# ours\n" + SWARM + "\n");
    start(settings().withAllow(list));
    assertThat(isServed("/announce", "a")).isTrue();
    assertThat(isServed("/announce", "b")).isFalse();
  }

  @Test
  void with_a_deny_list_a_torrent_that_is_removed_is_listed() throws Exception {
    var list = Files.writeString(folder.resolve("deny"), "");
    start(settings().withDeny(list));
    assertThat(ask("PUT", "torrents/" + SWARM).status()).isEqualTo(200); // was served anyway
    assertThat(ask("DELETE", "torrents/" + SWARM).status()).isEqualTo(204);
    assertThat(isServed("/announce", "a")).isFalse();
    assertThat(ask("PUT", "torrents/" + SWARM).status()).isEqualTo(201);
    assertThat(isServed("/announce", "a")).isTrue();
    assertThat(Files.readString(list)).isEmpty();
  }

  /** All pages, from the first to the last. */
  private List<JsonNode> pages(String path, String name) throws Exception {
    var items = new ArrayList<JsonNode>();
    for (var next = ""; next != null; ) {
      var page = ask("GET", path + next).json();
      page.get(name).forEach(items::add);
      next = page.get("next").isNull() ? null : "&after=" + page.get("next").stringValue();
    }
    return items;
  }

  @Test
  void torrents_are_listed_page_by_page_whichever_thread_has_them() throws Exception {
    start(settings().withThreadCount(3));
    for (char letter = 'a'; letter <= 'k'; letter++) {
      announce("/announce", String.valueOf(letter), 0);
    }
    assertThat(pages("torrents?limit=2", "torrents"))
        .hasSize(11)
        .doesNotHaveDuplicates()
        .allMatch(torrent -> torrent.get("complete").intValue() == 1);
    var list = Files.writeString(folder.resolve("allow"), OTHER + "\n" + SWARM + "\n");
    start(settings().withAllow(list).withThreadCount(2));
    announce("/announce", "a", 0);
    assertThat(pages("torrents?limit=1", "torrents"))
        .extracting(torrent -> torrent.get("complete").intValue())
        .containsExactly(1, 0);
  }

  @Test
  void users_come_get_their_passkey_and_go() throws Exception {
    var list = Files.writeString(folder.resolve("users"), "bob " + PASSKEY + " by mail\n");
    start(settings().withRules(TrackerRules.OPEN.withPasses(list, null)));
    var reply = ask("PUT", "users/alice");
    assertThat(reply.status()).isEqualTo(201);
    var path = reply.json().get("announce_path").stringValue();
    assertThat(path).matches("/[0-9a-f]{32}/announce");
    assertThat(isServed(path, "a")).isTrue();
    assertThat(put("users/alice", "{\"passkey\":\"my-own-passkey-is-this\"}").status())
        .isEqualTo(200);
    assertThat(isServed(path, "a")).isFalse();
    assertThat(isServed("/my-own-passkey-is-this/announce", "a")).isTrue();
    assertThat(pages("users?limit=1", "users"))
        .extracting(user -> user.get("name").stringValue())
        .containsExactly("alice", "bob");
    assertThat(ask("GET", "users").text).doesNotContain(PASSKEY);
    assertThat(ask("DELETE", "users/alice").status()).isEqualTo(204);
    assertThat(ask("DELETE", "users/alice").status()).isEqualTo(404);
    assertThat(isServed("/my-own-passkey-is-this/announce", "a")).isFalse();
    assertThat(Files.readString(list)).isEqualTo("bob " + PASSKEY + " by mail\n");
    for (var body :
        List.of("[]", "{\"passkey\":5}", "{\"pass\":\"x\"}", "{\"passkey\":\"short\"}", "{", "1")) {
      assertThat(put("users/alice", body).status()).as(body).isEqualTo(400);
    }
    assertThat(ask("PUT", "users/a.b").status()).isEqualTo(400);
    assertThat(ask("GET", "users/nobody").json().get("error").stringValue()).contains("nobody");
  }

  @Test
  void what_users_have_moved_is_told_and_outlives_the_tracker() throws Exception {
    var list = Files.writeString(folder.resolve("users"), "bob " + PASSKEY + "\n");
    var kept =
        settings()
            .withRules(TrackerRules.OPEN.withPasses(list, null))
            .withSnapshot(
                new TrackerSettings.Snapshot(folder.resolve("peers"), Duration.ofHours(1)));
    start(kept.withThreadCount(3));
    announce("/" + PASSKEY + "/announce", "a", 0);
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    announce("/" + PASSKEY + "/announce", "a", 700);
    for (int threads = 3; threads >= 1; threads--) {
      var user = ask("GET", "users/bob").json();
      assertThat(user.get("uploaded").longValue()).isEqualTo(700);
      assertThat(user.get("ratio").isNull()).isTrue();
      assertThat(user.at("/accounts/0/info_hash").stringValue()).isEqualTo(SWARM);
      assertThat(ask("GET", "statistics").json().get("accounts").intValue()).isOne();
      start(kept.withThreadCount(threads));
    }
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    announce("/" + PASSKEY + "/announce", "a", 800); // the same run of the client goes on
    assertThat(ask("GET", "users/bob").json().get("uploaded").longValue()).isEqualTo(800);
    ask("DELETE", "users/bob");
    assertThat(ask("GET", "statistics").json().get("accounts").intValue()).isZero();
  }

  @Test
  void the_page_is_whole_in_itself_and_lets_nothing_else_in() throws Exception {
    for (var path : List.of("/", "/status.css", "/status.js")) {
      var reply = ask("GET", path, "");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text).doesNotContain("http://").doesNotContain("https://");
      assertThat(reply.text).doesNotContain("innerHTML");
      assertThat(reply.whole.headers().firstValue("content-security-policy").orElseThrow())
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(reply.whole.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    }
    for (var path : List.of("/status.html", "/..%2f", "/%2e%2e/pom.xml", "//etc/passwd", "/x")) {
      assertThat(ask("GET", path, "").status()).as(path).isEqualTo(404);
    }
    assertThat(ask("POST", "/", "").status()).isEqualTo(405);
  }

  @Test
  void an_address_that_is_taken_is_named() {
    var taken = new AdminSettings(admin.address(), TOKEN);
    assertThatThrownBy(() -> AdminServer.start(tracker, taken))
        .isInstanceOf(TrackerException.class)
        .hasMessageContaining(String.valueOf(admin.address().getPort()));
  }
}

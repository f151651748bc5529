package org.spate.tracker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spate.core.tracker.Count;

/** HTTP as it arrives on the wire: pipelined, cut up, broken, too long. */
@Timeout(60)
class HttpFrontTest {
  private static final String ANNOUNCE =
      "/announce?info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb&port=";

  private Tracker tracker;
  private InetSocketAddress http;

  @BeforeEach
  void start() {
    tracker = Tracker.start(Clients.settings().withConnectionCountMax(3));
    http = tracker.httpAddresses().getFirst();
  }

  @AfterEach
  void close() {
    tracker.close();
  }

  private static String get(String target, String connection) {
    return "GET " + target + " HTTP/1.1\r\nHost: t\r\nConnection: " + connection + "\r\n\r\n";
  }

  private static long responses(String text) {
    return Pattern.compile("HTTP/1.1 \\d+").matcher(text).results().count();
  }

  @Test
  void pipelined_requests_are_answered_in_their_order() throws IOException {
    var answers =
        Clients.raw(
            http,
            get(ANNOUNCE + 1001, "keep-alive")
                + get("/nothing", "keep-alive")
                + get(ANNOUNCE + 0, "keep-alive")
                + get("/stats", "close"));
    assertThat(responses(answers)).isEqualTo(4);
    assertThat(answers).matches("(?s).*8:interval.*not found.*port 0 cannot.*uptime_seconds.*");
  }

  @Test
  void a_connection_serves_many_requests_until_it_is_told_to_close() throws IOException {
    var many = get(ANNOUNCE + 1001, "keep-alive").repeat(2000) + get("/stats", "close");
    assertThat(responses(Clients.raw(http, many))).isEqualTo(2001);
    assertThat(Clients.count(tracker, Count.HTTP_ANNOUNCES)).isEqualTo(2000);
  }

  @Test
  void a_request_may_come_byte_by_byte() throws IOException {
    try (var socket = new Socket(http.getAddress(), http.getPort())) {
      socket.setTcpNoDelay(true);
      for (var c : get(ANNOUNCE + 1001, "close").toCharArray()) {
        socket.getOutputStream().write(c);
      }
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .contains("8:interval");
    }
  }

  @Test
  void what_is_too_long_is_refused_and_ends_the_connection() throws IOException {
    var header = "GET / HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n";
    assertThat(Clients.raw(http, get("/" + "x".repeat(20_000), "keep-alive")))
        .startsWith("HTTP/1.1 431");
    assertThat(Clients.raw(http, header)).startsWith("HTTP/1.1 431");
    assertThat(Clients.count(tracker, Count.REFUSED_HTTP_TOO_LARGE)).isEqualTo(2);
  }

  @Test
  void a_query_beyond_its_bound_is_told_so() throws IOException {
    assertThat(Clients.raw(http, get("/announce?x=" + "x".repeat(9_000), "close")))
        .endsWith("d14:failure reason14:query too longe");
  }

  @Test
  void bodies_are_not_read() throws IOException {
    for (var headers :
        new String[] {
          "Content-Length: 5\r\n\r\nhello",
          "Content-Length: 99999999999999999999\r\n\r\n",
          "Content-Length: -1\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
          "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
              + get("/stats", "close")
        }) {
      var answer = Clients.raw(http, "GET /stats HTTP/1.1\r\nHost: t\r\n" + headers);
      assertThat(answer).as(headers).startsWith("HTTP/1.1 4");
      assertThat(responses(answer)).as(headers).isOne();
    }
  }

  @Test
  void other_methods_and_garbage_end_the_connection() throws IOException {
    assertThat(Clients.raw(http, "DELETE /stats HTTP/1.1\r\nHost: t\r\n\r\n"))
        .startsWith("HTTP/1.1 405");
    assertThat(Clients.raw(http, "\0\1\2\3 \r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(Clients.count(tracker, Count.REFUSED_HTTP_METHOD)).isOne();
    assertThat(Clients.count(tracker, Count.REFUSED_HTTP_MALFORMED)).isOne();
  }

  @Test
  void head_gets_the_headers_alone_and_http_1_0_a_closed_connection() throws IOException {
    assertThat(Clients.raw(http, "HEAD /stats HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200")
        .endsWith("\r\n\r\n");
    assertThat(Clients.raw(http, "GET " + ANNOUNCE + "1001 HTTP/1.0\r\n\r\n"))
        .contains("8:interval");
  }

  @Test
  void addresses_in_headers_are_not_believed() throws IOException {
    var forwarded =
        get(ANNOUNCE + 1001, "close").replace("Host:", "X-Forwarded-For: 203.0.113.9\r\nHost:");
    assertThat(Clients.raw(http, forwarded)).contains("11:external ip4:\u007f\0\0\1");
  }

  @Test
  void a_named_proxy_is_believed_about_where_a_request_came_from() throws IOException {
    var trusting =
        Clients.settings().withProxies(TrustedProxies.of(List.of("127.0.0.0/8", "10.9.9.9")));
    try (var behindProxy = Tracker.start(trusting)) {
      record Case(String forwardedFor, String externalIp) {}
      for (var c :
          List.of(
              new Case("65.66.67.68", "4:ABCD"),
              new Case("1.1.1.1, 65.66.67.68, 10.9.9.9", "4:ABCD"),
              new Case("4142:4344:4546:4748:494a:4b4c:4d4e:4f50", "16:ABCDEFGHIJKLMNOP"),
              new Case("somebody", "4:\u007f\0\0\1"))) {
        var request =
            get(ANNOUNCE + 1001, "close")
                .replace("Host:", "X-Forwarded-For: " + c.forwardedFor + "\r\nHost:");
        assertThat(Clients.raw(behindProxy.httpAddresses().getFirst(), request))
            .as(c.forwardedFor)
            .contains("11:external ip" + c.externalIp);
      }
    }
  }

  @Test
  void answers_that_come_from_another_thread_keep_their_order() throws IOException {
    try (var threaded = Tracker.start(Clients.settings().withThreadCount(3))) {
      var requests = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        requests.append(
            get(ANNOUNCE.replace("aaaa", "%00%00%00%0" + i % 6) + (1000 + i), "keep-alive"));
        requests.append(get("/missing" + i, "keep-alive"));
      }
      var answers =
          Clients.raw(threaded.httpAddresses().getFirst(), requests + get("/stats", "close"));
      assertThat(answers.replaceAll("(?s)HTTP/1.1 (\\d+).*?(?=HTTP/1.1|$)", "$1 ").strip())
          .isEqualTo("200 404 ".repeat(60) + "200");
      assertThat(answers).contains("\"peers\":60,");
    }
  }

  @Test
  void connections_beyond_the_bound_are_closed_at_once() throws IOException {
    try (var first = connect();
        var second = connect();
        var third = connect();
        var fourth = connect()) {
      for (var socket : List.of(first, second, third, fourth)) {
        socket.getOutputStream().write('G');
      }
      assertThat(fourth.getInputStream().read()).isEqualTo(-1);
      assertThat(Clients.count(tracker, Count.REFUSED_HTTP_TOO_MANY_CONNECTIONS)).isOne();
    }
  }

  @Test
  void who_has_connected_and_says_nothing_takes_a_place_soon() throws IOException {
    try (var first = connect();
        var second = connect();
        var third = connect();
        var fourth = connect()) {
      Await.until(
          "one is put out",
          () -> Clients.count(tracker, Count.REFUSED_HTTP_TOO_MANY_CONNECTIONS) == 1);
    }
  }

  @Test
  void a_request_for_the_end_of_its_connection_is_answered_whatever_comes_behind_it()
      throws IOException {
    for (var rest : List.of("", "x", get(ANNOUNCE + 1002, "close"))) {
      var answer = Clients.raw(http, get(ANNOUNCE + 1001, "close") + rest);
      assertThat(responses(answer)).as(rest).isOne();
      assertThat(answer).contains("connection: close\r\n").contains("8:interval");
    }
  }

  @Test
  void answers_that_come_from_another_thread_find_their_connections() throws IOException {
    try (var threaded = Tracker.start(Clients.settings().withThreadCount(3))) {
      for (int i = 0; i < 60; i++) {
        var request = get(ANNOUNCE.replace("aaaa", "%00%00%00%0" + i % 6) + (1000 + i), "close");
        assertThat(Clients.raw(threaded.httpAddresses().getFirst(), request))
            .contains("8:interval");
      }
      assertThat(Clients.statistics(threaded).holdings().peers()).isEqualTo(60);
    }
  }

  @Test
  void who_hangs_up_before_it_is_heard_disturbs_nobody() throws IOException {
    for (int i = 0; i < 50; i++) {
      try (var socket = new Socket(http.getAddress(), http.getPort())) {
        socket.getOutputStream().write(get(ANNOUNCE + 1001, "close").getBytes(US_ASCII));
        socket.setSoLinger(true, 0);
      }
    }
    assertThat(Clients.raw(http, get(ANNOUNCE + 1001, "close"))).contains("8:interval");
  }

  @Test
  void a_client_is_known_by_its_address_of_either_family() throws IOException {
    var settings = TrackerSettings.on(List.of(Clients.v4(0), Clients.v6(0)), List.of());
    try (var both = Tracker.start(settings)) {
      var addresses = both.httpAddresses();
      assertThat(Clients.raw(addresses.get(0), get(ANNOUNCE + 1001, "close")))
          .contains("11:external ip4:\u007f\0\0\1");
      assertThat(Clients.raw(addresses.get(1), get(ANNOUNCE + 1001, "close")))
          .contains("11:external ip16:" + "\0".repeat(15) + "\1");
    }
  }

  @Test
  void an_answer_longer_than_most_comes_whole() throws IOException {
    var trusting = Clients.settings().withProxies(TrustedProxies.of(List.of("127.0.0.1")));
    try (var behindProxy = Tracker.start(trusting)) {
      var at = behindProxy.httpAddresses().getFirst();
      var answer = "";
      for (int i = 0; i < 210; i++) {
        var target = ANNOUNCE + (1_000 + i) + "&compact=0&numwant=200";
        var from = "X-Forwarded-For: 2001:db8:1234:5678:9abc:def0:1234:" + (1_000 + i);
        var id = "%020d".formatted(i);
        var request = get(target, "close").replace("Host:", from + "\r\nHost:");
        answer = Clients.raw(at, request.replace("bbbbbbbbbbbbbbbbbbbb", id));
      }
      assertThat(answer).hasSizeGreaterThan(10_000);
      assertThat(Pattern.compile("4:port").matcher(answer).results().count()).isEqualTo(200);
    }
  }

  @Test
  void connections_of_an_address_beyond_its_bound_are_closed_unless_it_is_a_proxy()
      throws IOException {
    var few = Clients.settings().withConnectionCountPerAddressMax(1);
    for (boolean isProxy : new boolean[] {false, true}) {
      var proxies = TrustedProxies.of(isProxy ? List.of("127.0.0.1") : List.of());
      try (var bounded = Tracker.start(few.withProxies(proxies))) {
        var at = bounded.httpAddresses().getFirst();
        for (int round = 0; round < 2; round++) {
          try (var first = new Socket(at.getAddress(), at.getPort())) {
            first.setSoTimeout(Clients.TIMEOUT_MILLIS);
            first.getOutputStream().write(get("/stats", "keep-alive").getBytes(US_ASCII));
            assertThat(first.getInputStream().read()).isEqualTo('H');
            assertThat(isServed(at)).isEqualTo(isProxy);
          }
          Await.until("the slot is free", () -> isServed(at));
        }
      }
    }
  }

  private static boolean isServed(InetSocketAddress at) {
    try {
      return responses(Clients.raw(at, get("/stats", "close"))) == 1;
    } catch (IOException e) {
      return false;
    }
  }

  private Socket connect() throws IOException {
    var socket = new Socket(http.getAddress(), http.getPort());
    socket.setSoTimeout(Clients.TIMEOUT_MILLIS);
    return socket;
  }
}

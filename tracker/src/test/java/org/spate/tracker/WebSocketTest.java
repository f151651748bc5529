package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Hash160;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.tracker.Accounts.Balance;
import org.spate.core.tracker.Count;
import tools.jackson.databind.JsonNode;

/** Peers that meet over WebSockets on loopback. */
@Timeout(60)
class WebSocketTest {
  private static final Hash160 SWARM = Clients.SWARM;

  @TempDir private Path folder;
  private Tracker tracker = Clients.start();

  @AfterEach
  void close() {
    tracker.close();
  }

  private InetSocketAddress http() {
    return tracker.httpAddresses().getFirst();
  }

  private WebSocketClient connect(String name) {
    return WebSocketClient.connect(http(), name);
  }

  private void restart(TrackerSettings settings) {
    tracker.close();
    tracker = Tracker.start(settings);
  }

  private long count(Count count) {
    return Clients.count(tracker, count);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void an_offer_reaches_a_peer_and_its_answer_comes_back(int threads) {
    restart(Clients.settings().withThreadCount(threads));
    // Of a swarm for each loop, from connections of each.
    for (int high = 0; high < threads; high++) {
      var swarm = new Hash160((long) high << 32, 1, 1);
      try (var alice = connect("alice");
          var bob = connect("bob")) {
        var first = alice.ask(alice.announce(swarm, 5).put("event", "started"));
        assertThat(first.get("action").asString()).isEqualTo("announce");
        assertThat(first.get("info_hash").asString()).isEqualTo(WebSocketClient.latin1(swarm));
        assertThat(first.get("interval").asInt()).isEqualTo(120);
        assertThat(first.get("incomplete").asInt()).isEqualTo(1);

        assertThat(bob.ask(bob.announce(swarm, 5)).get("incomplete").asInt()).isEqualTo(2);
        var offer = alice.receive();
        assertThat(offer.at("/offer/type").asString()).isEqualTo("offer");
        assertThat(offer.at("/offer/sdp").asString()).isEqualTo("from " + bob.peerId + " 0");
        assertThat(offer.get("peer_id").asString()).isEqualTo(bob.peerId);
        assertThat(offer.get("offer_id").asString()).isEqualTo(WebSocketClient.offerId(0));

        alice.send(alice.answer(offer, "yes").put("info_hash", WebSocketClient.latin1(swarm)));
        var answer = bob.receive();
        assertThat(answer.at("/answer/sdp").asString()).isEqualTo("yes");
        assertThat(answer.get("peer_id").asString()).isEqualTo(alice.peerId);
        assertThat(answer.get("offer_id").asString()).isEqualTo(WebSocketClient.offerId(0));
      }
    }
    assertThat(count(Count.WEBSOCKET_OFFERS)).isEqualTo(threads);
    assertThat(count(Count.WEBSOCKET_ANSWERS)).isEqualTo(threads);
  }

  private static int complete(JsonNode reply) {
    return reply.get("complete").asInt();
  }

  @Test
  void a_peer_completes_and_stops() {
    try (var alice = connect("alice")) {
      assertThat(complete(alice.ask(alice.announce(SWARM, 0)))).isZero();
      var completed = alice.announce(SWARM).put("event", "completed").put("left", 0);
      assertThat(complete(alice.ask(completed))).isEqualTo(1);
      var scrape = WebSocketClient.JSON.createObjectNode().put("action", "scrape");
      scrape.put("info_hash", WebSocketClient.latin1(SWARM));
      var files = alice.ask(scrape).get("files").get(WebSocketClient.latin1(SWARM));
      assertThat(files.get("complete").asInt()).isEqualTo(1);
      assertThat(files.get("downloaded").asInt()).isEqualTo(1);

      var stopped = alice.announce(SWARM).put("event", "stopped");
      assertThat(complete(alice.ask(stopped))).isZero();
      assertThat(Clients.statistics(tracker).webSocket().torrents()).isZero();
      alice.ask(stopped);
      assertThat(count(Count.EVENTS_OUT_OF_ORDER)).isEqualTo(1);
      assertThat(count(Count.EVENTS_STOPPED)).isEqualTo(2);
    }
  }

  @Test
  void a_peer_is_gone_when_its_socket_closes() {
    try (var bob = connect("bob")) {
      try (var alice = connect("alice")) {
        alice.ask(alice.announce(SWARM, 0));
        assertThat(bob.ask(bob.announce(SWARM, 0)).get("incomplete").asInt()).isEqualTo(2);
      }
      while (Clients.statistics(tracker).webSocket().connections() > 1) {
        Thread.onSpinWait();
      }
      assertThat(bob.ask(bob.announce(SWARM, 5)).get("incomplete").asInt()).isEqualTo(1);
    }
  }

  @Test
  void a_websocket_peer_finds_websocket_peers_only() {
    Clients.announceHttp(http(), Clients.request(1, 1001));
    try (var alice = connect("alice")) {
      assertThat(alice.ask(alice.announce(SWARM, 5)).get("incomplete").asInt()).isEqualTo(1);
      var reply = (AnnounceReply) Clients.announceHttp(http(), Clients.request(2, 1002));
      assertThat(reply.peers()).hasSize(1);
    }
    var metrics = new String(Clients.get(http(), "/metrics").body(), StandardCharsets.UTF_8);
    assertThat(metrics)
        .contains("spate_tracker_websocket_connections ")
        .contains("spate_tracker_events_total{kind=\"websocket_announces\"} 1\n");
  }

  @Test
  void nobody_is_sent_an_answer_to_an_offer_that_was_not_handed_over() {
    try (var alice = connect("alice");
        var bob = connect("bob");
        var eve = connect("eve")) {
      eve.ask(eve.announce(SWARM, 0));
      alice.ask(alice.announce(SWARM, 0));
      bob.ask(bob.announce(SWARM, 1).put("numwant", 5));
      // One of the two got bob's offer; the other answers it.
      var handed = alice.ask(alice.announce(SWARM, 0));
      boolean isAlices = handed.has("offer");
      var offer = isAlices ? handed : eve.receive();
      var stranger = isAlices ? eve : alice;
      stranger.send(stranger.answer(offer, "me!"));
      stranger.ask(stranger.announce(SWARM, 0));
      assertThat(count(Count.REFUSED_WEBSOCKET_ANSWERS)).isEqualTo(1);
      assertThat(count(Count.WEBSOCKET_ANSWERS)).isZero();
    }
  }

  @Test
  void swarms_that_are_not_served_have_no_peers() throws IOException {
    var list = folder.resolve("deny");
    Files.writeString(list, SWARM + "\n");
    restart(Clients.settings().withDeny(list));
    try (var alice = connect("alice")) {
      var reply = alice.ask(alice.announce(SWARM, 1));
      assertThat(reply.get("failure reason").asString()).contains("does not serve");
      assertThat(reply.get("info_hash").asString()).isEqualTo(WebSocketClient.latin1(SWARM));
      assertThat(count(Count.REFUSED_NOT_ALLOWED)).isEqualTo(1);
    }
  }

  @Test
  void a_private_tracker_wants_a_passkey_in_the_path_and_puts_out_who_loses_it()
      throws IOException {
    var users =
        Files.writeString(folder.resolve("users"), "alice 0123456789abcdef0123456789abcdef\n");
    restart(Clients.settings().withRules(TrackerRules.OPEN.withPasses(users, null)));
    try (var alice =
            WebSocketClient.connect(http(), "/0123456789abcdef0123456789abcdef/announce", "alice");
        var eve = connect("eve")) {
      assertThat(alice.ask(alice.announce(SWARM, 1)).get("incomplete").asInt()).isEqualTo(1);
      var reason = eve.ask(eve.announce(SWARM, 1)).get("failure reason");
      assertThat(reason.asString()).contains("personal announce URL");
      assertThat(count(Count.REFUSED_NO_PASS)).isEqualTo(1);

      Files.writeString(users, "bob abcdef0123456789abcdef0123456789\n");
      while (!alice.ask(alice.announce(SWARM, 1)).has("failure reason")) {
        Thread.onSpinWait();
      }
      assertThat(Clients.statistics(tracker).webSocket().leechers()).isZero();
    }
  }

  @Test
  void what_a_user_moves_is_booked_for_it() throws IOException {
    var users = Files.writeString(folder.resolve("users"), "alice 0123456789abcdef\n");
    restart(Clients.settings().withRules(TrackerRules.OPEN.withPasses(users, null)));
    try (var alice = WebSocketClient.connect(http(), "/0123456789abcdef/announce", "alice")) {
      for (int moved = 0; moved <= 500; moved += 250) {
        alice.ask(alice.announce(SWARM, 0).put("uploaded", moved).put("downloaded", moved / 5.0));
      }
      alice.ask(alice.announce(SWARM, 0).put("uploaded", -5).put("downloaded", "much"));
      Await.until(
          "the account",
          () ->
              tracker
                  .operations()
                  .user("alice")
                  .orElseThrow()
                  .balance()
                  .equals(new Balance(500, 100, 1)));
    }
  }

  @Test
  void who_keeps_sending_rubbish_is_put_out() {
    try (var eve = connect("eve")) {
      for (int i = 1; i < WebSocketConnection.MALFORMED_MAX; i++) {
        eve.send("{\"action\":\"dance\"}");
        assertThat(eve.receive().get("failure reason").asString()).isNotEmpty();
      }
      eve.send("[".repeat(1_000));
      eve.awaitEnd();
      assertThat(eve.closeStatus).isEqualTo(1008);
      assertThat(count(Count.REFUSED_WEBSOCKET_MALFORMED))
          .isEqualTo(WebSocketConnection.MALFORMED_MAX);
    }
  }

  @Test
  void a_message_has_a_bound() {
    try (var eve = connect("eve")) {
      eve.send(" ".repeat(WebTorrentReader.MESSAGE_BYTES_MAX) + "{}");
      eve.awaitEnd();
      assertThat(eve.closeStatus).isEqualTo(1009);
    }
    try (var eve = connect("eve")) {
      var half = " ".repeat(WebTorrentReader.MESSAGE_BYTES_MAX / 2 + 1);
      eve.socket().sendText(half, false).join();
      eve.socket().sendText(half, true).join();
      eve.awaitEnd();
      assertThat(eve.closeStatus).isEqualTo(1009);
    }
    assertThat(count(Count.REFUSED_WEBSOCKET_TOO_LARGE)).isEqualTo(2);
  }

  @Test
  void only_text_is_understood() {
    try (var eve = connect("eve")) {
      eve.socket().sendBinary(ByteBuffer.wrap(new byte[] {'{', '}'}), true).join();
      eve.awaitEnd();
      assertThat(eve.closeStatus).isEqualTo(1003);
      assertThat(count(Count.REFUSED_WEBSOCKET_PROTOCOL)).isEqualTo(1);
    }
  }

  private static final String REQUEST =
      """
      GET /announce HTTP/1.1\r
      Host: t\r
      Connection: keep-alive, Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      \r
      """;

  @ParameterizedTest
  @CsvSource({
    "81023132, not masked",
    "c18200000000ffff, an extension",
    "818200000000ffff, not UTF-8",
    "838200000000ffff, an unknown kind",
    "09fe007f00000000, a ping of many parts",
  })
  void who_breaks_the_rules_of_websockets_is_put_out(String hex, String what) throws IOException {
    var frame = new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    var answer = Clients.raw(http(), REQUEST + frame);
    assertThat(answer)
        .as(what)
        .startsWith("HTTP/1.1 101 ")
        // The example of RFC 6455, section 1.3.
        .contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    assertThat(count(Count.REFUSED_WEBSOCKET_PROTOCOL)).as(what).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Version: 13, Version: 8, 400",
    "c2FtcGxlIG5vbmNlPQ==, c2FtcGxlIG5vbmNl, 101",
    "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZQ==, 400",
    "dGhlIHNhbXBsZSBub25jZQ==, no key, 400",
    "GET /announce, GET /metrics, 404",
    "GET /announce, HEAD /announce, 404",
    "Upgrade: websocket, Upgrade: h2c, 200",
  })
  void a_handshake_that_is_not_right_is_refused(String part, String instead, int status)
      throws IOException {
    var request = REQUEST.replace(part, instead).replace("keep-alive", "close");
    var ending = status == 101 ? "\u0088\u0080\0\0\0\0" : "";
    assertThat(
            Clients.raw(
                http(),
                request.replace("Connection: close, Upgrade", "Connection: close") + ending))
        .startsWith("HTTP/1.1 " + status + " ");
    assertThat(count(Count.REFUSED_WEBSOCKET_HANDSHAKE)).isEqualTo(status >= 400 ? 1 : 0);
  }

  @Test
  void websockets_have_bounds_in_all_and_for_each_address() {
    restart(Clients.settings().withWebSocket(new WebSocketSettings(120, 2, 1)));
    try (var _ = connect("alice")) {
      assertThatThrownBy(() -> connect("bob")).isInstanceOf(CompletionException.class);
      assertThat(count(Count.REFUSED_WEBSOCKET_TOO_MANY_OF_ADDRESS)).isEqualTo(1);
    }
    restart(Clients.settings().withWebSocket(new WebSocketSettings(120, 1, 1)));
    try (var _ = connect("alice")) {
      assertThatThrownBy(() -> connect("bob")).isInstanceOf(CompletionException.class);
      assertThat(count(Count.REFUSED_WEBSOCKET_TOO_MANY_CONNECTIONS)).isEqualTo(1);
    }
    while (Clients.statistics(tracker).webSocket().connections() > 0) {
      Thread.onSpinWait();
    }
    connect("carol").close();
  }

  @Test
  void a_websocket_takes_no_place_of_a_connection_of_http() {
    restart(Clients.settings().withConnectionCountMax(2));
    try (var alice = connect("alice");
        var bob = connect("bob");
        var carol = connect("carol")) {
      alice.ask(alice.announce(SWARM, 0));
      bob.ask(bob.announce(SWARM, 0));
      assertThat(carol.ask(carol.announce(SWARM, 0)).get("incomplete").asInt()).isEqualTo(3);
    }
  }

  @Test
  void without_websockets_a_handshake_is_an_ordinary_request() throws IOException {
    restart(Clients.settings().withWebSocket(new WebSocketSettings(120, 0, 1)));
    assertThat(Clients.raw(http(), REQUEST.replace("keep-alive, Upgrade", "close")))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void they_are_served_over_tls_as_well() throws Exception {
    var certificate = Certificates.selfSigned(folder);
    restart(Clients.settings().withHttps(java.util.List.of(Clients.v4(0)), certificate.settings()));
    var client = HttpClient.newBuilder().sslContext(certificate.trusting()).build();
    try (var alice =
        WebSocketClient.connect(client, "wss", tracker.httpsAddresses().getFirst(), "alice")) {
      assertThat(alice.ask(alice.announce(SWARM, 3)).get("incomplete").asInt()).isEqualTo(1);
    }
  }
}

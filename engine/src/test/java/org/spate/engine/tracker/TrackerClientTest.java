package org.spate.engine.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerResponse;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.crypto.EncryptionMode;
import org.spate.engine.net.Binding;
import org.spate.engine.net.NameResolver;
import org.spate.engine.net.Network;
import org.spate.engine.net.NetworkSettings;

/** Announces to trackers on loopback, good and hostile ones (threats 40, 41, 43-45, 47). */
class TrackerClientTest {
  private static final AnnounceRequest REQUEST =
      new AnnounceRequest(
          Hash160.sha1(new byte[1], 0, 1),
          new PeerId(Hash160.sha1(new byte[2], 0, 2)),
          6881,
          1,
          2,
          3,
          AnnounceEvent.STARTED,
          50,
          7);
  private static final byte[] GOOD =
      "d8:completei5e10:incompletei6e8:intervali900e5:peers6:\u0001\u0002\u0003\u0004\u0000Pe"
          .getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] GOOD_V6 =
      "d8:completei5e10:incompletei6e8:intervali900e6:peers618:0123456789abcdef\u0000Pe"
          .getBytes(StandardCharsets.ISO_8859_1);

  private Network network;
  private TrackerClient client;
  private HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();

  @BeforeEach
  void begin() throws IOException {
    network =
        new Network(
            new NetworkSettings(
                Binding.to(null),
                0,
                1,
                true,
                10,
                10,
                TimeUnit.SECONDS.toNanos(1),
                true,
                false,
                EncryptionMode.OFF,
                null,
                false,
                0,
                0));
    client = new TrackerClient(network, false, "Spate/test");
    server = HttpServer.create(loopback(), 0);
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
    network.close(TimeUnit.SECONDS.toNanos(1));
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private TrackerResponse announce(String url) throws Exception {
    return announce(client, url);
  }

  private TrackerResponse announce(TrackerClient by, String url) throws Exception {
    var answer = new CompletableFuture<TrackerResponse>();
    var loop = network.nextLoop();
    by.announce(
        url,
        REQUEST,
        loop,
        response -> {
          loop.assertCurrent();
          answer.complete(response);
        });
    return answer.get(40, TimeUnit.SECONDS);
  }

  private String url(String target) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + target;
  }

  interface Page {
    void serve(HttpExchange exchange) throws IOException;
  }

  private void serve(String path, Page page) {
    server.createContext(
        path,
        exchange -> {
          asked.incrementAndGet();
          page.serve(exchange);
          exchange.close();
        });
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] gzipped(byte[] bytes, int times) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      for (int i = 0; i < times; i++) {
        gzip.write(bytes);
      }
    }
    return out.toByteArray();
  }

  private static String failure(TrackerResponse response) {
    assertThat(response).isInstanceOf(TrackerFailure.class);
    return ((TrackerFailure) response).reason();
  }

  private static void assertGood(TrackerResponse response) {
    assertThat(response)
        .isEqualTo(AnnounceReply.of(900, 5, 6, List.of(Endpoint.of(new byte[] {1, 2, 3, 4}, 80))));
  }

  @Test
  void a_tracker_with_addresses_of_both_families_is_told_over_both() throws Exception {
    var v4 = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    var v6 = InetAddress.ofLiteral("::1");
    var other = HttpServer.create(new InetSocketAddress(v6, server.getAddress().getPort()), 0);
    other.createContext(
        "/announce",
        exchange -> {
          asked.incrementAndGet();
          send(exchange, 200, GOOD_V6);
          exchange.close();
        });
    other.start();
    serve("/announce", exchange -> send(exchange, 200, GOOD));
    var names = names(_ -> List.of(v6, v4));
    var dual = new TrackerClient(network, false, "Spate/test", names);
    try {
      var url = "http://tracker.example:" + server.getAddress().getPort() + "/announce";
      var reply = (AnnounceReply) announce(dual, url);
      assertThat(reply.peers()).extracting(Endpoint::isV4).containsExactlyInAnyOrder(false, true);
      assertThat(asked).hasValue(2);
    } finally {
      other.stop(0);
    }
  }

  private NameResolver names(Function<String, List<InetAddress>> lookUp) {
    return new NameResolver(network.transport(), lookUp, List::of);
  }

  @Test
  void the_address_that_was_judged_is_the_one_that_is_asked() throws Exception {
    serve("/announce", exchange -> send(exchange, 200, GOOD));
    serve("/admin", exchange -> send(exchange, 200, GOOD));
    var lookUps = new AtomicInteger();
    // The second answer would be another (DNS rebinding).
    var names =
        names(
            _ ->
                lookUps.getAndIncrement() == 0
                    ? List.of(InetAddress.getLoopbackAddress())
                    : List.of());
    var rebound = new TrackerClient(network, false, "Spate/test", names);
    var host = "http://tracker.example:" + server.getAddress().getPort();

    assertGood(announce(rebound, host + "/announce"));
    assertThat(lookUps).hasValue(1);
    lookUps.set(0);
    assertThat(failure(announce(rebound, host + "/admin?x=1"))).contains("local");
    assertThat(asked).hasValue(1);
  }

  @Test
  void http_announce_is_answered() throws Exception {
    serve(
        "/announce",
        exchange -> {
          assertThat(exchange.getRequestURI().getRawQuery()).contains("event=started", "left=3");
          assertThat(exchange.getRequestHeaders().getFirst("User-Agent")).isEqualTo("Spate/test");
          send(exchange, 200, GOOD);
        });
    assertGood(announce(url("/announce")));
  }

  @Test
  void compressed_answer_is_read() throws Exception {
    serve(
        "/announce",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          send(exchange, 200, gzipped(GOOD, 1));
        });
    assertGood(announce(url("/announce")));
  }

  @Test
  void refusal_with_a_status_keeps_its_reason() throws Exception {
    serve(
        "/announce",
        exchange ->
            send(exchange, 403, "d14:failure reason4:nopee".getBytes(StandardCharsets.US_ASCII)));
    assertThat(failure(announce(url("/announce")))).isEqualTo("nope");
  }

  @Test
  void error_page_is_a_failure() throws Exception {
    serve(
        "/announce", exchange -> send(exchange, 500, "<html>".getBytes(StandardCharsets.US_ASCII)));
    assertThat(failure(announce(url("/announce")))).contains("500");
  }

  @Test
  void body_beyond_the_limit_is_cut_off_plain_or_inflated() throws Exception {
    serve("/announce", exchange -> send(exchange, 200, new byte[(1 << 20) + 1]));
    assertThat(failure(announce(url("/announce")))).isNotEmpty();
    server.removeContext("/announce");
    serve(
        "/announce",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          send(exchange, 200, gzipped(new byte[1 << 20], 200));
        });
    assertThat(failure(announce(url("/announce")))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\nd",
        "SMTP ready\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nd"
      })
  void malformed_response_is_a_failure(String response) throws Exception {
    assertThat(failure(announceRaw(response.getBytes(StandardCharsets.US_ASCII)))).isNotEmpty();
  }

  @Test
  void header_without_end_is_a_failure() throws Exception {
    var header = "HTTP/1.1 200 OK\r\nX: " + "x".repeat(1 << 20);
    assertThat(failure(announceRaw(header.getBytes(StandardCharsets.US_ASCII)))).isNotEmpty();
  }

  /** Announces to a server that sends these bytes, whatever it is asked, and closes. */
  private TrackerResponse announceRaw(byte[] response) throws Exception {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var served =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (var socket = listening.accept()) {
                      var _ = socket.getInputStream().read();
                      socket.getOutputStream().write(response);
                    } catch (IOException e) {
                      // The client has seen enough.
                    }
                  });
      var answer = announce("http://127.0.0.1:" + listening.getLocalPort() + "/announce");
      served.join();
      return answer;
    }
  }

  @Test
  void redirect_is_followed_but_not_for_ever() throws Exception {
    serve("/announce", exchange -> redirect(exchange, "/announce"));
    assertThat(failure(announce(url("/announce")))).contains("redirects");
    assertThat(asked.get()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "udp://127.0.0.1:80", "//", "gopher://x/", ""})
  void redirect_to_anything_but_http_is_refused(String location) throws Exception {
    serve("/announce", exchange -> redirect(exchange, location));
    assertThat(failure(announce(url("/announce")))).isNotEmpty();
    assertThat(asked.get()).isEqualTo(1);
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(302, -1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/admin?x=1", "/", "", "/announce?passkey=1", "/x/announce", "/announce/../admin"})
  void local_host_is_asked_for_nothing_but_announce(String target) throws Exception {
    serve("/", exchange -> send(exchange, 200, GOOD));
    assertThat(failure(announce(url(target)))).contains("local");
    assertThat(failure(announce(url(target).replace("127.0.0.1", "localhost")))).contains("local");
    assertThat(asked.get()).isZero();
  }

  @Test
  void local_host_is_asked_for_anything_where_that_is_trusted() throws Exception {
    serve("/x/announce", exchange -> send(exchange, 200, GOOD));
    var trusting = new TrackerClient(network, true, "Spate/test");
    assertGood(announce(trusting, url("/x/announce?passkey=1")));
  }

  @ParameterizedTest
  @CsvSource({
    "169.254.169.254, link-local",
    "0.0.0.0, not the address",
    "224.0.0.1, not the address",
    "10.0.0.1, local",
    "192.168.1.1, local",
    "172.16.0.1, local",
    "100.64.0.1, local",
    "fd00::1, local",
    "fe80::1, link-local",
    "::1, local",
    "::ffff:127.0.0.1, local",
    "8.8.8.8,",
    "2001:4860:4860::8888,"
  })
  void addresses_are_judged_by_their_range(String address, String refusal) throws Exception {
    var judged =
        new AddressPolicy(false)
            .refusal(
                TrackerUrl.parse("http://tracker.example/secret?x=1"),
                InetAddress.ofLiteral(address));
    if (refusal == null) {
      assertThat(judged).isNull();
    } else {
      assertThat(judged).contains(refusal);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///x", "javascript:1", "gopher://x/", "wat", "http://"})
  void what_is_no_tracker_is_never_asked_again(String url) throws Exception {
    var response = announce(url);
    failure(response);
    assertThat(((TrackerFailure) response).retryInSeconds()).isEqualTo(TrackerFailure.NEVER);
  }

  @Test
  void nobody_there_is_a_failure() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(failure(announce("http://127.0.0.1:" + port + "/announce"))).contains("connect");
    assertThat(failure(announce("http://no-such-host.invalid/announce"))).contains("no address");
  }

  @Test
  void self_signed_certificate_is_refused() throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = getClass().getResourceAsStream("self-signed.p12")) {
      store.load(in, "secret".toCharArray());
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, "secret".toCharArray());
    var tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    var secure = HttpsServer.create(loopback(), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(tls));
    secure.createContext("/announce", exchange -> send(exchange, 200, GOOD));
    secure.start();
    try {
      var url = "https://localhost:" + secure.getAddress().getPort() + "/announce";
      assertThat(failure(announce(url))).startsWith("TLS");
    } finally {
      secure.stop(0);
    }
  }

  @Test
  void udp_announce_is_answered_by_the_tracker_and_nobody_else() throws Exception {
    try (var tracker = new DatagramSocket(loopback());
        var stranger = new DatagramSocket(loopback())) {
      var served = Thread.ofVirtual().start(() -> serveUdp(tracker, stranger));
      var answer = announce("udp://127.0.0.1:" + tracker.getLocalPort() + "/announce");
      assertThat(((AnnounceReply) answer).peers())
          .containsExactly(Endpoint.of(new byte[] {9, 9, 9, 9}, 99));
      served.join();
    }
  }

  private static void serveUdp(DatagramSocket tracker, DatagramSocket stranger) {
    try {
      var packet = new DatagramPacket(new byte[200], 200);
      tracker.receive(packet);
      var connect = ByteBuffer.wrap(packet.getData());
      assertThat(connect.getLong(0)).isEqualTo(0x41727101980L);
      var connected = ByteBuffer.allocate(16).putInt(0).putInt(connect.getInt(12)).putLong(42);
      tracker.send(new DatagramPacket(connected.array(), 16, packet.getSocketAddress()));
      tracker.receive(packet);
      var announce = ByteBuffer.wrap(packet.getData());
      assertThat(announce.getLong(0)).isEqualTo(42);
      var reply = ByteBuffer.allocate(26).putInt(1).putInt(announce.getInt(12)).putInt(900);
      reply.putInt(1).putInt(1).put(new byte[] {6, 6, 6, 6, 0, 66});
      stranger.send(new DatagramPacket(reply.array(), 26, packet.getSocketAddress()));
      reply.position(20).put(new byte[] {9, 9, 9, 9, 0, 99});
      tracker.send(new DatagramPacket(reply.array(), 26, packet.getSocketAddress()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

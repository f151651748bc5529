package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.engine.RawWebServer.Answer;
import org.spate.engine.RawWebServer.Request;
import org.spate.engine.storage.TestTorrent;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/**
 * What hostile web servers do to a session that asks them for a torrent's files (threats 41, 44,
 * 45, 47): they are given up, they make nobody take in more than was asked for, and the torrent
 * comes from its peers.
 *
 * <p>All at once, because each waits while a session leaves peers their head start before it asks a
 * server.
 */
@Execution(ExecutionMode.CONCURRENT)
class HostileWebSeedTest {
  private static final int TORRENT_BYTES = 2 << 20;

  /** All requests of four connections, and what the kernel takes in before anybody reads it. */
  private static final long TAKEN_MAX = 48L << 20;

  @TempDir private Path root;
  private Sessions sessions;
  private TestTorrent torrent;
  private final Heard heard = new Heard();

  @BeforeEach
  void begin() {
    sessions = new Sessions(root);
    torrent = TestTorrent.of(4, Format.V1, 1 << 16, Item.file("f", TORRENT_BYTES));
  }

  @AfterEach
  void end() {
    sessions.close();
  }

  private static Named<Answer> server(String name, Answer answer) {
    return Named.of(name, answer);
  }

  private static void print(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Until the other side has enough. */
  private static void forEver(OutputStream out, byte[] bytes) throws IOException {
    while (true) {
      out.write(bytes);
    }
  }

  static Stream<Named<Answer>> hopeless() {
    var block = new byte[1 << 16];
    var text = "x".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
    return Stream.of(
        server(
            "body without end",
            (request, out) -> {
              print(out, request.partialContent() + "Connection: close\r\n\r\n");
              forEver(out, block);
            }),
        server(
            "body without end, in parts",
            (request, out) -> {
              print(out, request.partialContent() + "Transfer-Encoding: chunked\r\n\r\n");
              forEver(
                  out,
                  ("10\r\n" + "x".repeat(16) + "\r\n")
                      .repeat(4_096)
                      .getBytes(StandardCharsets.US_ASCII));
            }),
        server(
            "part of the body of 2^64 bytes",
            (request, out) -> {
              print(out, request.partialContent() + "Transfer-Encoding: chunked\r\n\r\n");
              print(out, "ffffffffffffffff\r\n");
              forEver(out, block);
            }),
        server(
            "content length below nothing",
            (request, out) -> print(out, request.partialContent() + "Content-Length: -1\r\n\r\n")),
        server(
            "whole resource without a length and without an end",
            (_, out) -> {
              print(out, "HTTP/1.1 200 OK\r\n\r\n");
              forEver(out, block);
            }),
        server(
            "gzip bomb",
            (request, out) -> {
              print(out, request.partialContent() + "Content-Encoding: gzip\r\n\r\n");
              out.write(bomb());
            }),
        server(
            "header without end",
            (request, out) -> {
              print(out, request.partialContent() + "X: ");
              forEver(out, text);
            }),
        server("status line without end", (_, out) -> forEver(out, text)),
        server(
            "never the answer itself",
            (_, out) ->
                forEver(
                    out,
                    "HTTP/1.1 103 Early Hints\r\n\r\n"
                        .repeat(1_000)
                        .getBytes(StandardCharsets.US_ASCII))),
        server(
            "another range",
            (request, out) ->
                print(
                    out,
                    new Request("", request.from() + 1, request.to() + 1).partialContent()
                        + "\r\n")),
        server("no HTTP", (_, out) -> print(out, "SMTP ready\r\n\r\n")));
  }

  /** 256 MiB of zeros. */
  private static byte[] bomb() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 256; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("hopeless")
  void server_that_does_not_send_what_was_asked_for_is_given_up(Answer answer) throws IOException {
    try (var server = new RawWebServer(answer)) {
      var leech = leech(server.url());

      heard.await(TorrentEvent.WebSeedGone.class);

      assertThat(server.bytesTaken()).isLessThan(TAKEN_MAX);
      assertPeersDeliver(leech);
    }
  }

  private TorrentHandle leech(String url) {
    var session = sessions.open("leech");
    session.listen(heard);
    return session.add(torrent.metainfo(), TorrentOptions.DEFAULT.withWebSeeds(List.of(url)));
  }

  private void assertPeersDeliver(TorrentHandle leech) {
    sessions.seed("seed", torrent);
    leech.addPeers(List.of(Sessions.endpoint(sessions.session(1))));
    Sessions.await(leech.finished());
    sessions.assertComplete("leech", torrent);
  }

  @Test
  void server_that_sends_less_than_was_asked_for_is_asked_again_later() throws IOException {
    Answer half =
        (request, out) -> {
          print(
              out,
              request.partialContent() + "Content-Length: %d\r\n\r\n".formatted(request.length()));
          out.write(new byte[(int) request.length() / 2]);
          throw new EOFException();
        };
    try (var server = new RawWebServer(half)) {
      var leech = leech(server.url());
      heard.await(TorrentEvent.WebSeedFailed.class);
      assertPeersDeliver(leech);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
        "udp://127.0.0.1:80/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://user:secret@127.0.0.1/",
        "http://"
      })
  void server_that_leads_where_nobody_should_go_is_given_up(String location) throws IOException {
    try (var server = new RawWebServer((_, out) -> print(out, redirect(location)))) {
      var leech = leech(server.url());
      heard.await(TorrentEvent.WebSeedGone.class);
      assertPeersDeliver(leech);
    }
  }

  private static String redirect(String location) {
    return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
  }

  @Test
  void redirects_end_somewhere() throws IOException {
    try (var server =
        new RawWebServer((request, out) -> print(out, redirect(request.target() + "x")))) {
      leech(server.url());
      heard.await(TorrentEvent.WebSeedGone.class);
      assertThat(server.requests).hasSizeLessThan(100);
      assertThat(server.requests)
          .allMatch(request -> request.target().length() < "/t/f".length() + 20);
    }
  }

  @Test
  void nobody_vouches_for_a_server_that_signs_for_itself() throws Exception {
    var server = secureServer();
    try {
      leech("https://127.0.0.1:" + server.getAddress().getPort() + "/");
      var failure = heard.await(TorrentEvent.WebSeedFailed.class);
      assertThat(failure.reason()).contains("certification path");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void server_is_heard_whose_certificate_the_user_trusts() throws Exception {
    var certificate = keys().getCertificate(keys().aliases().nextElement());
    var pem = root.resolve("ca.pem");
    Files.writeString(
        pem,
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(certificate.getEncoded())));
    var server = secureServer();
    try {
      var url = "https://127.0.0.1:" + server.getAddress().getPort() + "/";
      var leech =
          sessions
              .open("leech", settings -> settings.authorities(pem))
              .add(torrent.metainfo(), TorrentOptions.DEFAULT.withWebSeeds(List.of(url)));
      Sessions.await(leech.finished());
      sessions.assertComplete("leech", torrent);
    } finally {
      server.stop(0);
    }
  }

  /** Serves the torrent's file, for 127.0.0.1 and localhost. */
  private HttpsServer secureServer() throws IOException, GeneralSecurityException {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(keys(), "secret".toCharArray());
    var tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    var content = torrent.content(torrent.metainfo().files().files().getFirst());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var range = exchange.getRequestHeaders().getFirst("Range").split("[=-]", 3);
            int from = Integer.parseInt(range[1]);
            int length = Integer.parseInt(range[2]) + 1 - from;
            exchange
                .getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (from + length - 1) + "/*");
            exchange.sendResponseHeaders(206, length);
            exchange.getResponseBody().write(content, from, length);
          }
        });
    server.start();
    return server;
  }

  private static KeyStore keys() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = HostileWebSeedTest.class.getResourceAsStream("tracker/self-signed.p12")) {
      store.load(in, "secret".toCharArray());
    }
    return store;
  }
}

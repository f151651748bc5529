package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.Hash160;
import org.spate.core.tracker.Count;
import org.spate.tracker.Tracker;
import org.spate.tracker.TrackerSettings;

/** Our tracker's WebSockets with npm's bittorrent-tracker, and with WebTorrent in Chromium. */
@Timeout(120)
class WebTorrentTest {
  private static final Path SOURCE = Path.of("src/test/webtorrent");
  private static final Path PACKAGES = Path.of("target/webtorrent");
  private static final int INSTALL_SECONDS = 100;
  private static final int WAIT_SECONDS = 60;
  private static final int CONTENT_BYTES = 300_000;

  @TempDir private Path scratch;

  /** Installs what package-lock.json says, unless that has been done. */
  @BeforeAll
  static void installPackages() throws IOException {
    var lock = SOURCE.resolve("package-lock.json");
    var installed = PACKAGES.resolve("installed.json");
    if (!Files.exists(installed) || Files.mismatch(lock, installed) >= 0) {
      copy(lock);
      copy(SOURCE.resolve("package.json"));
      copy(SOURCE.resolve("webrtc/package.json"));
      copy(SOURCE.resolve("webrtc/index.js"));
      var npm =
          List.of("npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund");
      var running = Running.start(new ProcessBuilder(npm).directory(PACKAGES.toFile()));
      assertThat(running.awaitExit(INSTALL_SECONDS)).as(running.tail()).isZero();
      Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
    }
    copy(SOURCE.resolve("clients.mjs"));
  }

  private static void copy(Path file) throws IOException {
    var target = PACKAGES.resolve(SOURCE.relativize(file));
    Files.createDirectories(target.getParent());
    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Tracker tracker() {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return Tracker.start(TrackerSettings.on(List.of(loopback), List.of()));
  }

  private static String url(Tracker tracker, String path) {
    return "ws://127.0.0.1:" + tracker.httpAddresses().getFirst().getPort() + path;
  }

  private static long count(Tracker tracker, Count count) {
    return tracker.statistics().join().counts().get(count);
  }

  @Test
  void peers_of_bittorrent_tracker_meet() {
    try (var tracker = tracker()) {
      var node = List.of("node", "clients.mjs", url(tracker, ""), url(tracker, "/announce"));
      var running = Running.start(new ProcessBuilder(node).directory(PACKAGES.toFile()));
      assertThat(running.awaitExit(WAIT_SECONDS)).as(running.tail()).isZero();
      assertThat(running.lines())
          .containsExactly(
              "alice starts: 1 seeds, 0 leechers",
              "bob starts: 1 seeds, 1 leechers",
              "alice is handed an offer of bob",
              "bob is handed an answer of alice",
              "they are offer and answer",
              "bob completes: 2 seeds, 0 leechers",
              "alice scrapes: 2 seeds, 0 leechers",
              "bob stops: 1 seeds, 0 leechers");
    }
  }

  @Test
  void two_documents_in_chromium_exchange_a_torrent_over_webrtc() throws IOException {
    try (var tracker = tracker();
        var pages = Pages.serve(SOURCE.resolve("peer.html"), PACKAGES.resolve(BUNDLE))) {
      var query = "?length=" + CONTENT_BYTES + "&tracker=" + encode(url(tracker, "/announce"));
      var chromium = chromium(pages.url("peer.html" + query));
      try {
        assertThat(pages.said()).isEqualTo("seed seeds");
        assertThat(pages.said()).isEqualTo("leech has " + digest());
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + chromium.tail(), e);
      } finally {
        chromium.kill();
      }
      assertThat(count(tracker, Count.WEBSOCKET_ANSWERS)).isPositive();
      assertThat(count(tracker, Count.REFUSED_WEBSOCKET_MALFORMED)).isZero();
    }
  }

  private static final Path BUNDLE = Path.of("node_modules/webtorrent/dist/webtorrent.min.js");

  private Running chromium(String url) {
    return Running.start(
        new ProcessBuilder(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--user-data-dir=" + scratch,
            // Nothing leaves this host, and addresses of this host are no secret to the peers.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--allow-loopback-in-peer-connection",
            "--disable-features=WebRtcHideLocalIpsWithMdns",
            // Without it the browser would end when the page is loaded.
            "--remote-debugging-port=0",
            url));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Of the numbers that the seed has made. */
  private static Hash160 digest() {
    var bytes = new byte[CONTENT_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 % 251);
    }
    return Hash160.sha1(bytes, 0, bytes.length);
  }
}

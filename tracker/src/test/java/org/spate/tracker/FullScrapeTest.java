package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.Hash160;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.Bencoded;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.SwarmScan.Range;

/** Scrapes that name no swarm and are told all of them, where that is switched on. */
@Timeout(60)
class FullScrapeTest {
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir private Path folder;

  private record Response(String head, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.ISO_8859_1);
    }
  }

  private static Response get(InetSocketAddress http, String target, String... headers)
      throws IOException {
    try (var socket = new Socket(http.getAddress(), http.getPort())) {
      socket.setSoTimeout(Clients.TIMEOUT_MILLIS);
      var request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: t\r\n");
      for (var header : headers) {
        request.append(header).append("\r\n");
      }
      request.append("Connection: close\r\n\r\n");
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
      var all = socket.getInputStream().readAllBytes();
      var text = new String(all, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n") + 4;
      return new Response(text.substring(0, end), Arrays.copyOfRange(all, end, all.length));
    }
  }

  private static byte[] unzipped(byte[] body) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    }
  }

  private static List<Hash160> announceSome(InetSocketAddress http) {
    var swarms = new ArrayList<Hash160>();
    for (int i = 0; i < 40; i++) {
      var swarm = new Hash160((long) i << 58 | i, i, i);
      swarms.add(swarm);
      Clients.announceHttp(http, Clients.request(swarm, 1, 1001));
    }
    swarms.sort(null);
    return swarms;
  }

  /** One leecher in each. */
  private static String bencode(List<Hash160> swarms) {
    var text = new StringBuilder("d5:filesd");
    for (var swarm : swarms) {
      text.append("20:").append(new String(swarm.bytes(), StandardCharsets.ISO_8859_1));
      text.append("d8:completei0e10:downloadedi0e10:incompletei1ee");
    }
    return text + "ee";
  }

  @Test
  void without_the_option_it_is_refused() throws IOException {
    try (var tracker = Clients.start()) {
      assertThat(get(tracker.httpAddresses().getFirst(), "/scrape").text())
          .isEqualTo("d14:failure reason47:full scrapes are not offered: name an info_hashe");
    }
  }

  @Test
  void all_swarms_of_all_threads_are_told_in_the_order_of_their_info_hashes() throws IOException {
    for (int threads = 1; threads <= 3; threads++) {
      var settings = Clients.settings().withThreadCount(threads).withFullScrapes(LONG);
      try (var tracker = Tracker.start(settings)) {
        var http = tracker.httpAddresses().getFirst();
        var swarms = announceSome(http);
        var plain = get(http, "/scrape");
        assertThat(plain.text()).isEqualTo(bencode(swarms));
        assertThat(plain.head())
            .startsWith("HTTP/1.1 200")
            .contains("content-length: " + plain.body.length + "\r\n")
            .doesNotContain("content-encoding");
      }
    }
  }

  @Test
  void it_is_compressed_for_who_says_so_and_nothing_else_is() throws IOException {
    try (var tracker = Tracker.start(Clients.settings().withFullScrapes(LONG))) {
      var http = tracker.httpAddresses().getFirst();
      var swarms = announceSome(http);
      record Case(String header, boolean isCompressed) {}
      for (var c :
          List.of(
              new Case("gzip", true),
              new Case("deflate, GZIP;q=0.5, br", true),
              new Case("gzip;q=0", false),
              new Case("gzip; q=0.000", false),
              new Case("deflate, identity", false),
              new Case("xgzip", false))) {
        var answer = get(http, "/scrape", "Accept-Encoding: " + c.header);
        assertThat(answer.head().contains("content-encoding: gzip"))
            .as(c.header)
            .isEqualTo(c.isCompressed);
        var body = c.isCompressed ? unzipped(answer.body) : answer.body;
        assertThat(new String(body, StandardCharsets.ISO_8859_1)).isEqualTo(bencode(swarms));
      }
      for (var target : List.of("/stats", "/scrape?info_hash=aaaaaaaaaaaaaaaaaaaa")) {
        assertThat(get(http, target, "Accept-Encoding: gzip").head())
            .doesNotContain("content-encoding");
      }
      assertThat(Clients.count(tracker, Count.HTTP_FULL_SCRAPES)).isEqualTo(6);
    }
  }

  @Test
  void it_goes_over_tls_too() throws Exception {
    var certificates = Certificates.selfSigned(folder);
    var settings =
        Clients.settings()
            .withHttps(List.of(Clients.v4(0)), certificates.settings())
            .withFullScrapes(LONG);
    try (var tracker = Tracker.start(settings)) {
      var swarms = announceSome(tracker.httpAddresses().getFirst());
      var at = tracker.httpsAddresses().getFirst();
      var factory = certificates.trusting().getSocketFactory();
      try (var socket = factory.createSocket(at.getAddress(), at.getPort())) {
        socket.setSoTimeout(Clients.TIMEOUT_MILLIS);
        socket
            .getOutputStream()
            .write("GET /scrape HTTP/1.1\r\nHost: t\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(text).endsWith("\r\n\r\n" + bencode(swarms));
      }
    }
  }

  @Test
  void head_tells_the_length_alone() throws IOException {
    try (var tracker = Tracker.start(Clients.settings().withFullScrapes(LONG))) {
      assertThat(
              Clients.raw(
                  tracker.httpAddresses().getFirst(), "HEAD /scrape HTTP/1.1\r\nHost: t\r\n\r\n"))
          .contains("content-length: 11\r\n")
          .endsWith("\r\n\r\n");
    }
  }

  @Test
  void the_swarms_are_gathered_anew_once_the_last_ones_are_old() throws IOException {
    for (var period : List.of(LONG, Duration.ofNanos(1))) {
      try (var tracker = Tracker.start(Clients.settings().withFullScrapes(period))) {
        var http = tracker.httpAddresses().getFirst();
        assertThat(get(http, "/scrape").text()).isEqualTo("d5:filesdee");
        var swarms = announceSome(http);
        assertThat(get(http, "/scrape").text())
            .isEqualTo(period.equals(LONG) ? "d5:filesdee" : bencode(swarms));
      }
    }
  }

  @Test
  void swarms_that_are_not_served_are_left_out() throws IOException {
    var deny = Files.writeString(folder.resolve("deny"), "");
    var settings = Clients.settings().withFullScrapes(Duration.ofNanos(1)).withDeny(deny);
    try (var tracker = Tracker.start(settings)) {
      var http = tracker.httpAddresses().getFirst();
      var swarms = announceSome(http);
      Files.writeString(deny, swarms.get(7) + "\n");
      tracker.follow(settings);
      swarms.remove(7);
      assertThat(get(http, "/scrape").text()).isEqualTo(bencode(swarms));
    }
  }

  @Test
  void a_private_tracker_tells_its_users_alone() throws IOException {
    var passkey = "0123456789abcdef";
    var users = Files.writeString(folder.resolve("users"), "alice " + passkey + "\n");
    var rules = TrackerRules.OPEN.withPasses(users, null);
    try (var tracker = Tracker.start(Clients.settings().withRules(rules).withFullScrapes(LONG))) {
      var http = tracker.httpAddresses().getFirst();
      assertThat(get(http, "/scrape").text()).contains("personal announce URL");
      assertThat(get(http, "/x" + passkey + "/scrape").text()).contains("not known");
      assertThat(get(http, "/" + passkey + "/scrape").text()).isEqualTo("d5:filesdee");
    }
  }

  @Test
  void so_many_clients_at_a_time_and_no_more() {
    try (var scrapes = new FullScrapes(LONG, (_, _, _) -> true, _ -> true)) {
      for (int i = 0; i < FullScrapes.DELIVERY_COUNT_MAX; i++) {
        assertThat(scrapes.enter()).isTrue();
      }
      assertThat(scrapes.enter()).isFalse();
      scrapes.leave();
      assertThat(scrapes.enter()).isTrue();
    }
  }

  /** Also where most info-hashes begin alike, as somebody could choose them. */
  @Test
  void it_is_written_in_parts_of_bounded_size_whatever_the_info_hashes() throws IOException {
    for (long seed = 1; seed <= 3; seed++) {
      var dice = new SplittableRandom(seed);
      var all = new TreeMap<Hash160, SwarmCounts>();
      for (int i = 0; i < 100_000; i++) {
        long high = i % 2 == 0 ? dice.nextLong() : 0x5555_5555_0000_0000L | dice.nextInt(1 << 20);
        all.put(new Hash160(high, dice.nextLong(), i), new SwarmCounts(i, i + 1, i + 2));
      }
      try (var scrapes =
          new FullScrapes(LONG, (r, max, found) -> find(all, r, max, found), _ -> true)) {
        var edition = scrapes.latest().join();
        assertThat(scrapes.latest().join()).as("asked again").isSameAs(edition);
        var plain = Files.readAllBytes(edition.plain());
        assertThat(unzipped(Files.readAllBytes(edition.gzip()))).isEqualTo(plain);
        assertThat(swarms(plain)).as("seed " + seed).isEqualTo(all);
      }
    }
  }

  private static boolean find(
      Map<Hash160, SwarmCounts> all,
      Range range,
      int countMax,
      SortedMap<Hash160, SwarmCounts> found) {
    for (var entry : all.entrySet()) {
      if (range.contains(entry.getKey().high())) {
        found.put(entry.getKey(), entry.getValue());
        if (found.size() > countMax) {
          return false;
        }
      }
    }
    assertThat(found.size()).isLessThanOrEqualTo(32_768);
    return true;
  }

  private static Map<Hash160, SwarmCounts> swarms(byte[] bencode) {
    var body = (Bencoded.Dictionary) BencodeReader.parse(bencode, BencodeLimits.STRICT);
    var swarms = new TreeMap<Hash160, SwarmCounts>();
    body.dictionary("files")
        .entries()
        .forEach(
            (key, value) -> {
              var counts = (Bencoded.Dictionary) value;
              swarms.put(
                  Hash160.of(key.getBytes(StandardCharsets.ISO_8859_1)),
                  new SwarmCounts(
                      counts.integer("complete").intValue(),
                      counts.integer("downloaded").intValue(),
                      counts.integer("incomplete").intValue()));
            });
    return swarms;
  }
}

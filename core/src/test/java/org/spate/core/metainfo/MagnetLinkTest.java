package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.spate.core.Corpus;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.IpLiteral;
import org.spate.core.PlainText;
import tools.jackson.databind.JsonNode;

class MagnetLinkTest {
  private static final String V1 = "cd".repeat(20);
  private static final String V2 = "ab".repeat(32);
  private static final String LINK = "magnet:?xt=urn:btih:" + V1;

  @TestFactory
  Stream<DynamicTest> corpusLinksGetWhatTheyMust() {
    return Corpus.cases("magnets.json", "magnets").stream()
        .map(c -> dynamicTest(c.get("id").asString(), () -> check(c)));
  }

  private static void check(JsonNode node) {
    var must = node.get("must");
    var uri = node.get("uri").asString();
    switch (must.get("parse").asString()) {
      case "accept" -> checkAccepted(MagnetLink.parse(uri), must);
      case "refuse" ->
          assertThatThrownBy(() -> MagnetLink.parse(uri))
              .isInstanceOf(MetainfoException.class)
              .message()
              .isNotBlank();
      default -> {
        try {
          checkPrinted(MagnetLink.parse(uri));
        } catch (MetainfoException e) {
          assertThat(e).message().isNotBlank();
        }
      }
    }
  }

  private static void checkAccepted(MagnetLink link, JsonNode must) {
    checkPrinted(link);
    checkHash(link, must);
    var trackers = link.trackers().stream().flatMap(List::stream).toList();
    if (must.has("name")) {
      assertThat(link.name()).isEqualTo(must.get("name").asString());
    }
    if (link.name() != null) {
      assertThat(link.name().codePoints())
          .noneMatch(c -> PlainText.isUnusable(c) || PlainText.isInvisible(c));
    }
    for (var key : List.of("trackers", "trackers_distinct", "trackers_usable")) {
      if (must.has(key)) {
        assertThat(trackers).isEqualTo(strings(must.get(key)));
      }
    }
    if (must.has("trackers_at_least")) {
      assertThat(trackers).hasSizeGreaterThanOrEqualTo(must.get("trackers_at_least").asInt());
    }
    if (must.has("url_seeds")) {
      assertThat(link.webSeeds()).isEqualTo(strings(must.get("url_seeds")));
    }
    if (must.has("peers")) {
      assertThat(link.peers()).isEqualTo(endpoints(must.get("peers")));
    }
    if (must.has("dht_nodes")) {
      var nodes = new ArrayList<String>();
      must.get("dht_nodes").forEach(n -> nodes.add(n.get(0).asString() + ":" + n.get(1).asInt()));
      assertThat(link.nodes()).isEqualTo(nodes);
    }
    checkSelection(link, must);
  }

  private static void checkHash(MagnetLink link, JsonNode must) {
    if (must.has("v1") && !must.get("v1").isNull()) {
      assertThat(link.infoHash().v1()).isEqualTo(Hash160.parse(must.get("v1").asString()));
    }
    if (must.has("v2") && !must.get("v2").isNull()) {
      assertThat(link.infoHash().v2()).isEqualTo(Hash256.parse(must.get("v2").asString()));
    }
  }

  private static void checkSelection(MagnetLink link, JsonNode must) {
    if (must.has("selected_files")) {
      assertThat(link.selectedFiles()).isEqualTo(integers(must.get("selected_files")));
    }
    if (must.has("selected_files_contains")) {
      assertThat(link.selectedFiles()).containsAll(integers(must.get("selected_files_contains")));
    }
    if (must.has("selected_files_any_of")) {
      var choices = new ArrayList<List<Integer>>();
      must.get("selected_files_any_of").forEach(c -> choices.add(integers(c)));
      assertThat(choices).contains(link.selectedFiles());
    }
  }

  private static void checkPrinted(MagnetLink link) {
    var again = MagnetLink.parse(link.toString());
    assertThat(again.toString()).isEqualTo(link.toString());
    assertThat(again.problems()).isEmpty();
    assertThat(again).usingRecursiveComparison().ignoringFields("problems").isEqualTo(link);
  }

  @Test
  void aHybridNamesBothHashes() {
    var link = MagnetLink.parse(LINK + "&xt=urn:btmh:1220" + V2);
    assertThat(link.infoHash().v1()).isEqualTo(Hash160.parse(V1));
    assertThat(link.infoHash().v2()).isEqualTo(Hash256.parse(V2));
    assertThat(link).hasToString(LINK + "&xt=urn:btmh:1220" + V2);
  }

  @Test
  void numberedTrackersShareATierAndPlainOnesAreATierEach() {
    var link =
        MagnetLink.parse(
            LINK + "&tr.1=http://c/&tr.0=http://a/&tr.0=http://b/&tr=udp://d:1&tr=udp://e:1");
    assertThat(link.trackers())
        .containsExactly(
            List.of("http://a/", "http://b/"),
            List.of("http://c/"),
            List.of("udp://d:1"),
            List.of("udp://e:1"));
    checkPrinted(link);
  }

  @Test
  void numberedTopicsOfBep9AreRead() {
    var link = MagnetLink.parse("magnet:?xt.1=urn:btih:" + V1 + "&xt.2=urn:sha1:ABC");
    assertThat(link.infoHash().v1()).isEqualTo(Hash160.parse(V1));
    assertThat(link.problems()).hasSize(1);
  }

  @Test
  void linksThatNameNoTorrentOrTwoAreRefused() {
    var uris =
        List.of(
            LINK + "&xt=urn:btih:" + "ab".repeat(20),
            "magnet:?xt=urn:btmh:1220" + V2 + "&xt=urn:btmh:1220" + "cd".repeat(32),
            "magnet:?xt=urn:btmh:" + V2,
            "magnet:?xt=urn:btmh:1220abcd",
            "magnet:xt=urn:btih:" + V1,
            "magnet:?" + V1,
            "magnet:?xt=urn:btih:%c");
    for (var uri : uris) {
      assertThatThrownBy(() -> MagnetLink.parse(uri)).as(uri).isInstanceOf(MetainfoException.class);
    }
  }

  @Test
  void peersMayBeNamedButAreNotLookedUp() {
    var link = MagnetLink.parse(LINK + "&x.pe=peer.example:80&x.pe=192.0.2.1:6881&x.pe=nothing");
    assertThat(link.peerNames()).containsExactly("peer.example:80");
    assertThat(link.peers()).containsExactly(Endpoint.v4(0xC0000201, 6881));
    assertThat(link.problems()).hasSize(1);
  }

  @Test
  void aTrackerUnderALookAlikeHostIsShownEscapedAndNotUsed() {
    var link = MagnetLink.parse(LINK + "&tr=http://bt1.archiv%EF%BD%85.org/announce");
    assertThat(link.trackers()).isEmpty();
    assertThat(link.problems().getFirst()).contains("archiv\\uff45.org");
  }

  @Test
  void everythingInALinkIsBounded() {
    var many =
        IntStream.range(0, 1900)
            .mapToObj(
                i ->
                    switch (i % 4) {
                      case 0 -> "tr=http://t" + i + "/";
                      case 1 -> "ws=http://w" + i + "/";
                      case 2 -> "x.pe=10.0.0.1:" + (i + 1);
                      default -> "dht=10.0.0.1:" + (i + 1);
                    })
            .collect(Collectors.joining("&"));
    var link = MagnetLink.parse(LINK + "&" + many);
    assertThat(link.trackers()).hasSizeLessThanOrEqualTo(Trackers.COUNT_MAX);
    assertThat(link.webSeeds()).hasSizeLessThanOrEqualTo(MagnetParser.WEB_SEED_COUNT_MAX);
    assertThat(link.peers()).hasSizeLessThanOrEqualTo(MagnetParser.PEER_COUNT_MAX);
    assertThat(link.nodes()).hasSizeLessThanOrEqualTo(MetainfoParser.NODE_COUNT_MAX);
    assertThatThrownBy(() -> MagnetLink.parse(LINK + "&a=b".repeat(3000)))
        .isInstanceOf(MetainfoException.class);
    assertThatThrownBy(() -> MagnetLink.parse(LINK + "&dn=" + "x".repeat(2_000_000)))
        .isInstanceOf(MetainfoException.class);
  }

  @Test
  void randomLinksEitherParseAndPrintOrAreRefused() {
    var parts =
        List.of(
            "xt=",
            "urn:btih:",
            V1,
            "urn:btmh:1220",
            V2,
            "&",
            "tr=",
            "tr.3=",
            "http://a",
            "%41",
            "%",
            "+",
            "dn=",
            "x.pe=",
            "[::1]:80",
            "so=",
            "1-3",
            ",",
            "99999999999",
            "=",
            "?",
            "é");
    for (long seed = 0; seed < 2000; seed++) {
      var random = new Random(seed);
      var uri = new StringBuilder(random.nextBoolean() ? LINK : "magnet:?");
      for (int i = 0; i < random.nextInt(12); i++) {
        uri.append(parts.get(random.nextInt(parts.size())));
      }
      try {
        checkPrinted(MagnetLink.parse(uri.toString()));
      } catch (MetainfoException e) {
        assertThat(e).message().isNotBlank();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + uri, e);
      }
    }
  }

  private static List<String> strings(JsonNode list) {
    var strings = new ArrayList<String>();
    list.forEach(s -> strings.add(s.asString()));
    return strings;
  }

  private static List<Integer> integers(JsonNode list) {
    var integers = new ArrayList<Integer>();
    list.forEach(i -> integers.add(i.asInt()));
    return integers;
  }

  private static List<Endpoint> endpoints(JsonNode list) {
    var endpoints = new ArrayList<Endpoint>();
    for (var peer : list) {
      var address = Objects.requireNonNull(IpLiteral.parse(peer.get(0).asString()));
      endpoints.add(Endpoint.of(address, peer.get(1).asInt()));
    }
    return endpoints;
  }
}

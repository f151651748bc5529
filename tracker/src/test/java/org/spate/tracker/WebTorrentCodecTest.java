package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.SwarmCounts;
import org.spate.tracker.WebTorrentMessage.Announce;
import org.spate.tracker.WebTorrentMessage.Answer;
import org.spate.tracker.WebTorrentMessage.Malformed;
import org.spate.tracker.WebTorrentMessage.NoText;
import org.spate.tracker.WebTorrentMessage.Scrape;
import org.spate.tracker.WebTorrentMessage.Sdp;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Messages of WebSocket clients, both ways. */
class WebTorrentCodecTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** Every kind of byte: with and without an escape, of one byte in UTF-8 and of two. */
  private static final Hash160 BINARY = Hash160.parse("0001091f20225c7f80aabfc0ff4142430a0d2f27");

  private static final PeerId PEER = PeerId.of(ascii("-WW0100-abcdefghijkl"));
  private static final Hash160 OFFER_ID = Hash160.of(ascii("offeroffer0123456789"));

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String latin1(Hash160 hash) {
    return new String(hash.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static WebTorrentMessage read(String json) {
    return WebTorrentReader.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Sdp sdp) {
    return new String(sdp.message(), sdp.start(), sdp.length(), StandardCharsets.UTF_8);
  }

  private static String announce(String more) {
    return "{\"action\":\"announce\",\"info_hash\":"
        + JSON.writeValueAsString(latin1(BINARY))
        + ",\"peer_id\":\"-WW0100-abcdefghijkl\""
        + more
        + "}";
  }

  private static String offers(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "{\"offer\":{\"type\":\"offer\",\"sdp\":\"v=%d\"},\"offer_id\":\"%020d\"}"
                    .formatted(i, i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** One offer with this description. */
  private static String offers(String sdp) {
    return ",\"offers\":[{\"offer\":{\"sdp\":" + sdp + "},\"offer_id\":\"01234567890123456789\"}]";
  }

  @Test
  void an_announce_with_an_offer() {
    var message =
        (Announce)
            read(
                announce(
                    ",\"uploaded\":0,\"left\":7,\"event\":\"started\",\"numwant\":5,\"offers\":"
                        + "[{\"offer\":{\"type\":\"offer\",\"sdp\":\"v=0\\r\\né\"},"
                        + "\"offer_id\":\"offeroffer0123456789\"}]"));
    assertThat(message.infoHash()).isEqualTo(BINARY);
    assertThat(message.peerId()).isEqualTo(PEER);
    assertThat(message.event()).isEqualTo(AnnounceEvent.STARTED);
    assertThat(message.isSeed()).isFalse();
    assertThat(message.offers()).hasSize(1);
    assertThat(message.offers().getFirst().offerId()).isEqualTo(OFFER_ID);
    assertThat(text(message.offers().getFirst().sdp())).isEqualTo("\"v=0\\r\\né\"");
    assertThat(message.cutOfferCount()).isZero();
  }

  @Test
  void fields_come_in_any_order_and_unknown_ones_are_skipped() {
    var lines = new ArrayList<String>();
    JSON.readTree(announce(",\"left\":0,\"offers\":" + offers(2) + ",\"x\":{\"y\":[1,{}]}"))
        .properties()
        .forEach(
            field ->
                lines.add(
                    JSON.writeValueAsString(field.getKey())
                        + " : "
                        + JSON.writeValueAsString(field.getValue())));
    var random = new Random(1);
    for (int i = 0; i < 50; i++) {
      Collections.shuffle(lines, random);
      var message = (Announce) read("{" + String.join("\n, ", lines) + "}");
      assertThat(message.infoHash()).isEqualTo(BINARY);
      assertThat(message.isSeed()).isTrue();
      assertThat(message.offers())
          .extracting(o -> text(o.sdp()))
          .containsExactly("\"v=0\"", "\"v=1\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",\"left\":null", ",\"left\":1e300", ",\"left\":\"0\"", ",\"left\":[0]"})
  void who_does_not_say_that_nothing_is_left_is_a_leecher(String left) {
    assertThat(((Announce) read(announce(left))).isSeed()).isFalse();
  }

  @Test
  void who_completes_is_a_seed() {
    assertThat(((Announce) read(announce(",\"event\":\"completed\",\"left\":5"))).isSeed())
        .isTrue();
  }

  @Test
  void offers_are_taken_as_far_as_they_are_wanted_and_allowed() {
    int most = WebTorrentReader.OFFERS_MAX;
    var all = (Announce) read(announce(",\"offers\":" + offers(most + 3)));
    assertThat(all.offers()).hasSize(most);
    assertThat(all.cutOfferCount()).isEqualTo(3);
    var two = (Announce) read(announce(",\"numwant\":2,\"offers\":" + offers(5)));
    assertThat(two.offers()).hasSize(2);
    var none = (Announce) read(announce(",\"numwant\":-1,\"offers\":" + offers(5)));
    assertThat(none.offers()).isEmpty();
  }

  @Test
  void an_answer() {
    var message =
        (Answer)
            read(
                announce(
                    ",\"to_peer_id\":\"-WW0100-mnopqrstuvwx\",\"offer_id\":\"offeroffer0123456789\""
                        + ",\"answer\":{\"sdp\":\"v=0\",\"type\":\"answer\"}"));
    assertThat(message.toPeerId()).isEqualTo(PeerId.of(ascii("-WW0100-mnopqrstuvwx")));
    assertThat(message.offerId()).isEqualTo(OFFER_ID);
    assertThat(text(message.sdp())).isEqualTo("\"v=0\"");
  }

  @Test
  void a_scrape_of_one_and_of_several() {
    var one = JSON.writeValueAsString(latin1(BINARY));
    assertThat(read("{\"action\":\"scrape\",\"info_hash\":" + one + "}"))
        .isEqualTo(new Scrape(List.of(BINARY)));
    assertThat(read("{\"info_hash\":[" + one + "," + one + "],\"action\":\"scrape\"}"))
        .isEqualTo(new Scrape(List.of(BINARY, BINARY)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"action\":\"announce\"}",
        "{\"action\":\"announce\",\"info_hash\":\"short\"}",
        "{\"action\":\"announce\",\"info_hash\":\"nineteen characters\",\"peer_id\":7}",
        "{\"action\":\"announce\",\"info_hash\":\"twenty characters \u0100..\"}",
        "{\"action\":\"announce\",\"info_hash\":\"01234567890123456789\"}",
        "{\"action\":\"scrape\"}",
        "{\"action\":\"scrape\",\"info_hash\":[]}",
        "{\"action\":\"dance\"}",
        "{\"action\":\"scrape\",\"info_hash\":\"01234567890123456789\"} {}",
      })
  void what_is_malformed(String json) {
    assertThat(read(json)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"offers\":[7]",
        ",\"offers\":[{}]",
        ",\"offers\":[{\"offer\":{\"type\":\"offer\",\"sdp\":\"v\"},\"offer_id\":\"0123456789012345678\"}]",
        ",\"offers\":[{\"offer\":{\"type\":\"offer\",\"sdp\":7},\"offer_id\":\"01234567890123456789\"}]",
        ",\"answer\":{\"sdp\":\"v\"},\"offer_id\":\"01234567890123456789\"",
        ",\"answer\":{\"sdp\":\"v\"},\"to_peer_id\":\"01234567890123456789\"",
        ",\"x\":[[[[[[[[[]]]]]]]]]",
      })
  void what_is_malformed_in_an_announce_with_its_info_hash(String more) {
    var malformed = (Malformed) read(announce(more));
    assertThat(malformed.infoHash()).isEqualTo(BINARY);
    assertThat(malformed.reason()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\x",
        "\\",
        "\n",
        "\\u12",
        "ends\"here",
        "\\\"",
        "fine\\\\",
        "fine\\u00e9é",
        "fine"
      })
  void a_description_is_a_string_or_the_message_is_refused(String literal) {
    var message = read(announce(offers("\"" + literal + "\"")));
    boolean isFine = literal.startsWith("fine") || literal.equals("\\\"");
    assertThat(message instanceof Announce).as(literal).isEqualTo(isFine);
    if (message instanceof Announce announce) {
      assertThat(text(announce.offers().getFirst().sdp())).isEqualTo('"' + literal + '"');
    }
  }

  @Test
  void a_description_that_is_not_utf8_is_not_passed_on() {
    var bytes = announce(offers("\"é\"")).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == (byte) 0xC3 && bytes[i + 1] == (byte) 0xA9) {
        bytes[i] = (byte) 0xC0;
      }
    }
    assertThat(WebTorrentReader.read(bytes)).isNotInstanceOf(Announce.class);
  }

  @Test
  void a_description_has_a_bound_and_so_has_a_scrape() {
    var sdp = "s".repeat(WebTorrentReader.SDP_BYTES_MAX - 2);
    var offer = ",\"offers\":[{\"offer\":{\"sdp\":\"%s\"},\"offer_id\":\"01234567890123456789\"}]";
    assertThat(read(announce(offer.formatted(sdp)))).isInstanceOf(Announce.class);
    assertThat(read(announce(offer.formatted(sdp + "s")))).isInstanceOf(Malformed.class);
    var hashes =
        Collections.nCopies(
            WebTorrentReader.SCRAPE_MAX + 1, JSON.writeValueAsString(latin1(BINARY)));
    assertThat(read("{\"action\":\"scrape\",\"info_hash\":" + hashes + "}"))
        .isInstanceOf(Malformed.class);
  }

  private static JsonNode json(WebTorrentWriter written) {
    return JSON.readTree(written.bytes(), 0, written.length());
  }

  @Test
  void what_is_written_is_json_with_the_same_twenty_bytes() {
    var writer = new WebTorrentWriter();
    var reply = json(writer.announced(BINARY, 120, new SwarmCounts(3, 9, 4), "full"));
    assertThat(reply.get("action").asString()).isEqualTo("announce");
    assertThat(reply.get("interval").asInt()).isEqualTo(120);
    assertThat(reply.get("complete").asInt()).isEqualTo(3);
    assertThat(reply.get("incomplete").asInt()).isEqualTo(4);
    assertThat(reply.get("warning message").asString()).isEqualTo("full");
    assertThat(reply.get("info_hash").asString()).isEqualTo(latin1(BINARY));

    var literal = "\"v=0\\r\\n\"".getBytes(StandardCharsets.UTF_8);
    var sdp = new Sdp(literal, 0, literal.length);
    var offer = json(writer.offer(BINARY, PEER, OFFER_ID, sdp));
    assertThat(offer.at("/offer/type").asString()).isEqualTo("offer");
    assertThat(offer.at("/offer/sdp").asString()).isEqualTo("v=0\r\n");
    assertThat(offer.get("offer_id").asString()).isEqualTo(latin1(OFFER_ID));
    assertThat(offer.get("peer_id").asString()).isEqualTo("-WW0100-abcdefghijkl");
    var answer = json(writer.answer(BINARY, PEER, OFFER_ID, sdp));
    assertThat(answer.at("/answer/type").asString()).isEqualTo("answer");
    assertThat(answer.at("/answer/sdp").asString()).isEqualTo("v=0\r\n");

    var scraped =
        json(
            writer.scraped(
                List.of(BINARY, OFFER_ID), List.of(new SwarmCounts(1, 2, 3), SwarmCounts.NONE)));
    assertThat(scraped.get("files").get(latin1(BINARY)).get("downloaded").asInt()).isEqualTo(2);
    assertThat(scraped.get("files").size()).isEqualTo(2);
    var failure = json(writer.failure(null, "no"));
    assertThat(failure.get("failure reason").asString()).isEqualTo("no");
    assertThat(failure.has("info_hash")).isFalse();
  }

  /** Whatever comes in, what goes out is JSON, and short. */
  @FuzzTest
  void any_message_is_understood_or_refused(byte[] data) {
    var writer = new WebTorrentWriter();
    switch (WebTorrentReader.read(data)) {
      case Announce announce -> {
        assertThat(announce.offers()).hasSizeLessThanOrEqualTo(WebTorrentReader.OFFERS_MAX);
        for (var offer : announce.offers()) {
          check(offer.sdp());
          json(writer.offer(announce.infoHash(), announce.peerId(), offer.offerId(), offer.sdp()));
        }
        json(writer.announced(announce.infoHash(), 1, SwarmCounts.NONE, null));
      }
      case Answer answer -> {
        check(answer.sdp());
        json(writer.answer(answer.infoHash(), answer.toPeerId(), answer.offerId(), answer.sdp()));
      }
      case Scrape scrape -> {
        assertThat(scrape.infoHashes())
            .isNotEmpty()
            .hasSizeLessThanOrEqualTo(WebTorrentReader.SCRAPE_MAX);
        var counts = Collections.nCopies(scrape.infoHashes().size(), SwarmCounts.NONE);
        json(writer.scraped(scrape.infoHashes(), counts));
      }
      case NoText _ -> assertThat(WebTorrentReader.isUtf8(data, 0, data.length)).isFalse();
      case Malformed malformed -> json(writer.failure(malformed.infoHash(), malformed.reason()));
    }
  }

  private static void check(Sdp sdp) {
    var value = JSON.readTree(sdp.message(), sdp.start(), sdp.length());
    assertThat(value.isString()).isTrue();
    assertThat(sdp.length()).isLessThanOrEqualTo(WebTorrentReader.SDP_BYTES_MAX);
    assertThat(WebTorrentReader.isUtf8(sdp.message(), sdp.start(), sdp.length())).isTrue();
  }
}

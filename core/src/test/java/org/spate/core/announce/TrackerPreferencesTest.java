package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.BigEndian;

/** What hosts say of their trackers in the DNS (BEP 34), and how name servers say it. */
class TrackerPreferencesTest {
  private static final String HOST = "tracker.example";

  private static List<String> words(TrackerPreferences preferences) {
    return preferences.ports().stream()
        .map(port -> (port.isUdp() ? "udp" : "tcp") + ":" + port.number())
        .toList();
  }

  @Test
  void theExamplesOfBep34AreRead() {
    for (var record : Vectors.of("bep34").get("records")) {
      var expected =
          record
              .get(1)
              .valueStream()
              .map(pair -> pair.get(0).asString() + ":" + pair.get(1).asInt())
              .toList();
      var preferences = TrackerPreferences.of(List.of(record.get(0).asString()));
      assertThat(words(preferences)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "v=spf1 -all", "bittorrent UDP:1", " BITTORRENT", "BITTORRENTS UDP:1"})
  void otherRecordsSayNothing(String text) {
    assertThat(TrackerPreferences.of(List.of(text))).isNull();
  }

  @Test
  void wordsThatMakeNoSenseAreIgnoredAndTheRestBounded() {
    var odd = "BITTORRENT UDP:0 UDP:65536 UDP:-1 TCP:99999999999 udp:5 UDP:7 UDP:7 SCTP:9";
    assertThat(words(TrackerPreferences.of(List.of("x", odd)))).containsExactly("udp:7");
    var many = new StringBuilder("BITTORRENT");
    for (int i = 1; i <= 100; i++) {
      many.append(" TCP:").append(i);
    }
    assertThat(TrackerPreferences.of(List.of(many.toString())).ports())
        .hasSize(TrackerPreferences.PORTS_MAX);
  }

  @ParameterizedTest
  @CsvSource({
    "http://tracker.example/announce, udp://tracker.example:1337/announce"
        + " http://tracker.example:80/announce",
    "udp://tracker.example:9, udp://tracker.example:1337 http://tracker.example:80/announce",
    "https://tracker.example/x/announce, https://tracker.example:80/x/announce"
  })
  void theHostsOwnPortsTakeThePlaceOfTheUrls(String url, String expected) {
    var preferences = TrackerPreferences.of(List.of("BITTORRENT UDP:1337 TCP:80"));
    var applied = preferences.applied(TrackerUrl.parse(url));

    assertThat(applied.stream().map(to -> to.redacted() + to.target()).toList())
        .containsExactly(expected.split(" "));
  }

  @Test
  void whoRunsNoTrackerIsNotAsked() {
    var none = TrackerPreferences.of(List.of("BITTORRENT DENY ALL"));
    var udpAlone = TrackerPreferences.of(List.of("BITTORRENT UDP:5"));

    assertThat(none.applied(TrackerUrl.parse("http://tracker.example/announce"))).isEmpty();
    assertThat(udpAlone.applied(TrackerUrl.parse("https://tracker.example/announce"))).isEmpty();
  }

  // Name servers.

  /** An answer with one record. */
  private static byte[] answer(byte[] question, int code, int type, byte[] data) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(question);
    out.writeBytes(new byte[] {(byte) 0xC0, 12, 0, (byte) type, 0, 1, 0, 0, 1, 0, 0});
    out.write(data.length);
    out.writeBytes(data);
    var packet = out.toByteArray();
    BigEndian.putShort(packet, 2, 0x8180 | code);
    BigEndian.putShort(packet, 6, 1);
    return packet;
  }

  private static byte[] strings(String... strings) {
    var out = new ByteArrayOutputStream();
    for (var string : strings) {
      out.write(string.length());
      out.writeBytes(string.getBytes(StandardCharsets.US_ASCII));
    }
    return out.toByteArray();
  }

  @Test
  void textRecordsAreReadAndPutTogether() {
    var question = DnsText.question(0x1234, HOST);
    var packet = answer(question, 0, 16, strings("BITTORRENT ", "UDP:1337"));

    assertThat(DnsText.answer(packet, question))
        .isEqualTo(new DnsText.Texts(List.of("BITTORRENT UDP:1337"), 256));
  }

  @Test
  void otherRecordsAndNoRecordsAreNoTexts() {
    var question = DnsText.question(1, HOST);
    var alias = answer(question, 0, 5, new byte[] {(byte) 0xC0, 12});
    var none = Arrays.copyOf(question, question.length);
    BigEndian.putShort(none, 2, 0x8183);

    assertThat(DnsText.answer(alias, question).texts()).isEmpty();
    assertThat(DnsText.answer(none, question).texts()).isEmpty();
  }

  @Test
  void whatIsNoAnswerToTheQuestionIsNotHeard() {
    var question = DnsText.question(0x1234, HOST);
    var good = answer(question, 0, 16, strings("BITTORRENT"));
    assertThat(DnsText.answer(answer(question, 2, 16, strings("x")), question)).isNull();
    assertThat(DnsText.answer(question, question)).as("the question itself").isNull();
    for (int at : new int[] {0, 1, 5, 13, 20, question.length - 1}) {
      var other = good.clone();
      other[at] ^= 1;
      assertThat(DnsText.answer(other, question)).as("byte %d", at).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "a..b", "a b.c", "a.b\u00e9", "."})
  void whatIsNoNameIsNotAskedFor(String host) {
    assertThat(DnsText.question(1, host)).isNull();
    assertThat(DnsText.question(1, "x".repeat(64) + ".example")).isNull();
    assertThat(DnsText.question(1, "x.".repeat(127) + "example")).isNull();
  }

  @FuzzTest(maxDuration = "1m")
  void dnsAnswer(byte[] data) {
    var question = DnsText.question(0x1234, HOST);
    var packet = Arrays.copyOf(question, question.length + data.length);
    System.arraycopy(data, 0, packet, question.length, data.length);
    BigEndian.putShort(packet, 2, 0x8180);
    BigEndian.putShort(packet, 6, 50);
    var texts = DnsText.answer(packet, question);
    assertThat(texts.seconds()).isNotNegative();
    TrackerPreferences.of(texts.texts());
    DnsText.answer(data, question);
  }
}

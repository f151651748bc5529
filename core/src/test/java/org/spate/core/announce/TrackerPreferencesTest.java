package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hosts say of their trackers in the DNS (BEP 34). */
class TrackerPreferencesTest {
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
}

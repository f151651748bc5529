package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tracker URLs come from strangers: what is accepted, and what a scrape makes of it (BEP 48). */
class TrackerUrlTest {

  @ParameterizedTest
  @CsvSource({
    "http://t.example/announce, http, t.example, 80, /announce",
    "HTTPS://T.Example/announce, https, t.example, 443, /announce",
    "http://t.example:8080, http, t.example, 8080, ''",
    "udp://t.example:6969/dir?a=b#c, udp, t.example, 6969, /dir?a=b",
    "udp://[2001:db8::1]:6969/announce, udp, 2001:db8::1, 6969, /announce",
    "http://[::1]/announce, http, ::1, 80, /announce",
    "http://t.example:/announce, http, t.example, 80, /announce",
  })
  void takes_urls_apart(String url, String scheme, String host, int port, String target) {
    assertThat(TrackerUrl.parse(url)).isEqualTo(new TrackerUrl(scheme, host, port, target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "announce",
        "://t.example/",
        "file:///etc/passwd",
        "javascript://x/announce",
        "gopher://t.example/announce",
        "udp://t.example/announce",
        "http:///announce",
        "http://:80/announce",
        "http://t.example:0/announce",
        "http://t.example:65536/announce",
        "http://t.example:+80/announce",
        "http://t.example:8080x/announce",
        "http://[::1/announce",
        "http://user:word@t.example/announce",
        "http://t.example/an nounce",
        "http://t.example/announce\r\nHost: other",
        "http://bt1.archiv\uff45.org/announce",
      })
  void refuses_what_nobody_should_announce_to(String url) {
    assertThatThrownBy(() -> TrackerUrl.parse(url)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refuses_urls_beyond_the_bound() {
    var url = "http://t.example/" + "a".repeat(TrackerUrl.LENGTH_MAX);
    assertThatThrownBy(() -> TrackerUrl.parse(url)).hasMessage("tracker URL too long");
  }

  @Test
  void scrapes_where_bep_48_says() {
    for (var pair : Vectors.of("bep48").get("pairs")) {
      var announce = TrackerUrl.parse(pair.get(0).stringValue());
      var scrape = pair.get(1).isNull() ? null : TrackerUrl.parse(pair.get(1).stringValue());
      assertThat(announce.scrapeTarget())
          .as(pair.get(0).stringValue())
          .isEqualTo(scrape == null ? null : scrape.target());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://t.example, ",
    "http://t.example/, ",
    "http://t.example?announce, ",
    "http://t.example/x?y=/announce, ",
    "http://t.example/announce/x, ",
    "http://t.example/announce?y=/announce, /scrape?y=/announce",
  })
  void scrapes_only_by_the_last_part_of_the_path(String url, String target) {
    assertThat(TrackerUrl.parse(url).scrapeTarget()).isEqualTo(target);
  }

  @Test
  void hides_the_passkey_from_logs_and_knows_a_plain_announce() {
    var url = TrackerUrl.parse("http://[::1]:80/secret/announce?key=secret");
    assertThat(url.redacted()).isEqualTo("http://[::1]:80");
    assertThat(url.isPlainAnnounce()).isFalse();
    assertThat(TrackerUrl.parse("http://127.0.0.1/announce").isPlainAnnounce()).isTrue();
    assertThat(TrackerUrl.parse("http://127.0.0.1/announce?x=1").isPlainAnnounce()).isFalse();
  }
}

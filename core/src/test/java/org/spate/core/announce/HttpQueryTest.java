package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Announces and scrapes over HTTP: what a client asks is what a tracker understands. */
class HttpQueryTest {
  private static final TrackerUrl URL = TrackerUrl.parse("http://tracker.example/announce");
  private static final String HASH = "info_hash=aaaaaaaaaaaaaaaaaaaa";
  private static final String LEAST = HASH + "&peer_id=bbbbbbbbbbbbbbbbbbbb&port=6881";

  @Test
  void an_announce_reads_as_bep_3_says() {
    assertThat(HttpTarget.announce(URL, Samples.STARTED))
        .isEqualTo(
            "/announce?info_hash=c%1A1%DD%0AF%25%7DPx%C0%DE%E4%E6n%26%F7%3EB%AC"
                + "&peer_id=-XX0001-abcdefghijkl&port=6881&uploaded=3000&downloaded=1000&left=2000"
                + "&compact=1&no_peer_id=1&key=DEADBEEF&event=started");
  }

  @ParameterizedTest
  @CsvSource({
    "http://t.example, /?info_hash",
    "http://t.example/announce?passkey=1, /announce?passkey=1&info_hash",
    "http://t.example?passkey=1, /?passkey=1&info_hash",
    "http://t.example/a/announce#part, /a/announce?info_hash",
  })
  void the_query_joins_what_the_url_already_has(String url, String beginning) {
    assertThat(HttpTarget.announce(TrackerUrl.parse(url), Samples.STARTED)).startsWith(beginning);
  }

  @Test
  void random_announces_survive_the_trip() {
    for (int seed = 0; seed < 500; seed++) {
      var request = Samples.request(new SplittableRandom(seed));
      var parsed = HttpTrackerRequest.announce(query(HttpTarget.announce(URL, request)));
      assertThat(parsed)
          .as("seed " + seed)
          .isEqualTo(new HttpTrackerRequest.Announce(request, true, false));
    }
  }

  @Test
  void random_scrapes_survive_the_trip() {
    for (int seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      var hashes =
          IntStream.range(0, random.nextInt(1, 100)).mapToObj(_ -> Samples.hash(random)).toList();
      assertThat(HttpTrackerRequest.scrape(query(HttpTarget.scrape(URL, hashes))))
          .as("seed " + seed)
          .isEqualTo(new HttpTrackerRequest.Scrape(hashes));
    }
  }

  private static String query(String target) {
    return target.substring(target.indexOf('?') + 1);
  }

  @Test
  void what_is_not_said_has_its_defaults() {
    var announce = (HttpTrackerRequest.Announce) HttpTrackerRequest.announce(LEAST);
    assertThat(announce.compact()).isTrue();
    assertThat(announce.withPeerIds()).isTrue();
    assertThat(announce.request().left()).isEqualTo(Long.MAX_VALUE);
    assertThat(announce.request().numwant()).isEqualTo(AnnounceRequest.NUMWANT_DEFAULT);
    assertThat(announce.request().event()).isEqualTo(AnnounceEvent.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "left=-1, 9223372036854775807",
    "left=99999999999999999999999, 9223372036854775807",
    "left=9223372036854775808, 9223372036854775807",
    "left=9223372036854775807, 9223372036854775807",
    "left=9999999999999999999, 9223372036854775807",
    "left=1e3, 9223372036854775807",
    "left=0, 0",
    "left=7&left=8, 7",
  })
  void numbers_out_of_range_are_unknown(String parameter, long left) {
    var announce =
        (HttpTrackerRequest.Announce) HttpTrackerRequest.announce(LEAST + "&" + parameter);
    assertThat(announce.request().left()).isEqualTo(left);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "&&&",
        "info_hash",
        "info_hash=%&peer_id=bbbbbbbbbbbbbbbbbbbb&port=1",
        "info_hash=%zz&port=1",
        "info_hash=short&peer_id=bbbbbbbbbbbbbbbbbbbb&port=1",
        "info_hash=aaaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb&port=1",
        "info_hash=aaaaaaaaaaaaaaaaaaa%u1234&peer_id=bbbbbbbbbbbbbbbbbbbb&port=1",
        HASH + "&port=1",
        HASH + "&peer_id=bbbbbbbbbbbbbbbbbbbb",
        HASH + "&peer_id=bbbbbbbbbbbbbbbbbbbb&port=65536",
        HASH + "&peer_id=bbbbbbbbbbbbbbbbbbbb&port=-1",
        HASH + "&peer_id=bbbbbbbbbbbbbbbbbbbb&port=",
        HASH + "&peer_id=bbbbbbbbbbbbbbbbbbbb&port=\u0661",
        LEAST + "&x=\u20ac",
      })
  void broken_announces_are_refused_with_a_reason(String query) {
    assertThat(HttpTrackerRequest.announce(query)).isInstanceOf(HttpTrackerRequest.Malformed.class);
  }

  @Test
  void the_size_of_a_query_has_bounds() {
    assertThat(HttpTrackerRequest.announce(LEAST + "&x=" + "y".repeat(9_000)))
        .isEqualTo(new HttpTrackerRequest.Malformed("query too long"));
    assertThat(HttpTrackerRequest.announce(LEAST + "&x=1".repeat(200)))
        .isEqualTo(new HttpTrackerRequest.Malformed("too many parameters"));
    assertThat(HttpTrackerRequest.scrape((HASH + "&").repeat(101)))
        .isEqualTo(new HttpTrackerRequest.Malformed("too many info_hash"));
  }

  @Test
  void a_scrape_without_an_info_hash_asks_for_all() {
    for (var query : new String[] {"", "&", "x=1", "x_info_hash=aaaaaaaaaaaaaaaaaaaa"}) {
      assertThat(HttpTrackerRequest.scrape(query))
          .as(query)
          .isEqualTo(new HttpTrackerRequest.FullScrape());
    }
  }

  @Test
  void addresses_that_the_client_claims_are_not_even_read() {
    assertThat(HttpTrackerRequest.announce(LEAST + "&ip=192.0.2.1&ipv6=::1"))
        .isEqualTo(HttpTrackerRequest.announce(LEAST));
  }

  @Test
  void a_plus_is_a_space_and_any_escape_is_a_byte() {
    var announce =
        (HttpTrackerRequest.Announce)
            HttpTrackerRequest.announce(
                "info_hash=%00%ff%FF%2B+aaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb&port=1");
    assertThat(Samples.text(announce.request().infoHash().bytes()))
        .isEqualTo("\0\u00ff\u00ff+ aaaaaaaaaaaaaaa");
  }

  @Test
  void a_url_that_is_no_announce_has_no_scrape() {
    assertThat(HttpTarget.scrape(TrackerUrl.parse("http://t.example/a"), List.of(Samples.HASH)))
        .isNull();
  }
}

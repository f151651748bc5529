package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/** Bodies of HTTP trackers, written and read: published ones, random ones, hostile ones. */
class HttpResponseTest {

  @Test
  void the_reply_of_bep_7_has_peers_of_both_families() {
    var vector = Vectors.of("bep7-response").get("bencoded").stringValue();
    assertThat(HttpResponseReader.announce(Samples.latin1(vector)))
        .isEqualTo(
            AnnounceReply.of(
                1800,
                AnnounceReply.UNKNOWN,
                AnnounceReply.UNKNOWN,
                List.of(
                    Endpoint.v4(0x69696969, 28784),
                    new Endpoint(0x6969696969696969L, 0x6969696969696969L, 28784))));
  }

  @Test
  void the_scrape_of_bep_48_both_ways() {
    var body = Samples.latin1(Vectors.of("bep48-response").get("bencoded").stringValue());
    var swarms = new LinkedHashMap<Hash160, SwarmCounts>();
    swarms.put(Hash160.of(Samples.latin1("x".repeat(20))), new SwarmCounts(11, 13772, 19));
    swarms.put(Hash160.of(Samples.latin1("y".repeat(20))), new SwarmCounts(21, 206, 20));
    assertThat(HttpResponseReader.scrape(body)).isEqualTo(new ScrapeReply(swarms));
    assertThat(HttpResponseWriter.scrape(new ScrapeReply(swarms))).isEqualTo(body);
  }

  @Test
  void failures_of_bep_31_both_ways() {
    for (var pair : Vectors.of("bep31").get("pairs")) {
      var body = Samples.latin1(pair.get(0).stringValue());
      int seconds = pair.get(1).isString() ? TrackerFailure.NEVER : pair.get(1).intValue() * 60;
      var failure = (TrackerFailure) HttpResponseReader.announce(body);
      assertThat(failure.retryInSeconds()).isEqualTo(seconds);
      assertThat(HttpResponseReader.scrape(HttpResponseWriter.failure(failure))).isEqualTo(failure);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "i5e, 300",
    "1:5, 300",
    "5:never, 2147483647",
    "i0e, 0",
    "i-5e, 0",
    "i9223372036854775807e, 0",
    "4:soon, 0",
    "le, 0",
  })
  void a_retry_time_that_makes_no_sense_is_left_to_the_back_off(String value, int seconds) {
    var body = Samples.latin1("d14:failure reason4:busy8:retry in" + value + "e");
    assertThat(HttpResponseReader.announce(body)).isEqualTo(new TrackerFailure("busy", seconds));
  }

  @Test
  void random_compact_replies_survive_the_trip() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new SplittableRandom(seed);
      var v4 = Samples.peers(random, true, false);
      var v6 = Samples.peers(random, false, true);
      var reply =
          new AnnounceReply(
              random.nextInt(10_000),
              random.nextInt(3) * 100,
              random.nextInt(-1, 1000),
              random.nextInt(-1, 1000),
              Stream.concat(v4.stream(), v6.stream()).toList(),
              List.of(),
              random.nextBoolean() ? "m\u00fcde" : null,
              random.nextBoolean()
                  ? Samples.v6(random).withPort(0)
                  : Samples.v4(random).withPort(0));
      assertThat(HttpResponseReader.announce(HttpResponseWriter.compact(reply)))
          .as("seed " + seed)
          .isEqualTo(reply);
    }
  }

  @Test
  void random_full_replies_survive_the_trip_with_and_without_ids() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new SplittableRandom(seed);
      var peers = Samples.peers(random, true, true);
      var ids = peers.stream().map(_ -> new PeerId(Samples.hash(random))).toList();
      var reply =
          new AnnounceReply(
              1800, 0, 1, 2, peers, random.nextBoolean() ? ids : List.of(), null, null);
      assertThat(HttpResponseReader.announce(HttpResponseWriter.full(reply)))
          .as("seed " + seed)
          .isEqualTo(reply);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "i0e, 0",
    "i-1e, 1800",
    "i2147483648e, 2147483647",
    "i9223372036854775807e, 2147483647",
    "3:600, 1800",
    "de, 1800",
  })
  void intervals_of_any_kind_become_seconds_from_0_to_the_greatest(String value, int seconds) {
    var body = Samples.latin1("d8:interval" + value + "12:min interval" + value + "e");
    var reply = (AnnounceReply) HttpResponseReader.announce(body);
    assertThat(reply.intervalSeconds()).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "d5:peersi5ee",
        "d5:peersde e",
        "d5:peersli1ei2eee",
        "d5:peersld2:ip9:127.0.0.1eee",
        "d5:peersld2:ip9:127.0.0.14:porti0eeee",
        "d5:peersld2:ip9:127.0.0.14:porti65536eeee",
        "d5:peersld2:ip9:localhost4:porti80eeee",
        "d5:peersld2:ipi1e4:porti80eeee",
        "d5:peers5:abcdee",
        "d5:peers6:abcd\0\0e",
        "d6:peers617:abcdefghijklmnopqe",
        "d6:peers6lee",
        "d11:external ip3:abce",
      })
  void peers_of_a_wrong_type_are_as_if_absent(String body) {
    var response = HttpResponseReader.announce(Samples.latin1(body));
    if (response instanceof AnnounceReply reply) {
      assertThat(reply.peers()).isEmpty();
      assertThat(reply.externalAddress()).isNull();
    } else {
      assertThat(response).isInstanceOf(TrackerFailure.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>404</html>", "i5e", "le", "d", "d5:peers9999999:e", "\0\0\0"})
  void what_is_no_answer_is_a_failure(String body) {
    for (var response :
        List.of(
            HttpResponseReader.announce(Samples.latin1(body)),
            HttpResponseReader.scrape(Samples.latin1(body)))) {
      assertThat(response)
          .isInstanceOfSatisfying(
              TrackerFailure.class,
              failure -> assertThat(failure.retryInSeconds()).isEqualTo(TrackerFailure.BACK_OFF));
    }
  }

  @Test
  void a_huge_body_and_a_huge_list_are_cut_off() {
    assertThat(HttpResponseReader.announce(new byte[HttpResponseReader.BODY_BYTES_MAX + 1]))
        .isInstanceOf(TrackerFailure.class);
    var peers = "\1\2\3\4\5\6".repeat(150_000);
    var reply =
        (AnnounceReply)
            HttpResponseReader.announce(
                Samples.latin1("d5:peers" + peers.length() + ":" + peers + "e"));
    assertThat(reply.peers()).hasSize(HttpResponseReader.PEER_COUNT_MAX);
  }

  @Test
  void nesting_without_end_is_a_failure() {
    var body = Samples.latin1("d5:peers" + "l".repeat(500_000));
    assertThat(HttpResponseReader.announce(body)).isInstanceOf(TrackerFailure.class);
  }

  @Test
  void messages_of_strangers_are_cut_to_a_length() {
    var long_ = "x".repeat(100_000);
    var failure = "d14:failure reason100000:" + long_ + "e";
    var warning = "d15:warning message100000:" + long_ + "e";
    assertThat(((TrackerFailure) HttpResponseReader.announce(Samples.latin1(failure))).reason())
        .hasSize(TrackerFailure.REASON_LENGTH_MAX);
    assertThat(((AnnounceReply) HttpResponseReader.announce(Samples.latin1(warning))).warning())
        .hasSize(TrackerFailure.REASON_LENGTH_MAX);
  }

  @Test
  void a_line_break_behind_the_answer_does_no_harm() {
    assertThat(HttpResponseReader.announce(Samples.latin1("d8:intervali900ee\r\n")))
        .isInstanceOf(AnnounceReply.class);
  }
}

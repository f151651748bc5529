package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.HttpResponseReader;
import org.spate.core.announce.HttpTarget;
import org.spate.core.announce.ScrapeReply;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.announce.UdpRequest;
import org.spate.core.announce.UdpResponse;

/** The tracker's side of UDP and HTTP, byte for byte but without sockets. */
class ResponderTest {
  private static final long SECOND = 1_000_000_000L;
  private static final TrackerUrl URL = TrackerUrl.parse("http://t.example/announce");
  private static final Hash160 SWARM = Hash160.parse("631a31dd0a46257d5078c0dee4e66e26f73e42ac");
  private static final Endpoint V4 = Endpoint.v4(0xC0000201, 50000);
  private static final Endpoint V6 = new Endpoint(0x20010db8L << 32, 1, 50000);

  private final TrackerPolicy policy = TrackerPolicy.DEFAULT;
  private final TrackerLogic logic =
      new TrackerLogic(
          policy,
          new CompactPeerStore(policy, new SplittableRandom(1), new SplittableRandom(2)),
          0);
  private final UdpResponder udp =
      new UdpResponder(logic, new ConnectionIds(new SplittableRandom(3)), (_, _, _) -> {});
  private final HttpResponder http = new HttpResponder(logic, new SplittableRandom(4));
  private long now = 1_000_000 * SECOND;

  private static AnnounceRequest request(int id, int port) {
    return new AnnounceRequest(
        SWARM, new PeerId(new Hash160(id, 0, 0)), port, 0, 0, 1, AnnounceEvent.STARTED, -1, 0);
  }

  private UdpResponse ask(UdpRequest request, Endpoint source) {
    var packet = request.encode();
    var answer = udp.answer(packet, source, now);
    return UdpResponse.decode(answer, answer.length, !source.isV4());
  }

  private long connect(Endpoint source) {
    return ((UdpResponse.Connected) ask(new UdpRequest.Connect(7), source)).connectionId();
  }

  private UdpResponse announce(long connectionId, Endpoint source, int id, int port) {
    return ask(new UdpRequest.Announce(connectionId, 8, request(id, port), ""), source);
  }

  private AnnounceReply get(AnnounceRequest request, Endpoint source) {
    var body = http.answer(HttpTarget.announce(URL, request), source, now).body();
    return (AnnounceReply) HttpResponseReader.announce(body);
  }

  @Test
  void peers_find_each_other_over_every_front_and_family() {
    announce(connect(V4), V4, 1, 1001);
    announce(connect(V6), V6, 2, 1002);
    get(request(3, 1003), V4);
    get(request(4, 1004), V6);

    assertThat(get(request(5, 1005), V4).peers())
        .containsExactlyInAnyOrder(
            V4.withPort(1001), V6.withPort(1002), V4.withPort(1003), V6.withPort(1004));
    assertThat(peers(announce(connect(V4), V4, 5, 1005)))
        .containsExactlyInAnyOrder(V4.withPort(1001), V4.withPort(1003));
    assertThat(peers(announce(connect(V6), V6, 6, 1006)))
        .containsExactlyInAnyOrder(V6.withPort(1002), V6.withPort(1004));
  }

  private static List<Endpoint> peers(UdpResponse response) {
    return ((UdpResponse.Announced) response).reply().peers();
  }

  @Test
  void a_connection_id_holds_for_two_minutes_and_for_its_address() {
    now += SECOND / 2;
    long id = connect(V4);
    record Case(String what, long id, Endpoint source, long afterSeconds, boolean valid) {}
    for (var c :
        List.of(
            new Case("fresh", id, V4, 0, true),
            new Case("another port", id, V4.withPort(1), 0, true),
            new Case("old", id, V4, 119, true),
            new Case("too old", id, V4, 121, false),
            new Case("old by the round of its 16 bits", id, V4, 65_536, false),
            new Case("of another address", id, Endpoint.v4(0xC0000202, 50000), 0, false),
            new Case("of another family", id, V6, 0, false),
            new Case("guessed", id ^ 1, V4, 0, false),
            new Case("of the future", id + (1L << 48), V4, 0, false),
            new Case("zero", 0, V4, 0, false))) {
      long start = now;
      now += c.afterSeconds * SECOND;
      var response = announce(c.id, c.source, 1, 1001);
      assertThat(response instanceof UdpResponse.Announced).as(c.what).isEqualTo(c.valid);
      now = start;
    }
    assertThat(logic.counters().of(Count.REFUSED_UDP_CONNECTION_ID)).isEqualTo(7);
  }

  @Test
  void connection_ids_of_different_sources_and_times_differ() {
    var ids = new HashSet<Long>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(connect(Endpoint.v4(i, 1)) & 0xFFFF_FFFF_FFFFL);
    }
    assertThat(ids).hasSize(10_000);
  }

  @Test
  void an_unproved_source_never_gets_more_bytes_than_it_sent() {
    var shortest =
        List.of(
            new UdpRequest.Connect(1),
            new UdpRequest.Announce(5, 1, request(1, 1001), ""),
            new UdpRequest.Scrape(5, 1, List.of(SWARM)));
    for (var request : shortest) {
      for (var source : List.of(V4, V6)) {
        var packet = request.encode();
        assertThat(udp.answer(packet, source, now)).hasSizeLessThanOrEqualTo(packet.length);
      }
    }
  }

  @Test
  void packets_fit_one_frame_whatever_is_wanted() {
    for (int i = 0; i < 400; i++) {
      get(request(1000 + i, 1 + i), V4);
      get(request(2000 + i, 1 + i), V6);
    }
    for (var source : List.of(V4, V6)) {
      var greedy =
          new AnnounceRequest(
              SWARM, new PeerId(SWARM), 9, 0, 0, 1, AnnounceEvent.NONE, Integer.MAX_VALUE, 0);
      var packet = new UdpRequest.Announce(connect(source), 1, greedy, "").encode();
      var answer = udp.answer(packet, source, now);
      assertThat(answer).hasSizeBetween(1100, source.isV4() ? 1472 : 1232);
    }
  }

  @Test
  void scrapes_over_both_fronts() {
    get(request(1, 1001), V4);
    var unknown = new Hash160(9, 9, 9);
    var scraped =
        (UdpResponse.Scraped)
            ask(new UdpRequest.Scrape(connect(V4), 1, List.of(unknown, SWARM)), V4);
    assertThat(scraped.swarms()).containsExactly(SwarmCounts.NONE, new SwarmCounts(0, 0, 1));
    var body = http.answer(HttpTarget.scrape(URL, List.of(unknown, SWARM)), V4, now).body();
    assertThat(((ScrapeReply) HttpResponseReader.scrape(body)).swarms())
        .containsEntry(unknown, SwarmCounts.NONE)
        .containsEntry(SWARM, new SwarmCounts(0, 0, 1));
  }

  @Test
  void a_client_that_wants_no_compact_list_gets_addresses_and_ids() {
    get(request(1, 1001), V4);
    var target =
        HttpTarget.announce(URL, request(2, 1002)).replace("compact=1&no_peer_id=1", "compact=0");
    var body = text(http.answer(target, V4, now));
    assertThat(body).contains("5:peersld2:ip9:192.0.2.17:peer id20:").contains("4:porti1001ee");
    body = text(http.answer(target + "&no_peer_id=1", V4, now));
    assertThat(body).contains("5:peersld2:ip9:192.0.2.14:porti1001ee");
  }

  @Test
  void the_address_a_client_claims_is_ignored() {
    var target = HttpTarget.announce(URL, request(1, 1001)) + "&ip=203.0.113.9&ipv4=203.0.113.9";
    http.answer(target, V4, now);
    assertThat(get(request(2, 1002), V4).peers()).containsExactly(V4.withPort(1001));
  }

  @Test
  void tells_clients_the_address_they_come_from() {
    assertThat(get(request(1, 1001), V4).externalAddress()).isEqualTo(V4.withPort(0));
    assertThat(get(request(1, 1001), V6).externalAddress()).isEqualTo(V6.withPort(0));
  }

  @Test
  void what_is_wrong_is_told_and_counted() {
    assertThat(text(http.answer("/announce?info_hash=short", V4, now)))
        .isEqualTo("d14:failure reason28:info_hash must have 20 bytese");
    assertThat(http.answer("/secret", V4, now).status()).isEqualTo(404);
    assertThat(text(http.answer(HttpTarget.announce(URL, request(1, 0)), V4, now)))
        .contains("failure reason");
    assertThat(udp.answer(new byte[15], V4, now)).isNull();
    assertThat(udp.answer(new UdpRequest.Connect(1).encode(), V4.withPort(0), now)).isNull();
    assertThat(logic.counters().of(Count.REFUSED_HTTP_MALFORMED)).isOne();
    assertThat(logic.counters().of(Count.REFUSED_HTTP_NOT_FOUND)).isOne();
    assertThat(logic.counters().of(Count.REFUSED_PORT_ZERO)).isOne();
    assertThat(logic.counters().of(Count.REFUSED_UDP_MALFORMED)).isEqualTo(2);
  }

  private static String text(HttpAnswer answer) {
    return new String(answer.body(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void statistics_have_addresses_of_their_own() {
    assertThat(http.answer("/stats", V4, now).contentType()).isEqualTo("application/json");
    assertThat(text(http.answer("/stats", V4, now))).startsWith("{\"uptime_seconds\":1000000,");
    assertThat(text(http.answer("/metrics?x", V4, now))).startsWith("# HELP ");
  }

  @FuzzTest
  void any_packet_and_any_target_are_answered_or_dropped(byte[] data) {
    var answer = udp.answer(data, V4, now);
    if (answer != null) {
      assertThat(answer).hasSizeLessThanOrEqualTo(data.length);
    }
    var target = new String(data, StandardCharsets.ISO_8859_1);
    assertThat(http.answer(target, V4, now).status()).isIn(200, 404);
    assertThat(http.answer("/announce?" + target, V4, now).status()).isEqualTo(200);
    assertThat(http.answer("/scrape?" + target, V4, now).status()).isEqualTo(200);
  }
}

package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.HttpTarget;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.announce.UdpRequest;
import org.spate.core.announce.UdpResponse;

/** What strangers may try: each has a bound, and a counter that says so. */
class AbuseTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Hash160 SWARM = new Hash160(1, 0, 0);
  private static final TrackerUrl URL = TrackerUrl.parse("http://t.example/announce");
  private static final Endpoint STRANGER = Endpoint.v4(0xC0000201, 50_000);
  private static final Endpoint HONEST = Endpoint.v4(0xC0000202, 50_000);
  private static final int REQUESTS_MAX = 20;

  private TrackerPolicy policy = TrackerPolicy.DEFAULT;
  private TrackerLogic logic = logic();
  private UdpResponder udp = udp();
  private HttpResponder http = new HttpResponder(logic, new SplittableRandom(4));
  private long now = 100 * SECOND;

  private TrackerLogic logic() {
    return new TrackerLogic(
        policy, new CompactPeerStore(policy, new SplittableRandom(1), new SplittableRandom(2)), 0);
  }

  private UdpResponder udp() {
    return new UdpResponder(logic, new ConnectionIds(new SplittableRandom(3)), (_, _, _) -> {});
  }

  private void begin(TrackerPolicy other) {
    policy = other;
    logic = logic();
    udp = udp();
    http = new HttpResponder(logic, new SplittableRandom(4));
  }

  private long count(Count count) {
    return logic.counters().of(count);
  }

  private static AnnounceRequest request(
      Hash160 swarm, int id, int port, AnnounceEvent event, int numwant) {
    return new AnnounceRequest(
        swarm, new PeerId(new Hash160(id, 0, 0)), port, 0, 0, 1, event, numwant, 0);
  }

  private @Nullable UdpResponse ask(UdpRequest request, Endpoint source) {
    var answer = udp.answer(request.encode(), source, now);
    return answer == null ? null : UdpResponse.decode(answer, answer.length, !source.isV4());
  }

  private long connect(Endpoint source) {
    return ((UdpResponse.Connected) ask(new UdpRequest.Connect(7), source)).connectionId();
  }

  private @Nullable UdpResponse announce(long id, AnnounceRequest request, Endpoint source) {
    return ask(new UdpRequest.Announce(id, 8, request, ""), source);
  }

  private @Nullable UdpResponse announce(AnnounceRequest request, Endpoint source) {
    return announce(connect(source), request, source);
  }

  private static AnnounceRequest plain() {
    return request(SWARM, 1, 7_000, AnnounceEvent.NONE, 50);
  }

  private String get(AnnounceRequest request, Endpoint source) {
    var answer = http.answer(HttpTarget.announce(URL, request), source, now);
    return new String(answer.body(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void forged_connection_ids_leave_no_trace_but_in_the_counter() {
    for (int i = 0; i < 1_000; i++) {
      announce(i * 0x9E3779B97F4A7C15L, plain(), Endpoint.v4(i, 1 + i));
    }
    assertThat(count(Count.REFUSED_UDP_CONNECTION_ID)).isEqualTo(1_000);
    assertThat(count(Count.UDP_ANNOUNCES)).isZero();
    assertThat(logic.peerCount()).isZero();
  }

  @Test
  void an_address_that_asks_too_often_is_heard_again_in_the_next_second() {
    logic.limit(new RequestQuota(REQUESTS_MAX, 9));
    long id = connect(STRANGER);
    for (int i = 0; i < REQUESTS_MAX; i++) {
      assertThat(announce(id, plain(), STRANGER.withPort(1 + i))).isNotNull();
    }
    assertThat(announce(id, plain(), STRANGER)).isNull();
    assertThat(ask(new UdpRequest.Scrape(id, 1, List.of(SWARM)), STRANGER)).isNull();
    assertThat(get(plain(), STRANGER)).contains("too many requests");
    assertThat(count(Count.REFUSED_FLOOD)).isEqualTo(3);
    assertThat(announce(plain(), HONEST)).isNotNull();
    now += SECOND;
    assertThat(announce(id, plain(), STRANGER)).isNotNull();
  }

  @Test
  void nobody_uses_up_what_another_may_ask() {
    logic.limit(new RequestQuota(REQUESTS_MAX, 9));
    for (int i = 0; i < 10 * REQUESTS_MAX; i++) {
      ask(new UdpRequest.Connect(i), HONEST); // by somebody who forges its address
      announce(i, plain(), HONEST);
    }
    assertThat(announce(plain(), HONEST)).isInstanceOf(UdpResponse.Announced.class);
    assertThat(count(Count.REFUSED_FLOOD)).isZero();
  }

  @Test
  void a_host_with_many_ipv6_addresses_is_one_and_the_trackers_own_has_no_bound() {
    logic.limit(new RequestQuota(REQUESTS_MAX, 9));
    for (int i = 0; i <= REQUESTS_MAX; i++) {
      get(plain(), new Endpoint(0x20010db8L << 32, i, 7_000));
      get(plain(), Endpoint.v4(0x7F000001, 7_000));
      get(plain(), Endpoint.v4(0x7F000001, 7_000));
    }
    assertThat(count(Count.REFUSED_FLOOD)).isOne();
  }

  @Test
  void who_wants_a_million_peers_gets_what_there_is_for_anybody() {
    for (int i = 0; i < 400; i++) {
      get(request(SWARM, i, 1 + i, AnnounceEvent.STARTED, 0), HONEST);
    }
    var greedy = request(SWARM, 999, 7_000, AnnounceEvent.NONE, Integer.MAX_VALUE);
    assertThat(get(greedy, STRANGER)).contains("5:peers" + 6 * policy.numwantMax() + ":");
    announce(greedy, STRANGER);
    assertThat(count(Count.CUT_NUMWANT)).isEqualTo(2);
  }

  @Test
  void ports_that_nobody_listens_on_are_refused() {
    record Case(int portMin, int port, Count count) {}
    for (var c :
        List.of(
            new Case(1, 0, Count.REFUSED_PORT_ZERO),
            new Case(1_024, 0, Count.REFUSED_PORT_ZERO),
            new Case(1_024, 80, Count.REFUSED_PORT),
            new Case(1_024, 1_023, Count.REFUSED_PORT))) {
      begin(TrackerPolicy.DEFAULT.withPortMin(c.portMin));
      var request = request(SWARM, 1, c.port, AnnounceEvent.STARTED, 50);
      assertThat(announce(request, STRANGER)).isInstanceOf(UdpResponse.Refused.class);
      assertThat(get(request, STRANGER)).contains("failure reason");
      assertThat(count(c.count)).as(c.toString()).isEqualTo(2);
      assertThat(logic.peerCount()).isZero();
    }
  }

  @Test
  void events_out_of_order_do_no_harm() {
    record Case(String what, List<AnnounceEvent> events, int peers, int downloaded, int counted) {}
    for (var c :
        List.of(
            new Case("stopped first", List.of(AnnounceEvent.STOPPED), 0, 0, 1),
            new Case(
                "stopped twice",
                List.of(AnnounceEvent.STARTED, AnnounceEvent.STOPPED, AnnounceEvent.STOPPED),
                0,
                0,
                1),
            new Case(
                "started twice", List.of(AnnounceEvent.STARTED, AnnounceEvent.STARTED), 1, 0, 0),
            new Case(
                "completed twice",
                List.of(AnnounceEvent.STARTED, AnnounceEvent.COMPLETED, AnnounceEvent.COMPLETED),
                1,
                1,
                0),
            new Case("completed only", List.of(AnnounceEvent.COMPLETED), 1, 1, 0))) {
      begin(TrackerPolicy.DEFAULT);
      c.events.forEach(event -> get(request(SWARM, 1, 7_000, event, 50), STRANGER));
      assertThat(logic.peerCount()).as(c.what).isEqualTo(c.peers);
      assertThat(count(Count.EVENTS_OUT_OF_ORDER)).as(c.what).isEqualTo(c.counted);
      var scrape = new Scrape(1);
      scrape.add(SWARM);
      logic.scrape(scrape, now);
      assertThat(scrape.counts(0).downloaded()).as(c.what).isEqualTo(c.downloaded);
    }
  }

  @Test
  void random_torrents_from_one_address_end_at_its_bound_and_leave_others_alone() {
    begin(TrackerPolicy.DEFAULT.withBounds(1_000, 1_000, 50));
    get(request(SWARM, 1, 7_000, AnnounceEvent.STARTED, 50), HONEST);
    for (int i = 0; i < 500; i++) {
      get(request(new Hash160(~i, i, 0), 2, 7_000, AnnounceEvent.STARTED, 50), STRANGER);
    }
    assertThat(logic.peerCount()).isEqualTo(51);
    assertThat(count(Count.UNLISTED_TOO_MANY_OF_ADDRESS)).isEqualTo(450);
    assertThat(count(Count.EVICTED_PEERS) + count(Count.EVICTED_TORRENTS)).isZero();
    assertThat(get(request(SWARM, 3, 7_001, AnnounceEvent.NONE, 50), HONEST)).contains("5:peers6:");
  }

  @Test
  void garbage_is_dropped_or_answered_with_less_and_always_counted() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 5_000; i++) {
      var packet = new byte[random.nextInt(200)];
      random.nextBytes(packet);
      if (packet.length > 12 && random.nextBoolean()) {
        packet[8] = packet[9] = packet[10] = 0; // an action that exists
        packet[11] = (byte) random.nextInt(4);
      }
      long before = count(Count.REFUSED_UDP_MALFORMED) + count(Count.REFUSED_UDP_CONNECTION_ID);
      var answer = udp.answer(packet, STRANGER, now);
      assertThat(count(Count.REFUSED_UDP_MALFORMED) + count(Count.REFUSED_UDP_CONNECTION_ID))
          .isEqualTo(before + 1);
      assertThat(answer == null ? 0 : answer.length).isLessThanOrEqualTo(packet.length);
    }
    assertThat(logic.peerCount()).isZero();
  }

  /** Once it is proved where a source is, an answer may be longer; before, never. */
  @Test
  void what_a_forged_source_can_trigger_is_never_more_than_what_was_sent() {
    for (int i = 0; i < 300; i++) {
      get(request(SWARM, i, 1 + i, AnnounceEvent.STARTED, 0), HONEST);
    }
    var forged = new ArrayList<UdpRequest>();
    forged.add(new UdpRequest.Connect(1));
    forged.add(new UdpRequest.Announce(5, 1, plain(), ""));
    forged.add(new UdpRequest.Announce(connect(HONEST), 1, plain(), "")); // another's id
    forged.add(new UdpRequest.Scrape(5, 1, List.of(SWARM)));
    forged.add(new UdpRequest.Scrape(connect(HONEST), 1, List.of(SWARM, SWARM)));
    for (var request : forged) {
      var packet = request.encode();
      var answer = udp.answer(packet, STRANGER, now);
      assertThat(answer.length).as(request.toString()).isLessThanOrEqualTo(packet.length);
    }
    assertThat(((UdpResponse.Announced) announce(plain(), STRANGER)).reply().peers()).hasSize(50);
  }
}

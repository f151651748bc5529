package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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
import org.spate.core.announce.SwarmCounts;
import org.spate.core.announce.TrackerFailure;

/** What the tracker answers, in virtual time, over the store in memory. */
class TrackerLogicTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Hash160 SWARM = hash(1);
  private static final TrackerPolicy POLICY = TrackerPolicy.DEFAULT;

  private TrackerPolicy policy = POLICY;
  private CompactPeerStore store = store(policy);
  private TrackerLogic logic = new TrackerLogic(policy, store, 0);
  private long now;

  private static CompactPeerStore store(TrackerPolicy policy) {
    return new CompactPeerStore(policy, new SplittableRandom(1), new SplittableRandom(2));
  }

  private void begin(TrackerPolicy policy) {
    this.policy = policy;
    store = store(policy);
    logic = new TrackerLogic(policy, store, 0);
  }

  private static Hash160 hash(int number) {
    return new Hash160(number, 0, 0);
  }

  private static Endpoint v4(int number) {
    return Endpoint.v4(0x0B000000 + number, 7000);
  }

  private static Endpoint v6(int number) {
    return new Endpoint(0x20010db8L << 32 | number, 1, 7000);
  }

  private static AnnounceRequest request(
      Hash160 swarm, int id, long left, AnnounceEvent event, int numwant) {
    return new AnnounceRequest(swarm, new PeerId(hash(id)), 7000, 0, 0, left, event, numwant, 0);
  }

  private AnnounceReply announce(Endpoint peer, int id, long left, AnnounceEvent event) {
    return announce(SWARM, peer, id, left, event, AnnounceRequest.NUMWANT_DEFAULT);
  }

  private AnnounceReply announce(
      Hash160 swarm, Endpoint peer, int id, long left, AnnounceEvent event, int numwant) {
    var request = request(swarm, id, left, event, numwant);
    return (AnnounceReply) logic.announce(request, peer, now);
  }

  private void leechers(int from, int to) {
    for (int i = from; i < to; i++) {
      announce(v4(i), i, 1, AnnounceEvent.STARTED);
    }
  }

  private void seeds(int from, int to) {
    for (int i = from; i < to; i++) {
      announce(v4(i), i, 0, AnnounceEvent.STARTED);
    }
  }

  @Test
  void hands_out_50_random_peers_by_default_200_at_most_and_none_twice() {
    leechers(0, 1000);
    record Case(int numwant, int peers) {}
    for (var c : List.of(new Case(-1, 50), new Case(0, 0), new Case(7, 7), new Case(5000, 200))) {
      var reply = announce(SWARM, v4(0), 0, 1, AnnounceEvent.NONE, c.numwant);
      assertThat(reply.peers()).as(c.toString()).hasSize(c.peers).doesNotHaveDuplicates();
      assertThat(reply.intervalSeconds()).isEqualTo(1800);
      assertThat(reply.minIntervalSeconds()).isEqualTo(900);
      assertThat(reply.incomplete()).isEqualTo(1000);
    }
  }

  @Test
  void every_peer_is_as_likely_as_any_other() {
    leechers(0, 101);
    var hits = new int[101];
    for (int i = 0; i < 2000; i++) {
      for (var peer : announce(v4(0), 0, 1, AnnounceEvent.NONE).peers()) {
        hits[peer.v4Address() - v4(0).v4Address()]++;
      }
    }
    assertThat(hits[0]).isZero();
    for (int i = 1; i <= 100; i++) {
      assertThat(hits[i]).as("peer " + i).isBetween(850, 1150); // 1000 expected
    }
  }

  @Test
  void never_hands_out_the_asker_whatever_the_size_of_the_swarm() {
    for (int size = 1; size < 120; size++) {
      announce(v4(size), size, size % 3, AnnounceEvent.STARTED);
      for (int asker = 1; asker <= size; asker++) {
        var reply = announce(v4(asker), asker, asker % 3, AnnounceEvent.NONE);
        assertThat(reply.peers()).doesNotContain(v4(asker));
        int others = asker % 3 == 0 ? size - size / 3 : size - 1;
        assertThat(reply.peers()).as("%d of %d", asker, size).hasSize(Math.min(others, 50));
      }
    }
  }

  @Test
  void never_hands_out_the_askers_address_of_the_other_family() {
    announce(v4(1), 1, 1, AnnounceEvent.STARTED);
    announce(v6(1), 1, 1, AnnounceEvent.STARTED);
    assertThat(announce(v4(1), 1, 1, AnnounceEvent.NONE).peers()).isEmpty();
  }

  @Test
  void seeds_get_no_seeds_and_leechers_get_both() {
    seeds(0, 20);
    leechers(100, 110);
    assertThat(announce(v4(0), 0, 0, AnnounceEvent.NONE).peers())
        .hasSize(10)
        .allMatch(peer -> peer.v4Address() >= v4(100).v4Address());
    assertThat(announce(v4(100), 100, 1, AnnounceEvent.NONE).peers()).hasSize(29);
  }

  @Test
  void peers_of_both_families_find_each_other() {
    for (int i = 0; i < 80; i++) {
      announce(v4(i), i, 1, AnnounceEvent.STARTED);
      announce(v6(i), 1000 + i, 1, AnnounceEvent.STARTED);
    }
    for (var asker : List.of(v4(0), v6(0))) {
      var peers = announce(asker, asker.isV4() ? 0 : 1000, 1, AnnounceEvent.NONE).peers();
      assertThat(peers).hasSize(50);
      assertThat(peers.stream().filter(Endpoint::isV4)).hasSizeBetween(20, 30);
    }
  }

  @Test
  void a_leecher_that_completes_becomes_a_seed_and_is_counted_once() {
    announce(v4(1), 1, 5, AnnounceEvent.STARTED);
    announce(v4(2), 2, 5, AnnounceEvent.STARTED);
    assertThat(counts()).isEqualTo(new SwarmCounts(0, 0, 2));
    announce(v4(1), 1, 0, AnnounceEvent.COMPLETED);
    announce(v4(1), 1, 0, AnnounceEvent.COMPLETED);
    assertThat(counts()).isEqualTo(new SwarmCounts(1, 1, 1));
    announce(v4(1), 1, 5, AnnounceEvent.NONE);
    announce(v4(1), 1, 0, AnnounceEvent.COMPLETED);
    assertThat(counts()).isEqualTo(new SwarmCounts(1, 1, 1));
    announce(v4(1), 1, 0, AnnounceEvent.STOPPED);
    assertThat(counts()).isEqualTo(new SwarmCounts(0, 1, 1));
  }

  private SwarmCounts counts() {
    return counts(SWARM);
  }

  private SwarmCounts counts(Hash160 swarm) {
    var scrape = new Scrape(1);
    scrape.add(swarm);
    logic.scrape(scrape, now);
    return scrape.counts(0);
  }

  @Test
  void stopped_gets_no_peers_and_creates_nothing() {
    leechers(0, 5);
    var reply = announce(v4(0), 0, 1, AnnounceEvent.STOPPED);
    assertThat(reply.peers()).isEmpty();
    assertThat(reply.incomplete()).isEqualTo(4);
    announce(hash(9), v4(0), 0, 1, AnnounceEvent.STOPPED, 50);
    assertThat(store.holdings().torrents()).isEqualTo(1);
    for (int i = 1; i < 5; i++) {
      announce(v4(i), i, 1, AnnounceEvent.STOPPED);
    }
    assertThat(store.holdings()).isEqualTo(new PeerStore.Holdings(0, 0, 0, 0, 0));
  }

  @Test
  void nobody_stops_a_peer_of_another_address() {
    leechers(0, 2);
    announce(v4(1), 0, 1, AnnounceEvent.STOPPED);
    assertThat(announce(v4(1), 1, 1, AnnounceEvent.STARTED).peers()).containsExactly(v4(0));
  }

  @Test
  void port_0_is_refused_and_counted() {
    var request =
        new AnnounceRequest(SWARM, new PeerId(hash(1)), 0, 0, 0, 1, AnnounceEvent.STARTED, 50, 0);
    assertThat(logic.announce(request, v4(1), now)).isInstanceOf(TrackerFailure.class);
    assertThat(logic.counters().of(Count.REFUSED_PORT_ZERO)).isOne();
    assertThat(store.holdings().torrents()).isZero();
  }

  @Test
  void silent_peers_are_neither_handed_out_nor_kept() {
    leechers(0, 10);
    now = 2000 * SECOND;
    leechers(5, 10);
    now = 3661 * SECOND;
    leechers(20, 21);
    assertThat(announce(v4(20), 20, 1, AnnounceEvent.NONE).peers())
        .containsExactlyInAnyOrder(v4(5), v4(6), v4(7), v4(8), v4(9));
    logic.expire(1000, now);
    assertThat(counts().incomplete()).isEqualTo(6);
    assertThat(logic.counters().of(Count.PEERS_EXPIRED)).isEqualTo(5);
    now = 9000 * SECOND;
    logic.expire(1000, now);
    assertThat(store.holdings()).isEqualTo(new PeerStore.Holdings(0, 0, 0, 0, 0));
  }

  @Test
  void expiry_in_small_steps_gets_round_and_keeps_who_is_alive() {
    for (int seed = 0; seed < 30; seed++) {
      var random = new SplittableRandom(seed);
      begin(POLICY);
      now = 0;
      var alive = new HashSet<String>();
      for (int i = 0; i < 600; i++) {
        boolean late = random.nextBoolean();
        now = late ? 3000 * SECOND : 0;
        int swarm = random.nextInt(40);
        var peer = random.nextBoolean() ? v4(i) : v6(i);
        announce(hash(swarm), peer, i, random.nextInt(2), AnnounceEvent.STARTED, 0);
        if (late) {
          alive.add(swarm + " " + peer);
        }
      }
      now = 4000 * SECOND;
      int step = random.nextInt(1, 50);
      for (int looked = 0; looked < 20_000; looked += step) {
        logic.expire(step, now);
      }
      assertThat(store.holdings().peers()).as("seed " + seed).isEqualTo(alive.size());
      int counted = 0;
      for (int swarm = 0; swarm < 40; swarm++) {
        var counts = counts(hash(swarm));
        counted += counts.complete() + counts.incomplete();
      }
      assertThat(counted).isEqualTo(alive.size());
    }
  }

  @Test
  void a_flood_of_swarms_stays_in_bounds_and_others_are_served() {
    begin(POLICY.withBounds(100, 1000, 50));
    leechers(0, 3);
    for (int i = 0; i < 10_000; i++) {
      announce(hash(100 + i), v4(999), 999, 1, AnnounceEvent.STARTED, 50);
    }
    assertThat(store.holdings().torrents()).isEqualTo(51);
    assertThat(logic.counters().of(Count.UNLISTED_TOO_MANY_OF_ADDRESS)).isEqualTo(9_950);
    assertThat(announce(v4(0), 0, 1, AnnounceEvent.NONE).peers()).hasSize(2);
    for (int i = 0; i < 10_000; i++) {
      announce(hash(100 + i), v4(1_000 + i), 999, 1, AnnounceEvent.STARTED, 50);
      if (i % 10 == 0) {
        now += SECOND;
        leechers(0, 3);
      }
    }
    assertThat(store.holdings().torrents()).isEqualTo(100);
    assertThat(logic.counters().of(Count.EVICTED_TORRENTS)).isGreaterThan(9_000);
    assertThat(announce(v4(0), 0, 1, AnnounceEvent.NONE).peers()).hasSize(2);
  }

  @Test
  void peers_beyond_the_bound_take_the_place_of_the_oldest() {
    begin(POLICY.withBounds(100, 10, 1000));
    leechers(0, 1);
    now = 100 * SECOND;
    leechers(1, 10);
    assertThat(announce(v4(10), 10, 1, AnnounceEvent.STARTED).peers()).doesNotContain(v4(0));
    assertThat(counts().incomplete()).isEqualTo(10);
    assertThat(logic.counters().of(Count.EVICTED_PEERS)).isOne();
  }

  @Test
  void an_address_at_its_bound_is_warned() {
    begin(POLICY.withBounds(100, 10, 1));
    leechers(0, 2);
    assertThat(announce(v4(0), 0, 1, AnnounceEvent.NONE).warning()).isNull();
    assertThat(announce(hash(2), v4(0), 0, 1, AnnounceEvent.STARTED, 50).warning()).isNotNull();
    assertThat(logic.counters().of(Count.UNLISTED_TOO_MANY_OF_ADDRESS)).isOne();
  }

  @Test
  void what_is_odd_is_counted_by_its_reason() {
    announce(v4(1), 1, 1, AnnounceEvent.STOPPED);
    announce(SWARM, v4(1), 1, 1, AnnounceEvent.STARTED, Integer.MAX_VALUE);
    assertThat(logic.counters().of(Count.EVENTS_OUT_OF_ORDER)).isOne();
    assertThat(logic.counters().of(Count.CUT_NUMWANT)).isOne();
    begin(POLICY.withPortMin(8000));
    assertThat(logic.announce(request(SWARM, 1, 1, AnnounceEvent.NONE, 50), v4(1), now))
        .isInstanceOf(TrackerFailure.class);
    assertThat(logic.counters().of(Count.REFUSED_PORT)).isOne();
  }

  @Test
  void lists_decide_about_announces_and_scrapes() {
    leechers(0, 2);
    var list = InfoHashList.parse("# ours\n\n" + SWARM + " a name\nnonsense\n" + "ab".repeat(32));
    assertThat(list.size()).isEqualTo(2);
    assertThat(list.malformedLineCount()).isOne();
    assertThat(list.contains(Hash160.parse("ab".repeat(20)))).isTrue();

    logic.restrict(Access.denying(list));
    var request = request(SWARM, 1, 1, AnnounceEvent.NONE, 50);
    assertThat(logic.announce(request, v4(1), now)).isInstanceOf(TrackerFailure.class);
    assertThat(counts()).isEqualTo(SwarmCounts.NONE);
    assertThat(logic.counters().of(Count.REFUSED_NOT_ALLOWED)).isOne();

    logic.restrict(Access.allowing(list));
    assertThat(logic.announce(request, v4(1), now)).isInstanceOf(AnnounceReply.class);
    assertThat(logic.announce(request(hash(7), 1, 1, AnnounceEvent.NONE, 50), v4(1), now))
        .isInstanceOf(TrackerFailure.class);
  }

  @Test
  void one_seed_and_the_same_inputs_give_the_same_answers() {
    var runs = new ArrayList<List<Endpoint>>();
    for (int run = 0; run < 2; run++) {
      begin(POLICY);
      leechers(0, 300);
      runs.add(announce(v4(0), 0, 1, AnnounceEvent.NONE).peers());
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1));
  }

  @Test
  void statistics_show_what_is_there() {
    leechers(0, 3);
    seeds(3, 4);
    announce(v6(1), 50, 1, AnnounceEvent.STARTED);
    var statistics = logic.statistics(90 * SECOND);
    assertThat(statistics.holdings()).isEqualTo(new PeerStore.Holdings(1, 1, 4, 4, 1));
    assertThat(statistics.json())
        .startsWith(
            "{\"uptime_seconds\":90,\"torrents\":1,\"peers\":5,\"seeds\":1,\"leechers\":4,"
                + "\"peers_ipv4\":4,\"peers_ipv6\":1,\"websocket_connections\":0,")
        .endsWith("}}\n")
        .contains("\"events_started\":5");
    assertThat(statistics.prometheus())
        .contains("\nspate_tracker_peers 5\n")
        .contains("\nspate_tracker_events_total{kind=\"events_started\"} 5\n")
        .endsWith("\n");
  }
}

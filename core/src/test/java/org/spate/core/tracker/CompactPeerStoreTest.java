package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.tracker.Answer.Listing;

/** The store against its model, at its bounds, and by the bytes that it takes. */
class CompactPeerStoreTest {
  private static final long SECOND = 1_000_000_000L;
  private static final TrackerPolicy POLICY = TrackerPolicy.DEFAULT;

  /** In whole ticks the store's idea of age is exact. */
  private static final long TICK = new Ticks(POLICY.expirySeconds()).nanos();

  private static final long LIFE = TICK * Ticks.EXPIRY;

  private static Announcement announcement(
      int swarm, Endpoint peer, int id, boolean isSeed, AnnounceEvent event, int numwant) {
    var request =
        new AnnounceRequest(
            new Hash160(swarm, 0, 0),
            new PeerId(new Hash160(1, 2, id)),
            peer.port(),
            0,
            0,
            isSeed ? 0 : 1,
            event,
            numwant,
            0);
    return Announcement.of(request, peer, Families.BOTH);
  }

  private static CompactPeerStore store(TrackerPolicy policy, int seed) {
    return new CompactPeerStore(policy, new SplittableRandom(seed), new SplittableRandom(seed + 1));
  }

  private static Endpoint peer(int number, boolean v6) {
    int port = 1 + number % 60_000;
    return v6
        ? new Endpoint(0x20010db8L << 32, number / 3, port)
        : Endpoint.v4(0x01000000 + number / 3, port);
  }

  private static AnnounceEvent event(RandomGenerator random, boolean grows) {
    int die = random.nextInt(10);
    if (die < (grows ? 1 : 6)) {
      return AnnounceEvent.STOPPED;
    }
    return die < 8 ? AnnounceEvent.NONE : AnnounceEvent.COMPLETED;
  }

  @Test
  void it_knows_what_its_model_knows() {
    for (int seed = 0; seed < 12; seed++) {
      var random = new SplittableRandom(seed);
      var store = store(POLICY, seed);
      var model = new ModelPeerStore();
      var answer = new Answer(POLICY.numwantMax());
      int swarms = 1 + random.nextInt(seed % 3 == 0 ? 2 : 60);
      int peers = 2 + random.nextInt(seed % 3 == 0 ? 3_000 : 40);
      long now = 0;
      for (int step = 0; step < 12_000; step++) {
        now += random.nextInt(2) * TICK;
        int number = random.nextInt(peers);
        var announcement =
            announcement(
                random.nextInt(swarms),
                peer(number, number % 4 == 0),
                number,
                random.nextInt(3) == 0,
                event(random, step % 6_000 < 4_000),
                random.nextInt(60));
        store.announce(announcement, answer, now);
        model.announce(announcement, now);
        String where = "seed " + seed + " step " + step;
        if (step % 8 == 0 || model.peerCount() < 60) {
          checkPeers(answer, announcement, model, now, where);
        }
        if (step % 500 == 499) {
          checkCounts(store, model, where);
        }
        if (step % 4_000 == 3_999) {
          now += LIFE / 2;
          model.expire(now - LIFE);
          expireFully(store, now);
          checkCounts(store, model, where);
        }
      }
    }
  }

  private static void checkPeers(
      Answer answer, Announcement asker, ModelPeerStore model, long now, String where) {
    var tellable = model.tellable(asker, now - LIFE);
    var told = new HashSet<>(answer.peers());
    assertThat(told).as(where).hasSize(answer.peerCount());
    assertThat(new HashSet<>(tellable).containsAll(told)).as(where).isTrue();
    if (model.isAllAlive(asker, now - LIFE)) {
      assertThat(answer.peers()).as(where).hasSize(Math.min(tellable.size(), asker.numwant()));
    }
  }

  private static void expireFully(CompactPeerStore store, long now) {
    int quiet = 0;
    while (quiet < 50) {
      quiet = store.expire(1_000, now) == 0 ? quiet + 1 : 0;
    }
  }

  private static void checkCounts(CompactPeerStore store, ModelPeerStore model, String where) {
    assertThat(store.holdings().peers()).as(where).isEqualTo(model.peerCount());
    assertThat(store.holdings().torrents()).as(where).isEqualTo(model.swarms.size());
    var scrape = model.scrapeAll();
    store.scrape(scrape, 0);
    for (int i = 0; i < scrape.size(); i++) {
      var swarm = model.swarms.get(scrape.infoHash(i));
      int seeds = (int) swarm.peers.values().stream().filter(peer -> peer.isSeed).count();
      assertThat(scrape.complete(i)).as(where).isEqualTo(seeds);
      assertThat(scrape.incomplete(i)).as(where).isEqualTo(swarm.peers.size() - seeds);
      assertThat(scrape.downloaded(i)).as(where).isEqualTo(swarm.downloaded);
    }
  }

  @Test
  void every_peer_of_a_large_swarm_is_as_likely_as_any_other() {
    var store = store(POLICY, 1);
    var answer = new Answer(50);
    int count = 5_000;
    for (int i = 0; i < count; i++) {
      store.announce(
          announcement(1, Endpoint.v4(i, 1), i, false, AnnounceEvent.NONE, 0), answer, 0);
    }
    var hits = new int[count];
    for (int i = 0; i < 20_000; i++) {
      store.announce(
          announcement(1, Endpoint.v4(7, 1), 7, false, AnnounceEvent.NONE, 50), answer, 0);
      assertThat(answer.peerCount()).isEqualTo(50);
      answer.peers().forEach(peer -> hits[peer.v4Address()]++);
    }
    assertThat(hits[7]).isZero();
    for (int i = 8; i < count; i++) {
      assertThat(hits[i]).as("peer " + i).isBetween(110, 300); // 200 expected, deviation 14
    }
  }

  @Test
  void at_the_bound_on_peers_the_oldest_go() {
    var store = store(POLICY.withBounds(10_000, 1_000, 10_000), 3);
    var answer = new Answer(50);
    for (int i = 0; i < 1_000; i++) {
      announce(store, answer, i % 40, i, i / 10 * SECOND);
    }
    int evicted = 0;
    for (int i = 1_000; i < 1_300; i++) {
      announce(store, answer, i % 40, i, 200 * SECOND);
      assertThat(answer.listing()).isEqualTo(Listing.LISTED);
      evicted += answer.evictedPeerCount;
    }
    assertThat(evicted).isEqualTo(300);
    assertThat(store.holdings().peers()).isEqualTo(1_000);
    var left = new HashSet<Integer>();
    for (int swarm = 0; swarm < 40; swarm++) {
      announce(store, answer, swarm, swarm + 1_000, 200 * SECOND);
      left.add(swarm + 1_000);
      answer.peers().forEach(peer -> left.add(peer.v4Address()));
    }
    // By sight, not by a list: nearly all that went are of the older half, and none is new.
    assertThat(left.stream().filter(peer -> peer < 500).count()).isLessThan(300);
    assertThat(left.stream().filter(peer -> peer >= 500 && peer < 1_000).count())
        .isGreaterThan(400);
    assertThat(left.stream().filter(peer -> peer >= 1_000).count()).isEqualTo(300);
  }

  private static void announce(
      CompactPeerStore store, Answer answer, int swarm, int peer, long now) {
    store.announce(
        announcement(swarm, Endpoint.v4(peer, 9), peer, false, AnnounceEvent.NONE, 50),
        answer,
        now);
  }

  @Test
  void at_the_bound_on_torrents_one_that_nobody_announces_goes() {
    var store = store(POLICY.withBounds(100, 10_000, 10_000), 4);
    var answer = new Answer(50);
    for (int swarm = 0; swarm < 100; swarm++) {
      for (int peer = 0; peer < 3; peer++) {
        announce(store, answer, swarm, swarm * 3 + peer, swarm * SECOND);
      }
    }
    announce(store, answer, 1_000, 5_000, 200 * SECOND);
    assertThat(answer.listing()).isEqualTo(Listing.LISTED);
    assertThat(answer.evictedTorrentCount).isOne();
    assertThat(answer.evictedPeerCount).isEqualTo(3);
    assertThat(store.holdings()).isEqualTo(new PeerStore.Holdings(100, 0, 298, 298, 0));
  }

  @Test
  void an_address_at_its_bound_is_answered_but_not_listed() {
    var store = store(POLICY.withBounds(100, 1_000, 5), 5);
    var answer = new Answer(50);
    for (int port = 1; port <= 9; port++) {
      store.announce(
          announcement(1, Endpoint.v4(1, port), port, false, AnnounceEvent.NONE, 50), answer, 0);
      assertThat(answer.listing())
          .isEqualTo(port <= 5 ? Listing.LISTED : Listing.TOO_MANY_OF_ADDRESS);
    }
    assertThat(answer.peerCount()).isEqualTo(5);
    assertThat(store.holdings().peers()).isEqualTo(5);
  }

  @Test
  void a_private_peer_is_told_only_to_those_who_may_reach_it() {
    var store = store(POLICY, 6);
    var answer = new Answer(50);
    var reachable = Endpoint.v4(0x08080808, 1);
    var lan = Endpoint.v4(0xC0A80105, 1);
    var host = Endpoint.v4(0x7F000001, 1);
    var lan6 = new Endpoint(0xFD00L << 48, 9, 1);
    var all = new Endpoint[] {reachable, lan, host, lan6};
    for (int i = 0; i < all.length; i++) {
      store.announce(announcement(1, all[i], i, false, AnnounceEvent.NONE, 0), answer, 0);
    }
    record Case(Endpoint asker, Endpoint... told) {}
    for (var c :
        new Case[] {
          new Case(Endpoint.v4(0x09090909, 2), reachable),
          new Case(Endpoint.v4(0x0A000001, 2), reachable, lan, lan6),
          new Case(new Endpoint(0xFE80L << 48, 3, 2), reachable, lan, lan6),
          new Case(new Endpoint(0, 1, 2), all),
        }) {
      store.announce(announcement(1, c.asker, 99, false, AnnounceEvent.NONE, 50), answer, 0);
      assertThat(answer.peers()).as(c.asker.toString()).hasSize(c.told.length).contains(c.told);
      store.announce(announcement(1, c.asker, 99, false, AnnounceEvent.STOPPED, 0), answer, 0);
    }
  }

  @Test
  void stopped_of_a_stranger_is_noticed() {
    var store = store(POLICY, 7);
    var answer = new Answer(50);
    var stopped = announcement(1, Endpoint.v4(1, 1), 1, false, AnnounceEvent.STOPPED, 0);
    store.announce(stopped, answer, 0);
    assertThat(answer.listing()).isEqualTo(Listing.UNKNOWN);
    store.announce(announcement(1, Endpoint.v4(1, 1), 1, false, AnnounceEvent.NONE, 0), answer, 0);
    store.announce(stopped, answer, 0);
    assertThat(answer.listing()).isEqualTo(Listing.GONE);
  }

  @Test
  void room_that_was_needed_once_serves_again() {
    var rows = new PeerRows(false, 1);
    var slab = new Slab();
    var table = new PeerTable(rows, slab);
    var states = new ArrayList<int[]>();
    for (int round = 0; round < 3; round++) {
      for (int peer = 0; peer < 200; peer++) {
        for (int swarm = 0; swarm < 300; swarm++) {
          if (peer == 0) {
            states.add(new int[PeerTable.STATE_INTS]);
          }
          table.open(states.get(swarm), 0);
          table.add(0, 0xFFFF_0000_0000L | peer, 1, 0, false, 0);
        }
      }
      // 300 swarms of 200 peers of 12 bytes, and at most a quarter more.
      assertThat(slab.intCount()).isLessThan(300 * 200 * 3 * 5 / 4 + 20 * (1 << 14));
      for (var state : states) {
        table.open(state, 0);
        while (table.count() > 0) {
          table.remove(0);
        }
      }
      assertThat((long) slab.emptyPageCount() << 14).isEqualTo(slab.intCount());
      states.clear();
    }
  }
}

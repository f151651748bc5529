package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer;
import org.spate.core.tracker.Answer.Listing;
import org.spate.core.tracker.Families;
import org.spate.core.tracker.Locality;
import org.spate.core.tracker.PeerStore.Holdings;
import org.spate.core.tracker.Scrape;
import org.spate.core.tracker.Sites;
import org.spate.core.tracker.TrackerPolicy;

/** What every store does, in memory or elsewhere. */
@Timeout(60)
abstract class PeerStoreContract {
  private static final long SECOND = 1_000_000_000L;
  private static final TrackerPolicy POLICY = TrackerPolicy.DEFAULT;
  private static final long LIFE = POLICY.expirySeconds() * SECOND;

  /** Stores may count time in units of up to a second. */
  private static final long ROUNDING = 2 * SECOND;

  /** A store that is empty. */
  abstract StoreUnderTest open(TrackerPolicy policy, int seed);

  /** How many steps each random run takes, and how many runs; a store elsewhere is slower. */
  abstract int stepCount();

  abstract int runCount();

  /** By which factor one peer may be likelier than another; chance alone makes it 1.4. */
  abstract double unevenness();

  private static Announcement announcement(
      int swarm, Endpoint peer, int id, boolean isSeed, AnnounceEvent event, int numwant) {
    return announcement(swarm, peer, id, isSeed, event, numwant, Families.BOTH);
  }

  private static Announcement announcement(
      int swarm,
      Endpoint peer,
      int id,
      boolean isSeed,
      AnnounceEvent event,
      int numwant,
      Families families) {
    var request =
        new AnnounceRequest(
            new Hash160((long) swarm << 52 | swarm, 0, 0),
            new PeerId(new Hash160(1, 2, id)),
            peer.port(),
            0,
            0,
            isSeed ? 0 : 1,
            event,
            numwant,
            0);
    return Announcement.of(request, peer, families);
  }

  private static Announcement leecher(int swarm, int peer, int numwant) {
    return announcement(
        swarm, Endpoint.v4(0x01000000 + peer, 9), peer, false, AnnounceEvent.NONE, numwant);
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
    for (int seed = 0; seed < runCount(); seed++) {
      try (var store = open(POLICY, seed)) {
        run(store, seed);
      }
    }
  }

  private void run(StoreUnderTest store, int seed) {
    var random = new SplittableRandom(seed);
    var model = new ModelPeerStore();
    int swarms = 1 + random.nextInt(seed % 3 == 0 ? 2 : 60);
    int peers = 2 + random.nextInt(seed % 3 == 0 ? stepCount() / 4 : 40);
    int third = stepCount() / 3;
    long now = 0;
    for (int step = 0; step < stepCount(); step++) {
      now += random.nextInt(2) * SECOND;
      int number = random.nextInt(peers);
      var announcement =
          announcement(
              random.nextInt(swarms),
              peer(number, number % 4 == 0),
              number,
              random.nextInt(3) == 0,
              event(random, step % (third * 3 / 2) < third),
              random.nextInt(60));
      var answer = store.announce(announcement, now);
      model.announce(announcement, now);
      String where = "seed " + seed + " step " + step;
      if (step % 8 == 0 || model.peerCount() < 60) {
        checkPeers(answer, announcement, model, now, where);
      }
      if (step % third == third - 1) {
        now += LIFE / 2;
        model.expire(now - LIFE);
        store.expireAll(now);
        checkCounts(store, model, now, where);
      }
    }
  }

  private static void checkPeers(
      Answer answer, Announcement asker, ModelPeerStore model, long now, String where) {
    var tellable = model.tellable(asker, now - LIFE - ROUNDING);
    var told = new HashSet<>(answer.peers());
    assertThat(told).as(where).hasSize(answer.peerCount());
    assertThat(new HashSet<>(tellable).containsAll(told)).as(where).isTrue();
    if (model.isAllAlive(asker, now - LIFE + ROUNDING)) {
      assertThat(answer.peers()).as(where).hasSize(Math.min(tellable.size(), asker.numwant()));
    }
  }

  private static void checkCounts(
      StoreUnderTest store, ModelPeerStore model, long now, String where) {
    assertThat(store.holdings().peers()).as(where).isEqualTo(model.peerCount());
    assertThat(store.holdings().torrents()).as(where).isEqualTo(model.swarms.size());
    var scrape = store.scrape(model.scrapeAll(), now);
    for (int i = 0; i < scrape.size(); i++) {
      var swarm = model.swarms.get(scrape.infoHash(i));
      int seeds = (int) swarm.peers.values().stream().filter(peer -> peer.isSeed).count();
      assertThat(scrape.counts(i).complete()).as(where).isEqualTo(seeds);
      assertThat(scrape.counts(i).incomplete()).as(where).isEqualTo(swarm.peers.size() - seeds);
      assertThat(scrape.counts(i).downloaded()).as(where).isEqualTo(swarm.downloaded);
    }
  }

  @Test
  void every_peer_of_a_large_swarm_comes_as_often_as_any_other() {
    int count = 1_000;
    try (var store = open(POLICY, 1)) {
      var all = new ArrayList<Announcement>();
      for (int i = 0; i < count; i++) {
        all.add(leecher(1, i, 0));
      }
      store.announce(all, 0);
      var hits = new int[count];
      for (int round = 0; round < 4; round++) {
        for (var answer : store.announce(Collections.nCopies(1_000, asking()), 0)) {
          assertThat(answer.peerCount()).isEqualTo(50);
          answer.peers().forEach(peer -> hits[peer.v4Address() - 0x01000000]++);
        }
      }
      assertThat(hits[7]).isZero();
      for (int i = 8; i < count; i++) {
        assertThat(hits[i])
            .as("peer " + i)
            .isBetween((int) (200 / unevenness()), (int) (200 * unevenness()));
      }
    }
  }

  private static Announcement asking() {
    return leecher(1, 7, 50);
  }

  @Test
  void a_seed_is_told_leechers_and_a_leecher_both_in_their_proportion() {
    try (var store = open(POLICY, 2)) {
      var all = new ArrayList<Announcement>();
      for (int i = 0; i < 400; i++) {
        all.add(announcement(1, peer(i, i % 2 == 0), i, i % 4 == 1, AnnounceEvent.NONE, 0));
      }
      store.announce(all, 0);
      var toSeed =
          store.announce(announcement(1, peer(900, false), 900, true, AnnounceEvent.NONE, 50), 0);
      assertThat(toSeed.peers()).hasSize(50).noneMatch(peer -> (peer.port() - 1) % 4 == 1);
      var toLeecher =
          store.announce(announcement(1, peer(901, false), 901, false, AnnounceEvent.NONE, 80), 0);
      assertThat(toLeecher.peers()).hasSize(80);
      assertThat(toLeecher.peers().stream().filter(peer -> (peer.port() - 1) % 4 == 1).count())
          .isBetween(10L, 30L);
      assertThat(toLeecher.peers().stream().filter(Endpoint::isV4).count()).isBetween(35L, 45L);
      assertThat(toLeecher.complete()).isEqualTo(101);
      assertThat(toLeecher.incomplete()).isEqualTo(301);
    }
  }

  @Test
  void an_answer_carries_the_families_that_were_asked_for() {
    try (var store = open(POLICY, 3)) {
      for (int i = 0; i < 40; i++) {
        store.announce(announcement(1, peer(i, i % 2 == 0), i, false, AnnounceEvent.NONE, 0), 0);
      }
      record Case(boolean v6, Families families, int count4, int count6) {}
      for (var c :
          List.of(
              new Case(false, Families.V4, 20, 0),
              new Case(true, Families.V6, 0, 20),
              new Case(false, Families.BOTH, 20, 20))) {
        var asker = peer(999, c.v6);
        var answer =
            store.announce(
                announcement(1, asker, 999, false, AnnounceEvent.NONE, 200, c.families), 0);
        assertThat(answer.v4Length() / Answer.V4_BYTES).as(c.toString()).isEqualTo(c.count4);
        assertThat(answer.v6Length() / Answer.V6_BYTES).as(c.toString()).isEqualTo(c.count6);
        store.announce(announcement(1, asker, 999, false, AnnounceEvent.STOPPED, 0), 0);
      }
    }
  }

  @Test
  void a_completed_peer_counts_once_and_is_a_seed_from_then_on() {
    try (var store = open(POLICY, 4)) {
      var peer = peer(1, false);
      store.announce(leecher(1, 500, 0), 0);
      store.announce(announcement(1, peer, 1, false, AnnounceEvent.STARTED, 50), 0);
      for (int i = 0; i < 3; i++) {
        var answer = store.announce(announcement(1, peer, 1, true, AnnounceEvent.COMPLETED, 50), i);
        assertThat(answer.complete()).isOne();
        assertThat(answer.incomplete()).isOne();
        assertThat(answer.downloaded()).isOne();
      }
      store.announce(announcement(1, peer, 1, true, AnnounceEvent.NONE, 50), 4);
      var again = store.announce(announcement(1, peer, 1, true, AnnounceEvent.COMPLETED, 50), 5);
      assertThat(again.downloaded()).isOne();
      var scrape = new Scrape(2);
      scrape.add(announcement(1, peer, 1, true, AnnounceEvent.NONE, 0).infoHash());
      scrape.add(announcement(2, peer, 1, true, AnnounceEvent.NONE, 0).infoHash());
      var known = store.scrape(scrape, 6);
      assertThat(known.counts(0))
          .hasToString("SwarmCounts[complete=1, downloaded=1, incomplete=1]");
      assertThat(known.counts(1))
          .hasToString("SwarmCounts[complete=0, downloaded=0, incomplete=0]");
    }
  }

  @Test
  void the_silent_are_told_to_nobody_and_then_forgotten() {
    try (var store = open(POLICY, 5)) {
      var all = new ArrayList<Announcement>();
      for (int i = 0; i < 300; i++) {
        all.add(leecher(1 + i % 3, i, 0));
      }
      store.announce(all, 0);
      var alive = store.announce(leecher(1, 900, 50), LIFE - ROUNDING);
      assertThat(alive.peerCount()).isEqualTo(50);
      var later = store.announce(leecher(1, 900, 50), LIFE + ROUNDING);
      assertThat(later.peers()).isEmpty();
      assertThat(store.expireAll(LIFE + ROUNDING)).isEqualTo(300);
      assertThat(store.holdings()).isEqualTo(new Holdings(1, 0, 1, 1, 0));
      store.expireAll(3 * LIFE);
      assertThat(store.holdings()).isEqualTo(new Holdings(0, 0, 0, 0, 0));
    }
  }

  @Test
  void many_dead_at_once_go_by_and_by() {
    try (var store = open(POLICY, 6)) {
      var all = new ArrayList<Announcement>();
      for (int i = 0; i < 3_000; i++) {
        all.add(leecher(1, i, 0));
      }
      store.announce(all, 0);
      var first = store.announce(leecher(1, 5_000, 0), 2 * LIFE);
      assertThat(first.listing()).isEqualTo(Listing.LISTED);
      assertThat(store.expireAll(2 * LIFE)).isEqualTo(3_000);
      assertThat(store.holdings()).isEqualTo(new Holdings(1, 0, 1, 1, 0));
    }
  }

  @Test
  void an_address_at_its_bound_is_answered_but_not_listed() {
    try (var store = open(POLICY.withBounds(100, 1_000, 5), 7)) {
      Answer answer = null;
      for (int port = 1; port <= 9; port++) {
        answer =
            store.announce(
                announcement(1, Endpoint.v4(1, port), port, false, AnnounceEvent.NONE, 50), 0);
        assertThat(answer.listing())
            .isEqualTo(port <= 5 ? Listing.LISTED : Listing.TOO_MANY_OF_ADDRESS);
      }
      assertThat(answer.peerCount()).isEqualTo(5);
      store.expireAll(0);
      assertThat(store.holdings().peers()).isEqualTo(5);
    }
  }

  @Test
  void a_private_peer_is_told_only_to_those_who_may_reach_it() {
    var reachable = Endpoint.v4(0x08080808, 1);
    var lan = Endpoint.v4(0xC0A80105, 1);
    var host = Endpoint.v4(0x7F000001, 1);
    var lan6 = new Endpoint(0xFD00L << 48, 9, 1);
    var all = new Endpoint[] {reachable, lan, host, lan6};
    record Case(Endpoint asker, Endpoint... told) {}
    try (var store = open(POLICY, 8)) {
      for (int i = 0; i < all.length; i++) {
        store.announce(announcement(1, all[i], i, false, AnnounceEvent.NONE, 0), 0);
      }
      for (var c :
          new Case[] {
            new Case(Endpoint.v4(0x09090909, 2), reachable),
            new Case(Endpoint.v4(0xC0A80001, 2), reachable, lan),
            new Case(Endpoint.v4(0x0A000001, 2), reachable),
            new Case(new Endpoint(0xFD00L << 48 | 7, 3, 2), reachable, lan6),
            new Case(new Endpoint(0xFD00L << 48 | 1 << 16, 3, 2), reachable),
            new Case(new Endpoint(0xFE80L << 48, 3, 2), reachable),
            new Case(new Endpoint(0, 1, 2), all),
          }) {
        var answer = store.announce(announcement(1, c.asker, 99, false, AnnounceEvent.NONE, 50), 0);
        assertThat(answer.peers()).as(c.asker.toString()).hasSize(c.told.length).contains(c.told);
        store.announce(announcement(1, c.asker, 99, false, AnnounceEvent.STOPPED, 0), 0);
      }
    }
  }

  @Test
  void near_peers_come_first_and_some_from_elsewhere_all_the_same() {
    int near = 0x01010000;
    int far = 0x02020000;
    try (var store = open(POLICY, 10)) {
      store.select(new Locality(Sites.byPrefix(16, 48), 25));
      for (int i = 0; i < 160; i++) {
        var peer = Endpoint.v4((i < 60 ? near : far) + i, 1);
        store.announce(announcement(1, peer, i, false, AnnounceEvent.NONE, 0), 0);
      }
      record Case(int asker, int numwant, int near) {}
      for (var c :
          List.of(
              new Case(near, 20, 15),
              new Case(far, 40, 10),
              new Case(near, 159, 60),
              new Case(0x03030000, 40, -1),
              new Case(near, 0, 0))) {
        var asker = Endpoint.v4(c.asker + 999, 2);
        var told =
            store.announce(announcement(1, asker, 999, false, AnnounceEvent.NONE, c.numwant), 0);
        assertThat(told.peers()).as(c.toString()).doesNotHaveDuplicates().hasSize(c.numwant);
        if (c.near >= 0) {
          assertThat(told.peers().stream().filter(peer -> peer.v4Address() >>> 16 == near >>> 16))
              .as(c.toString())
              .hasSize(c.near);
        }
        store.announce(announcement(1, asker, 999, false, AnnounceEvent.STOPPED, 0), 0);
      }
    }
  }

  @Test
  void stopped_of_a_stranger_is_noticed() {
    var peer = Endpoint.v4(1, 1);
    var stopped = announcement(1, peer, 1, false, AnnounceEvent.STOPPED, 0);
    try (var store = open(POLICY, 9)) {
      assertThat(store.announce(stopped, 0).listing()).isEqualTo(Listing.UNKNOWN);
      store.announce(announcement(1, peer, 1, false, AnnounceEvent.NONE, 0), 0);
      assertThat(store.announce(stopped, 0).listing()).isEqualTo(Listing.GONE);
    }
  }
}

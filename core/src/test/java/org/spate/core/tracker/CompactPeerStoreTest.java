package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.tracker.Answer.Listing;

/** The store in memory at its bounds, and by the bytes that it takes. */
class CompactPeerStoreTest {
  private static final long SECOND = 1_000_000_000L;
  private static final TrackerPolicy POLICY = TrackerPolicy.DEFAULT;

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

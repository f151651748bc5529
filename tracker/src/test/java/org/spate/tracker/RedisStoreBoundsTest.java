package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer.Listing;
import org.spate.core.tracker.Families;
import org.spate.core.tracker.PeerStore.Holdings;
import org.spate.core.tracker.TrackerPolicy;

/** The shared store at its bounds. */
@Timeout(60)
class RedisStoreBoundsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int CALLS_MAX = 8_192;
  private static final long PATIENCE = 4_000_000_000L;

  private static RedisNode node;
  private static EventLoopGroup group;

  @BeforeAll
  static void start(@TempDir Path folder) {
    node = RedisNode.start(folder);
    group = new MultiThreadIoEventLoopGroup(1, Transport.best().handlers());
  }

  @AfterAll
  static void stop() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    node.close();
  }

  private static SharedStoreUnderTest open(TrackerPolicy policy) {
    node.ask("FLUSHALL");
    return new SharedStoreUnderTest(node, group.next(), policy);
  }

  private static Announcement announcement(int swarm, int peer) {
    return announcement(new Hash160((long) swarm << 52, swarm, 1), peer);
  }

  private static Announcement announcement(Hash160 swarm, int peer) {
    var request =
        new AnnounceRequest(
            swarm,
            new PeerId(new Hash160(peer, 0, 0)),
            1000 + peer,
            0,
            0,
            1,
            AnnounceEvent.NONE,
            50,
            0);
    return Announcement.of(request, Endpoint.v4(0x01000000 + peer, 0), Families.V4);
  }

  @Test
  void a_store_that_hangs_is_asked_so_much_and_no_more_and_then_serves_again() {
    try (var store = open(TrackerPolicy.DEFAULT)) {
      store.announce(announcement(1, 1), 0);
      var many = new ArrayList<Announcement>();
      for (int i = 0; i < CALLS_MAX; i++) {
        many.add(announcement(1, i % 100));
      }
      node.halt();
      try {
        var underWay = store.begin(many, 0);
        assertThat(underWay).noneMatch(CompletableFuture::isDone);
        var tooMuch = store.begin(List.of(announcement(1, 1)), 0).getFirst();
        assertThat(tooMuch.join().listing()).isEqualTo(Listing.STORE_BUSY);
        // Nobody waits any more then, but the client of the store holds them still, up to a bound.
        for (int round = 1; round <= 3; round++) {
          store.step(round * PATIENCE);
          assertThat(underWay).noneMatch(each -> each.join().listing().isAnswered());
          underWay = store.begin(many, round * PATIENCE);
        }
        var refused = store.begin(List.of(announcement(1, 1)), 3 * PATIENCE).getFirst();
        assertThat(refused.join().listing().isAnswered()).isFalse();
      } finally {
        node.on();
      }
      Await.until(
          "it serves",
          () -> store.announce(announcement(1, 1), 4 * PATIENCE).listing() == Listing.LISTED);
    }
  }

  /** Swarms of one slice have the same first three digits. */
  private static Announcement inOneSlice(int swarm, int peer) {
    return announcement(new Hash160(0x123L << 52 | swarm, swarm, 1), peer);
  }

  @Test
  void at_the_bound_on_torrents_the_one_that_was_announced_the_longest_ago_makes_room() {
    try (var store = open(TrackerPolicy.DEFAULT.withBounds(3, 100, 100))) {
      store.announce(inOneSlice(1, 1), 0);
      store.announce(inOneSlice(2, 1), 10 * SECOND);
      store.announce(inOneSlice(2, 2), 10 * SECOND);
      store.announce(inOneSlice(3, 1), 20 * SECOND);
      store.announce(inOneSlice(1, 2), 30 * SECOND);
      store.expireAll(30 * SECOND);
      var fourth = store.announce(inOneSlice(4, 1), 40 * SECOND);
      assertThat(fourth.listing()).isEqualTo(Listing.LISTED);
      assertThat(store.announce(inOneSlice(1, 3), 40 * SECOND).peerCount()).isEqualTo(2);
      assertThat(store.announce(inOneSlice(3, 3), 40 * SECOND).peerCount()).isOne();
      store.expireAll(40 * SECOND);
      assertThat(store.holdings()).isEqualTo(new Holdings(3, 0, 6, 6, 0));
    }
  }

  @Test
  void at_the_bound_on_peers_the_longest_silent_makes_room() {
    try (var store = open(TrackerPolicy.DEFAULT.withBounds(100, 4, 100))) {
      store.announce(inOneSlice(1, 1), 0);
      store.announce(inOneSlice(1, 2), 10 * SECOND);
      store.announce(inOneSlice(2, 3), 20 * SECOND);
      store.announce(inOneSlice(2, 4), 30 * SECOND);
      store.announce(inOneSlice(1, 1), 40 * SECOND);
      store.expireAll(40 * SECOND);
      var fifth = store.announce(inOneSlice(2, 5), 50 * SECOND);
      assertThat(fifth.listing()).isEqualTo(Listing.LISTED);
      assertThat(fifth.peers()).hasSize(2);
      var sixth = store.announce(inOneSlice(1, 6), 50 * SECOND);
      assertThat(sixth.peers()).containsExactly(Endpoint.v4(0x01000001, 1001));
      assertThat(store.announce(inOneSlice(2, 5), 50 * SECOND).peerCount())
          .as("the second to go was the third to come")
          .isOne();
      store.expireAll(50 * SECOND);
      assertThat(store.holdings()).isEqualTo(new Holdings(2, 0, 4, 4, 0));
    }
  }

  @Test
  void a_newcomer_for_whom_no_room_can_be_made_is_answered_and_not_listed() {
    try (var store = open(TrackerPolicy.DEFAULT.withBounds(2, 2, 100))) {
      store.announce(announcement(1, 1), 0);
      store.announce(announcement(2, 1), 0);
      store.expireAll(0);
      assertThat(store.announce(announcement(3, 1), 0).listing()).isEqualTo(Listing.TOO_MANY_PEERS);
      assertThat(store.announce(announcement(1, 1), 0).listing()).isEqualTo(Listing.LISTED);
    }
  }
}

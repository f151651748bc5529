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
import org.spate.core.tracker.TrackerPolicy;

/** The shared store at its bounds. */
@Timeout(60)
class RedisStoreBoundsTest {
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
    var request =
        new AnnounceRequest(
            new Hash160((long) swarm << 52, swarm, 1),
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

  @Test
  void at_the_bound_on_torrents_a_new_one_is_not_listed_and_the_others_grow() {
    try (var store = open(TrackerPolicy.DEFAULT.withBounds(2, 100, 100))) {
      for (int swarm = 1; swarm <= 2; swarm++) {
        assertThat(store.announce(announcement(swarm, 1), 0).listing()).isEqualTo(Listing.LISTED);
      }
      store.expireAll(0);
      assertThat(store.announce(announcement(3, 1), 0).listing())
          .isEqualTo(Listing.TOO_MANY_TORRENTS);
      var second = store.announce(announcement(2, 2), 0);
      assertThat(second.listing()).isEqualTo(Listing.LISTED);
      assertThat(second.peerCount()).isOne();
    }
  }

  @Test
  void at_the_bound_on_peers_a_newcomer_is_answered_and_those_who_are_there_stay() {
    try (var store = open(TrackerPolicy.DEFAULT.withBounds(100, 3, 100))) {
      for (int peer = 1; peer <= 3; peer++) {
        store.announce(announcement(1, peer), 0);
      }
      store.expireAll(0);
      var fourth = store.announce(announcement(1, 4), 0);
      assertThat(fourth.listing()).isEqualTo(Listing.TOO_MANY_PEERS);
      assertThat(fourth.peerCount()).isEqualTo(3);
      assertThat(store.announce(announcement(1, 1), 0).listing()).isEqualTo(Listing.LISTED);
    }
  }
}

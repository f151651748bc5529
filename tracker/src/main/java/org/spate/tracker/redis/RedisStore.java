package org.spate.tracker.redis;

import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.tracker.AddressQuota;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer;
import org.spate.core.tracker.Answer.Listing;
import org.spate.core.tracker.Later;
import org.spate.core.tracker.PeerSelection;
import org.spate.core.tracker.PeerStore;
import org.spate.core.tracker.Scrape;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.redis.AnnounceCall.Room;

/**
 * The shared store as one event loop sees it. An announce is one script, so one round trip. At a
 * bound the oldest in sight of the same slice make room, which is what one node of a cluster has at
 * hand.
 */
final class RedisStore implements PeerStore {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private static final Room ROOM = new Room(Listing.LISTED, "");
  private static final Room ADDRESS_FULL = new Room(Listing.TOO_MANY_OF_ADDRESS, "");

  private final StoreLink link;
  private final Sweeper sweeper;
  private final TrackerPolicy policy;
  private final RandomGenerator dice;
  private AddressQuota newcomers;
  private long newcomersUntilNanos;
  private Room room = ROOM;
  private PeerSelection selection = PeerSelection.RANDOM;
  private int expiredCount;

  RedisStore(StoreLink link, Sweeper sweeper, TrackerPolicy policy, RandomGenerator dice) {
    this.link = link;
    this.sweeper = sweeper;
    this.policy = policy;
    this.dice = dice;
    newcomers = quota();
  }

  private AddressQuota quota() {
    return new AddressQuota(policy.peerCountPerAddressMax(), dice.nextLong());
  }

  int lifeSeconds() {
    return policy.expirySeconds();
  }

  @Override
  public @Nullable Later<Answer> announce(Announcement announcement, Answer answer, long nowNanos) {
    var asked =
        new AnnounceCall.Asked(
            announcement.copy(),
            answer.peerCountMax(),
            room(announcement.peer()),
            dice.nextInt(),
            selection);
    var call = new AnnounceCall(this, asked, link.epochSeconds(nowNanos), nowNanos);
    var failure =
        switch (link.begin(call)) {
          case UNDER_WAY -> null;
          case NO_STORE -> Listing.NO_STORE;
          case BUSY -> Listing.STORE_BUSY;
        };
    if (failure == null) {
      return call;
    }
    answer.begin(failure);
    return null;
  }

  private Room room(Endpoint peer) {
    return newcomers.isFull(peer.high(), peer.low()) ? ADDRESS_FULL : room;
  }

  RandomGenerator dice() {
    return dice;
  }

  @Override
  public void select(PeerSelection other) {
    selection = other;
  }

  /**
   * The quota of an address is what it has newly listed within the life of a peer by way of this
   * loop, since the store does not know peers by address.
   */
  void onAnnounced(Endpoint peer, boolean hasJoined, int expired) {
    expiredCount += expired;
    if (hasJoined) {
      var _ = newcomers.take(peer.high(), peer.low());
    }
  }

  @Override
  public @Nullable Later<Scrape> scrape(Scrape scrape, long nowNanos) {
    var sizes = new Sizes(scrape.copy());
    long aliveFrom = 2 * (link.epochSeconds(nowNanos) - lifeSeconds());
    for (int i = 0; i < scrape.size(); i++) {
      if (link.begin(sizes.call(i, aliveFrom, nowNanos)) != StoreLink.Begun.UNDER_WAY) {
        sizes.giveUp();
        scrape.fail();
        return null;
      }
    }
    return scrape.size() == 0 ? null : sizes;
  }

  /** A scrape under way: one call for each swarm, all sent together. */
  private static final class Sizes implements Later<Scrape> {
    private final Scrape scrape;
    private int missing;
    private @Nullable Consumer<? super Scrape> taker;

    Sizes(Scrape scrape) {
      this.scrape = scrape;
      missing = scrape.size();
    }

    Call call(int index, long aliveFrom, long nowNanos) {
      var swarm = SliceKeys.swarm(scrape.infoHash(index));
      var keys = new ArrayList<byte[]>();
      for (var suffix : new String[] {"s4", "s6", "l4", "l6", "d"}) {
        keys.add(SliceKeys.bytes(swarm + suffix));
      }
      return new Call(
          Script.SCRAPE, nowNanos, keys.toArray(byte[][]::new), AnnounceCall.decimal(aliveFrom)) {
        @Override
        void onEnd(@Nullable ScriptReply reply) {
          if (reply == null) {
            scrape.fail();
          } else {
            scrape.set(index, reply.count(0), reply.count(1), reply.count(2));
          }
          missing--;
          tell();
        }
      };
    }

    void giveUp() {
      missing = Integer.MAX_VALUE;
    }

    @Override
    public void whenKnown(Consumer<? super Scrape> taker) {
      this.taker = taker;
      tell();
    }

    private void tell() {
      if (missing == 0 && taker != null) {
        taker.accept(scrape);
      }
    }
  }

  /** Looks at the next slices; returns how many peers have gone since the last time. */
  @Override
  public int expire(int peerCount, long nowNanos) {
    link.tick(nowNanos);
    sweeper.step(nowNanos);
    if (nowNanos - newcomersUntilNanos >= 0) {
      newcomers = quota();
      newcomersUntilNanos = nowNanos + lifeSeconds() * SECOND_NANOS;
    }
    var all = sweeper.allHoldings();
    boolean hasManyPeers = all.peers() >= policy.peerCountMax();
    boolean hasManyTorrents = all.torrents() >= policy.torrentCountMax();
    if (hasManyPeers) {
      room = new Room(Listing.TOO_MANY_PEERS, hasManyTorrents ? "pt" : "p");
    } else {
      room = hasManyTorrents ? new Room(Listing.TOO_MANY_TORRENTS, "t") : ROOM;
    }
    int expired = expiredCount + sweeper.takeExpired();
    expiredCount = 0;
    return expired;
  }

  /** As the last round of sweeps found it, in this loop's share of the slices. */
  @Override
  public Holdings holdings() {
    return sweeper.holdings();
  }
}

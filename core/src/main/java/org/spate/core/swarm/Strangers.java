package org.spate.core.swarm;

import org.jspecify.annotations.Nullable;

/**
 * Incoming neighbours that have been of no use so far. They may stay as long as there is room, but
 * keep nobody out (threat 29): the one that has been here longest makes room for whoever comes, and
 * they do not count among the neighbours that we want.
 */
final class Strangers {
  /** So long a link may take to be of use. */
  static final long GRACE_NANOS = 5_000_000_000L;

  /** How often they are counted: that looks at every neighbour, and they change slowly. */
  private static final long COUNT_NANOS = 5_000_000_000L;

  private final Neighbours neighbours;
  private boolean isSeed;
  private int count;
  private long countNanos;

  Strangers(Neighbours neighbours) {
    this.neighbours = neighbours;
  }

  void everySecond(boolean seeding, long nowNanos) {
    if (seeding == isSeed && nowNanos - countNanos < COUNT_NANOS) {
      return;
    }
    isSeed = seeding;
    countNanos = nowNanos;
    count = 0;
    for (var peer : neighbours.all()) {
      count += isStranger(peer) ? 1 : 0;
    }
  }

  /** How many there were a few seconds ago at most. */
  int count() {
    return Math.min(count, neighbours.count());
  }

  /**
   * Interest alone costs nothing, so it does not make a leecher's neighbour; for a seed it does.
   */
  private boolean isStranger(Peer peer) {
    return peer.incoming
        && !peer.amInterested
        && peer.downloaded == 0
        && peer.uploaded == 0
        && !(isSeed && peer.peerInterested);
  }

  /**
   * Who makes room, or null.
   *
   * @param isWanted whether it is for a peer that we dialled; then also one that is interested may
   *     have to go
   */
  @Nullable Peer worst(boolean isWanted, long nowNanos) {
    Peer worst = null;
    for (var peer : neighbours.all()) {
      boolean mayGo =
          isStranger(peer)
              && nowNanos - peer.connectedNanos > GRACE_NANOS
              && (isWanted || !peer.peerInterested);
      if (mayGo && (worst == null || (worst.peerInterested && !peer.peerInterested))) {
        worst = peer;
      }
    }
    return worst;
  }
}

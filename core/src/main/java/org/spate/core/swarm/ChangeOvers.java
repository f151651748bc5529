package org.spate.core.swarm;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what changes over: a piece that waits in one neighbour's queue, of which that neighbour
 * has sent nothing yet, is asked of another one instead that has less to do. So every holder of a
 * piece comes to its share of those who wait for it, and no uplink idles while others have queues.
 */
final class ChangeOvers {
  /** How long a piece may wait in one neighbour's queue before another may get the request. */
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  /** Asks one neighbour instead of another for all that is missing of a piece. */
  @FunctionalInterface
  interface ChangeOver {
    void change(int piece, Peer from, Peer to, long nowNanos);
  }

  private final PiecePicker picker;
  private final Neighbours neighbours;
  private final RandomGenerator random;
  private final ChangeOver changeOver;

  ChangeOvers(
      PiecePicker picker, Neighbours neighbours, RandomGenerator random, ChangeOver changeOver) {
    this.picker = picker;
    this.neighbours = neighbours;
    this.random = random;
    this.changeOver = changeOver;
  }

  /**
   * A neighbour has a piece now, and we have nothing else to ask it for. With as many holders as
   * there are, each should serve its share of those who wait: so we change over by lot, and
   * everybody else likewise.
   *
   * @param isBeginner whether we have next to nothing to trade; who has something waits first
   */
  void share(int piece, Peer to, boolean isBeginner, long nowNanos) {
    if (!to.canRequest() || !to.pipeline.isEmpty()) {
      return;
    }
    var from = waitedFor(piece, to);
    if (from != null
        && (isBeginner || nowNanos - from.pipeline.waitingSince(piece) >= PATIENCE_NANOS)
        && random.nextInt(picker.availability(piece)) == 0) {
      changeOver.change(piece, from, to, nowNanos);
    }
  }

  /** The same for all that a neighbour has. */
  void shareAny(Peer to, boolean isBeginner, long nowNanos) {
    if (to.canRequest() && to.pipeline.isEmpty()) {
      for (int piece : picker.started()) {
        share(piece, to, isBeginner, nowNanos);
      }
    }
  }

  /** In endgame a neighbour has nothing to do for us: it gets what has waited for long. */
  void onEndgame(Peer to, long nowNanos) {
    takeOver(to, nowNanos - PATIENCE_NANOS, nowNanos);
  }

  /** A neighbour has nothing to do at all: it gets whatever waits. */
  void onIdle(Peer to, long nowNanos) {
    takeOver(to, nowNanos, nowNanos);
  }

  /**
   * The piece that has waited longest. Rather one that waits behind others, as what its neighbour
   * sends next may be on its way already.
   */
  private void takeOver(Peer to, long askedBefore, long nowNanos) {
    int longest = -1;
    long since = askedBefore;
    boolean isBehind = false;
    for (int piece : picker.started()) {
      var from = waitedFor(piece, to);
      if (from == null) {
        continue;
      }
      long asked = from.pipeline.waitingSince(piece);
      boolean behind = from.pipeline.oldestPiece() != piece;
      boolean isBetter = behind == isBehind ? asked - since < 0 : behind && asked - askedBefore < 0;
      if (isBetter) {
        longest = piece;
        since = asked;
        isBehind = behind;
      }
    }
    var from = longest < 0 ? null : waitedFor(longest, to);
    if (from != null) {
      changeOver.change(longest, from, to, nowNanos);
    }
  }

  /** Whom a piece waits for that another neighbour has, too. */
  private @Nullable Peer waitedFor(int piece, Peer other) {
    int link = other.has.contains(piece) ? picker.waitsFor(piece) : -1;
    return link < 0 || link == other.link ? null : neighbours.find(link);
  }
}

package org.spate.core.swarm;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that are wanted and not started, and which of them to start with a given peer: one
 * that failed its hash, else by file priority and then the rarest, one at random, or the first, as
 * the mode of the download asks.
 */
final class UnstartedPieces {
  /** Pieces of the order to look at before going through the peer's own pieces instead. */
  private static final int WALK_MAX = 64;

  private static final int NONE = StartedPiece.NONE;

  private final AvailabilityOrder order;
  private final RandomGenerator random;
  private PieceSet listed = new PieceSet(0); // those that the order lists
  private @Nullable PieceSet failed; // to be fetched again soon: that convicts whoever spoiled them
  private boolean isSequential;
  private int randomFirst;
  private long work;

  UnstartedPieces(AvailabilityOrder order, RandomGenerator random) {
    this.order = order;
    this.random = random;
  }

  int size() {
    return listed.size();
  }

  boolean isEmpty() {
    return listed.isEmpty();
  }

  /** Begins anew with the pieces that the order lists now. */
  void reset(PieceSet pieces) {
    listed = pieces;
  }

  void add(int piece) {
    if (listed.add(piece)) {
      order.list(piece);
    }
  }

  void remove(int piece) {
    if (listed.remove(piece)) {
      order.unlist(piece);
    }
  }

  /** Whether a piece comes before all others. */
  void retry(int piece, boolean isFirst) {
    if (isFirst) {
      failed = failed == null ? new PieceSet(listed.pieceCount()) : failed;
      failed.add(piece);
    } else if (failed != null) {
      failed.remove(piece);
    }
  }

  void sequential(boolean on) {
    isSequential = on;
  }

  void randomFirst(int pieces) {
    randomFirst = pieces;
  }

  /** Pieces looked at since the beginning. */
  long work() {
    return work;
  }

  /**
   * The piece that a peer should start, or NONE.
   *
   * @param startedSoFar how many pieces are here or started
   */
  int choose(PieceSet has, Pick mode, int startedSoFar) {
    if (listed.isEmpty()) {
      return NONE;
    }
    if (failed != null && !failed.isEmpty()) {
      int retry = firstPlaced(failed, has, mode);
      if (retry != NONE) {
        return retry;
      }
    }
    if (isSequential) {
      return firstIndexed(has, mode);
    }
    if (startedSoFar < randomFirst) {
      return atRandom(has, mode);
    }
    return rarest(has, mode);
  }

  /**
   * Along the order, which soon meets a piece that an average peer has; else through the peer's own
   * pieces, which are few or common.
   */
  private int rarest(PieceSet has, Pick mode) {
    int walked = 0;
    for (int rank = 0; rank < order.rankCount() && mode.within() == null; rank++) {
      int end = order.endSlot(rank);
      for (int slot = order.firstSlot(rank); slot < end; slot++) {
        work++;
        if (has.contains(order.pieceAt(slot))) {
          return order.pieceAt(slot);
        }
        if (++walked == WALK_MAX) {
          return firstPlaced(has, has, mode);
        }
      }
    }
    return mode.within() == null ? NONE : firstPlaced(mode.within(), has, mode);
  }

  /** Of some listed pieces that a peer has, the one that the order has first. */
  private int firstPlaced(PieceSet some, PieceSet has, Pick mode) {
    int best = NONE;
    for (int piece = listed.nextCommon(some, 0);
        piece >= 0;
        piece = listed.nextCommon(some, piece + 1)) {
      work++;
      if ((best == NONE || order.place(piece) < order.place(best)) && mode.allows(piece, has)) {
        best = piece;
      }
    }
    return best;
  }

  /** Of the highest priority that a peer can serve, the first piece of the torrent. */
  private int firstIndexed(PieceSet has, Pick mode) {
    int best = NONE;
    for (int piece = listed.nextCommon(has, 0);
        piece >= 0;
        piece = listed.nextCommon(has, piece + 1)) {
      work++;
      if ((best == NONE || order.rank(piece) < order.rank(best)) && mode.allows(piece, has)) {
        best = piece;
        if (order.rank(best) == 0) {
          return best;
        }
      }
    }
    return best;
  }

  /** Of the highest priority that a peer can serve, any. */
  private int atRandom(PieceSet has, Pick mode) {
    int best = NONE;
    int ties = 0;
    for (int piece = listed.nextCommon(has, 0);
        piece >= 0;
        piece = listed.nextCommon(has, piece + 1)) {
      work++;
      if (!mode.allows(piece, has)) {
        continue;
      }
      int rank = order.rank(piece);
      int bestRank = best == NONE ? Integer.MAX_VALUE : order.rank(best);
      if (rank < bestRank) {
        ties = 0;
      }
      if (rank <= bestRank && random.nextInt(++ties) == 0) {
        best = piece;
      }
    }
    return best;
  }
}

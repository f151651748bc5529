package org.spate.core.swarm;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that a neighbour suggested last (BEP 6): it has them at hand, as in its disk cache.
 *
 * <p>They are started before rarer ones of the same priority, from that neighbour alone. That they
 * are few is what keeps a neighbour from undoing rarest first by suggesting everything.
 */
final class Suggestions {
  /** Most suggestions kept; the oldest is dropped. */
  static final int SUGGESTIONS_MAX = 8;

  private final int pieceCount;
  private final ArrayDeque<Integer> order = new ArrayDeque<>();
  private @Nullable PieceSet pieces;

  Suggestions(int pieceCount) {
    this.pieceCount = pieceCount;
  }

  void add(int piece) {
    var kept = pieces == null ? new PieceSet(pieceCount) : pieces;
    pieces = kept;
    if (kept.add(piece)) {
      order.add(piece);
      if (order.size() > SUGGESTIONS_MAX) {
        kept.remove(order.remove());
      }
    }
  }

  /** Null if there was none; pieces that are here or started meanwhile do no harm. */
  @Nullable PieceSet open() {
    return pieces;
  }
}

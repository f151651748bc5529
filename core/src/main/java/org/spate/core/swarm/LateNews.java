package org.spate.core.swarm;

import java.util.Arrays;

/**
 * Pieces of ours that a neighbour has yet to hear of, and that are no news to act on, as it has
 * them itself: they go along with the next message that has a reason of its own. A message alone
 * costs ten times its length, in headers and acknowledgements.
 */
final class LateNews {
  /** When so many wait they are reason enough. */
  static final int PIECES_MAX = 32;

  private static final int[] NONE = {};

  private int[] pieces = NONE;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  boolean isFull() {
    return size == PIECES_MAX;
  }

  void add(int piece) {
    if (size == pieces.length) {
      pieces = Arrays.copyOf(pieces, Math.max(4, size * 2));
    }
    pieces[size++] = piece;
  }

  /** The piece that came last; it waits no more. */
  int take() {
    int piece = pieces[--size];
    pieces = size == 0 ? NONE : pieces;
    return piece;
  }
}

package org.spate.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Rings of {@linkplain MessageCodes messages} that no flow uses now. Of the millions of flows in a
 * large world few carry anything at a time: those share the rings that were used last, which are
 * still in the cache.
 */
final class MessageRings {
  private static final int LENGTH_MIN = 4;

  /** A ring so short is not worth giving back. */
  static final int KEPT_MAX = 8;

  /** What a flow has that carries nothing. */
  static final long[] NONE = {};

  private final List<List<long[]>> free = new ArrayList<>(); // by length

  MessageRings() {
    for (int i = 0; i < Integer.SIZE; i++) {
      free.add(new ArrayList<>());
    }
  }

  /** A ring of the next greater power of two. */
  long[] larger(int length) {
    int wanted = Math.max(LENGTH_MIN, length * 2);
    var ready = free.get(Integer.numberOfTrailingZeros(wanted));
    return ready.isEmpty() ? new long[wanted] : ready.removeLast();
  }

  /** Takes a ring back that carries nothing any more. */
  void giveBack(long[] ring) {
    free.get(Integer.numberOfTrailingZeros(ring.length)).add(ring);
  }
}

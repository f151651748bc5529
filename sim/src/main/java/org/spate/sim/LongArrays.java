package org.spate.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Arrays that nobody uses now. In a large world millions of flows and thousands of buckets of
 * events take turns in holding something: they share the arrays that were used last, which are
 * still in the cache.
 */
final class LongArrays {
  private static final int LENGTH_MIN = 4;

  /** An array so short is not worth giving back. */
  static final int KEPT_MAX = 8;

  /** What those have that hold nothing. */
  static final long[] NONE = {};

  private final List<List<long[]>> free = new ArrayList<>(); // by length

  LongArrays() {
    for (int i = 0; i < Integer.SIZE; i++) {
      free.add(new ArrayList<>());
    }
  }

  /** One of the next greater power of two, with anything in it. */
  long[] larger(int length) {
    int wanted = Math.max(LENGTH_MIN, length * 2);
    var ready = free.get(Integer.numberOfTrailingZeros(wanted));
    return ready.isEmpty() ? new long[wanted] : ready.removeLast();
  }

  void giveBack(long[] array) {
    free.get(Integer.numberOfTrailingZeros(array.length)).add(array);
  }
}

package org.spate.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.PeerMessage;

/**
 * Rings of messages that no flow uses now. Of the millions of flows in a large world few carry
 * anything at a time: those share the rings that were used last, which are still in the cache.
 */
final class MessageRings {
  private static final int LENGTH_MIN = 4;

  /** A ring so short is not worth giving back. */
  static final int KEPT_MAX = 8;

  /** What a flow has that carries nothing. */
  static final @Nullable PeerMessage[] NONE = new @Nullable PeerMessage[0];

  static final int[] NO_LENGTHS = {};

  // By length.
  private final List<List<@Nullable PeerMessage[]>> free = new ArrayList<>();
  private final List<List<int[]>> freeLengths = new ArrayList<>();

  MessageRings() {
    for (int i = 0; i < Integer.SIZE; i++) {
      free.add(new ArrayList<>());
      freeLengths.add(new ArrayList<>());
    }
  }

  /** A ring of the next greater power of two, all empty. */
  @Nullable PeerMessage[] larger(int length) {
    int wanted = Math.max(LENGTH_MIN, length * 2);
    var ready = free.get(Integer.numberOfTrailingZeros(wanted));
    return ready.isEmpty() ? new @Nullable PeerMessage[wanted] : ready.removeLast();
  }

  /** The lengths of the messages of a ring so large. */
  int[] lengths(int length) {
    var ready = freeLengths.get(Integer.numberOfTrailingZeros(length));
    return ready.isEmpty() ? new int[length] : ready.removeLast();
  }

  /** Takes an empty ring back. */
  void giveBack(@Nullable PeerMessage[] ring, int[] lengths) {
    free.get(Integer.numberOfTrailingZeros(ring.length)).add(ring);
    freeLengths.get(Integer.numberOfTrailingZeros(ring.length)).add(lengths);
  }
}

package org.spate.core.tracker;

import java.util.Arrays;

/**
 * How many requests each address has made in this second, in a fixed number of counters. Addresses
 * that share a counter by chance share its bound; with a secret seed nobody can choose whom to
 * share with. To be asked about addresses that are proved only: else anybody could use up
 * another's.
 */
public final class RequestQuota {
  private static final int COUNTER_BITS = 16;
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final int[] counters = new int[1 << COUNTER_BITS];
  private final int perSecondMax;
  private final long seed;
  private long second;

  public RequestQuota(int perSecondMax, long seed) {
    if (perSecondMax < 1) {
      throw new IllegalArgumentException("no request allowed");
    }
    this.perSecondMax = perSecondMax;
    this.seed = seed;
  }

  /**
   * Counts one more of an address; false if that has its fill. The tracker's own host never has.
   */
  boolean take(long high, long low, long nowNanos) {
    if (Reach.of(high, low) == Reach.HOST) {
      return true;
    }
    long now = nowNanos / SECOND_NANOS;
    if (now != second) {
      second = now;
      Arrays.fill(counters, 0);
    }
    // A host with IPv6 owns a /64 as a rule, so its lower half says nothing.
    long key = Reach.isV4(high, low) ? low : high;
    return ++counters[(int) (Mix.of(key ^ seed) >>> (Long.SIZE - COUNTER_BITS))] <= perSecondMax;
  }
}

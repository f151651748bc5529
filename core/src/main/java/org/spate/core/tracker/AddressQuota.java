package org.spate.core.tracker;

/**
 * Counts the peers of each address in a fixed number of counters. Addresses that share a counter by
 * chance share its bound; with a secret seed nobody can choose whom to share with.
 */
public final class AddressQuota {
  private static final int COUNTER_BITS = 16;

  private final int[] counters = new int[1 << COUNTER_BITS];
  private final int countMax;
  private final long seed;

  public AddressQuota(int countMax, long seed) {
    this.countMax = countMax;
    this.seed = seed;
  }

  /** Counts one more of an address; false if that has its fill. */
  public boolean take(long high, long low) {
    if (isFull(high, low)) {
      return false;
    }
    counters[counterOf(high, low)]++;
    return true;
  }

  /** Whether an address has its fill. */
  public boolean isFull(long high, long low) {
    return counters[counterOf(high, low)] >= countMax;
  }

  void giveBack(long high, long low) {
    int counter = counterOf(high, low);
    assert counters[counter] > 0;
    counters[counter]--;
  }

  /** A host with IPv6 owns a /64 as a rule, so its lower half says nothing. */
  private int counterOf(long high, long low) {
    long key = Reach.isV4(high, low) ? low : high;
    return (int) (Mix.of(key ^ seed) >>> (Long.SIZE - COUNTER_BITS));
  }
}

package org.spate.core.tracker;

import org.spate.core.Endpoint;

/**
 * Counts the peers of each address in a fixed number of counters. Addresses that share a counter by
 * chance share its bound; with a secret seed nobody can choose whom to share with.
 */
final class AddressQuota {
  private static final int COUNTER_BITS = 16;

  private final int[] counters = new int[1 << COUNTER_BITS];
  private final int countMax;
  private final long seed;

  AddressQuota(int countMax, long seed) {
    this.countMax = countMax;
    this.seed = seed;
  }

  /** Counts one more of an address; false if that has its fill. */
  boolean take(Endpoint address) {
    int counter = counterOf(address);
    if (counters[counter] >= countMax) {
      return false;
    }
    counters[counter]++;
    return true;
  }

  void giveBack(Endpoint address) {
    int counter = counterOf(address);
    assert counters[counter] > 0;
    counters[counter]--;
  }

  /** A host with IPv6 owns a /64 as a rule, so its lower half says nothing. */
  private int counterOf(Endpoint address) {
    long key = address.isV4() ? address.low() : address.high();
    return (int) (Mix.of(key ^ seed) >>> (Long.SIZE - COUNTER_BITS));
  }
}

package org.spate.core.tracker;

import java.util.random.RandomGenerator;
import org.spate.core.SipHash;

/**
 * The connection ids of BEP 15 without a table of them, in the manner of SYN cookies: the low 16
 * bits of the second of issue, and 48 bits of a keyed hash of that second and the address. Who
 * holds one has received a packet at the address not long ago; nothing is kept for those who have
 * not. All threads of a tracker share one key, so an id is good whichever of them is asked next.
 */
public final class ConnectionIds {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int TIME_BITS = 16;

  /** How long an id is taken, by BEP 15 "until two minutes after it has been sent". */
  static final int LIFETIME_SECONDS = 120;

  private final long key0;
  private final long key1;

  /** The key is drawn from {@code random}, which must be unpredictable on a real network. */
  public ConnectionIds(RandomGenerator random) {
    key0 = random.nextLong();
    key1 = random.nextLong();
  }

  long issue(long high, long low, long nowNanos) {
    return idOf(high, low, nowNanos / SECOND_NANOS);
  }

  boolean isValid(long connectionId, long high, long low, long nowNanos) {
    long second = nowNanos / SECOND_NANOS;
    long age = (second - (connectionId >>> (Long.SIZE - TIME_BITS))) & ((1 << TIME_BITS) - 1);
    return age <= LIFETIME_SECONDS
        && age <= second
        && connectionId == idOf(high, low, second - age);
  }

  /** The hash covers the whole second, so an id is not valid again when its 16 bits come round. */
  private long idOf(long high, long low, long second) {
    long hash = SipHash.of(key0, key1, high, low, second);
    return second << (Long.SIZE - TIME_BITS) | hash >>> TIME_BITS;
  }
}

package org.spate.core.tracker;

/**
 * Time as a store notes it for each peer: fifteen bits that go round in eight times the life of a
 * silent peer, which is long gone before its note could be mistaken for a new one.
 */
final class Ticks {
  static final int BITS = 15;
  static final int MASK = (1 << BITS) - 1;

  /** The life of a silent peer. */
  static final int EXPIRY = 1 << (BITS - 3);

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final long nanos;

  Ticks(int expirySeconds) {
    nanos = Math.ceilDiv(expirySeconds * SECOND_NANOS, EXPIRY);
  }

  /** How long one is. */
  long nanos() {
    return nanos;
  }

  int at(long nowNanos) {
    return (int) Math.floorDiv(nowNanos, nanos) & MASK;
  }

  static int age(int tick, int nowTick) {
    return nowTick - tick & MASK;
  }

  static boolean isExpired(int tick, int nowTick) {
    return age(tick, nowTick) > EXPIRY;
  }

  /** Rounded down to a tick. */
  long ageSeconds(int tick, int nowTick) {
    return age(tick, nowTick) * nanos / SECOND_NANOS;
  }

  int tickOfAge(long ageSeconds, int nowTick) {
    return nowTick - (int) Math.ceilDiv(ageSeconds * SECOND_NANOS, nanos) & MASK;
  }
}

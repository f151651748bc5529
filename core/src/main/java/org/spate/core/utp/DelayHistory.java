package org.spate.core.utp;

import java.util.Arrays;

/**
 * The least delay of the last ten minutes (RFC 6817, section 4.2: base delay), as the least of each
 * minute, so that an old path or a drifting clock is forgotten. Delays are microseconds between two
 * clocks that need not agree: 32 bits that wrap, compared by their difference.
 */
final class DelayHistory {
  private static final int MINUTES = 10;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final int[] leastByMinute = new int[MINUTES];
  private int at;
  private long minuteEndsNanos;
  private int base;
  private boolean isEmpty = true;

  void add(int micros, long nowNanos) {
    if (isEmpty) {
      isEmpty = false;
      minuteEndsNanos = nowNanos + MINUTE_NANOS;
      Arrays.fill(leastByMinute, micros);
      base = micros;
    } else if (nowNanos - minuteEndsNanos >= 0) {
      minuteEndsNanos = nowNanos + MINUTE_NANOS;
      at = (at + 1) % MINUTES;
      leastByMinute[at] = micros;
      base = micros;
      for (int least : leastByMinute) {
        base = lesser(base, least);
      }
    } else {
      leastByMinute[at] = lesser(leastByMinute[at], micros);
      base = lesser(base, micros);
    }
  }

  boolean isEmpty() {
    return isEmpty;
  }

  /** The least of all; meaningless while empty. */
  int base() {
    return base;
  }

  private static int lesser(int a, int b) {
    return b - a < 0 ? b : a;
  }
}

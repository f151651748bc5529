package org.spate.core.swarm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;

/** When a swarm wants to be woken, and what for. The earliest is asked for after every event. */
final class Timers {
  enum Timer {
    TICK,
    RECHOKE,
    STORAGE_RETRY
  }

  private static final Timer[] ALL = Timer.values();

  private final long[] deadlines = new long[ALL.length];
  private long earliestNanos = Machine.NEVER;

  Timers() {
    clear();
  }

  void set(Timer timer, long whenNanos) {
    deadlines[timer.ordinal()] = whenNanos;
    earliestNanos = Machine.NEVER;
    for (long deadline : deadlines) {
      earliestNanos = earlier(earliestNanos, deadline);
    }
  }

  void clear() {
    Arrays.fill(deadlines, Machine.NEVER);
    earliestNanos = Machine.NEVER;
  }

  /** One that is due, and is so no more; null when there is none. */
  @Nullable Timer takeDue(long nowNanos) {
    for (var timer : ALL) {
      long deadline = deadlines[timer.ordinal()];
      if (deadline != Machine.NEVER && deadline - nowNanos <= 0) {
        set(timer, Machine.NEVER);
        return timer;
      }
    }
    return null;
  }

  /** The earliest, also of one that is not kept here. */
  long earliestNanos(long otherNanos) {
    return earlier(earliestNanos, otherNanos);
  }

  private static long earlier(long one, long other) {
    return one == Machine.NEVER || (other != Machine.NEVER && other - one < 0) ? other : one;
  }
}

package org.spate.core.utp;

/** Estimates of the round-trip time, and the timeout that follows from them (BEP 29, RFC 6298). */
final class RoundTrip {
  private static final long MILLI_NANOS = 1_000_000;

  /** BEP 29: the timeout before anything was measured, and the least afterwards. */
  static final long TIMEOUT_FIRST_NANOS = 1000 * MILLI_NANOS;

  static final long TIMEOUT_MIN_NANOS = 500 * MILLI_NANOS;
  static final long TIMEOUT_MAX_NANOS = 60_000 * MILLI_NANOS;

  private static final long MICRO_NANOS = 1_000;

  private final DelayHistory least = new DelayHistory();
  private long smoothed;
  private long variance;
  private int backOff;

  /** The time from a packet that was sent once to its acknowledgement. */
  void add(long sampleNanos, long nowNanos) {
    long sample = Math.max(1, sampleNanos);
    if (least.isEmpty()) {
      smoothed = sample;
      variance = sample / 2;
    } else {
      variance += (Math.abs(smoothed - sample) - variance) / 4;
      smoothed += (sample - smoothed) / 8;
    }
    least.add((int) (sample / MICRO_NANOS), nowNanos);
  }

  boolean isKnown() {
    return !least.isEmpty();
  }

  long smoothedNanos() {
    return isKnown() ? smoothed : TIMEOUT_FIRST_NANOS;
  }

  /** The least of the last ten minutes; 0 before anything was measured. */
  long leastNanos() {
    return least.isEmpty() ? 0 : Math.max(1, least.base()) * MICRO_NANOS;
  }

  long timeoutNanos() {
    long once =
        isKnown() ? Math.max(TIMEOUT_MIN_NANOS, smoothed + 4 * variance) : TIMEOUT_FIRST_NANOS;
    return Math.min(once << Math.min(backOff, 16), TIMEOUT_MAX_NANOS);
  }

  void onTimeout() {
    backOff++;
  }

  void onProgress() {
    backOff = 0;
  }
}

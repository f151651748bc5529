package org.spate.core.swarm;

/**
 * Bytes a second, lately: an average over a window that grows with the age of the meter up to a
 * maximum, so that a new flow is known at once and an old one does not jump. Plain arithmetic, the
 * same on every machine.
 */
final class RateMeter {
  /** The window never gets smaller than this, so that the first bytes are no infinite rate. */
  private static final long WINDOW_MIN_NANOS = 250_000_000L;

  private final long windowMaxNanos;
  private double bytesPerSecond;
  private long windowStartNanos;
  private long lastNanos;
  private boolean started;

  RateMeter(long windowMaxNanos) {
    this.windowMaxNanos = windowMaxNanos;
  }

  void add(long bytes, long nowNanos) {
    if (!started || nowNanos - lastNanos > windowMaxNanos) {
      started = true; // or anew: what was before so long a silence says nothing
      bytesPerSecond = 0;
      windowStartNanos = nowNanos - WINDOW_MIN_NANOS;
      lastNanos = nowNanos;
    }
    double carried = bytesPerSecond * (lastNanos - windowStartNanos);
    bytesPerSecond = (carried + bytes * 1e9) / (nowNanos - windowStartNanos);
    lastNanos = nowNanos;
    windowStartNanos = Math.max(windowStartNanos, nowNanos - windowMaxNanos);
  }

  /** Bytes a second, silence since the last byte counted in. */
  double rate(long nowNanos) {
    long silence = nowNanos - lastNanos;
    if (!started || silence > windowMaxNanos) {
      return 0;
    }
    double window = lastNanos - windowStartNanos;
    return bytesPerSecond * window / (window + silence);
  }
}

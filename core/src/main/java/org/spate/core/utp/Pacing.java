package org.spate.core.utp;

/**
 * Spreads a window over its round trip, where acknowledgements alone would not: after a pause, or
 * when one of them opens much at once. A burst is bounded by what the default buffers of sockets
 * take in without loss; a timer cannot be finer than a millisecond, so that much may go at once.
 */
final class Pacing {
  /** Half of what Linux's default buffer holds in packets of Ethernet's length. */
  static final int BURST_BYTES_MAX = 64 << 10;

  private static final long TICK_NANOS = 1_000_000L;

  /** Faster than the window's rate, or the pace itself would keep it from growing. */
  private static final double HEADROOM_CLIMBING = 2;

  private static final double HEADROOM = 1.25;

  private double credit = BURST_BYTES_MAX;
  private long creditedNanos;

  void credit(CongestionWindow window, RoundTrip trip, long nowNanos) {
    credit = Math.min(BURST_BYTES_MAX, credit + (nowNanos - creditedNanos) * rate(window, trip));
    creditedNanos = nowNanos;
  }

  private static double rate(CongestionWindow window, RoundTrip trip) {
    double headroom = window.isClimbing() ? HEADROOM_CLIMBING : HEADROOM;
    return headroom * window.bytes() / Math.max(1, trip.smoothedNanos());
  }

  boolean isOpen() {
    return credit > 0;
  }

  void spend(int bytes) {
    credit -= bytes;
  }

  /** When it is worth looking again. */
  long opensNanos(CongestionWindow window, RoundTrip trip, long nowNanos) {
    long wait = (long) (-credit / rate(window, trip));
    return nowNanos + Math.max(TICK_NANOS, wait);
  }
}

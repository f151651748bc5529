package org.spate.core.swarm;

/**
 * How fast a link takes bytes while there are some for it: time in which it has nothing to take
 * does not count. Older history weighs less.
 */
final class DrainMeter {
  private static final long HISTORY_NANOS = 1_000_000_000L;

  /** Less time than this says nothing about a rate. */
  private static final long EVIDENCE_NANOS = 50_000_000L;

  private double bytes;
  private double nanos;
  private long lastNanos;
  private boolean running;

  void start(long nowNanos) {
    lastNanos = nowNanos;
    running = true;
  }

  void stop() {
    running = false;
  }

  void add(int count, long nowNanos) {
    if (!running) {
      return;
    }
    bytes += count;
    nanos += nowNanos - lastNanos;
    lastNanos = nowNanos;
    if (nanos > HISTORY_NANOS) {
      bytes /= 2;
      nanos /= 2;
    }
  }

  /** Bytes a second, or -1 if not known yet. */
  double rate() {
    return nanos < EVIDENCE_NANOS ? -1 : bytes * 1e9 / nanos;
  }
}

package org.spate.core.swarm;

/**
 * How fast a link takes bytes at its best, while there are some for it: time in which it has
 * nothing to take does not count. What was long ago fades.
 */
final class DrainMeter {
  /** A sample ends after so long at the latest, or when there is nothing more to take. */
  private static final long SAMPLE_MAX_NANOS = 1_000_000_000L;

  /** Less time than this says nothing about a rate. */
  private static final long EVIDENCE_NANOS = 50_000_000L;

  /** What is left of the best when a sample does not reach it. */
  private static final double FADING = 0.9;

  private double bytes;
  private double nanos;
  private long lastNanos;
  private boolean running;
  private boolean shared;
  private double best = -1;

  void start(long nowNanos) {
    lastNanos = nowNanos;
    running = true;
  }

  void stop() {
    running = false;
    sample();
  }

  /** Bytes were taken while other links took some, too: this may be slower than its best. */
  void addShared(int count, long nowNanos) {
    shared = true;
    add(count, nowNanos);
  }

  void add(int count, long nowNanos) {
    if (!running) {
      return;
    }
    bytes += count;
    nanos += nowNanos - lastNanos;
    lastNanos = nowNanos;
    if (nanos > SAMPLE_MAX_NANOS || best < 0) {
      sample();
    }
  }

  private void sample() {
    if (nanos >= EVIDENCE_NANOS) {
      best = Math.max(shared ? best : best * FADING, bytes * 1e9 / nanos);
      bytes = 0;
      nanos = 0;
      shared = false;
    }
  }

  /** Bytes a second, or -1 if not known yet. */
  double best() {
    return best;
  }
}

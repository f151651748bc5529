package org.spate.core.utp;

/**
 * How long our packets wait in queues on their way (RFC 6817): what the other side says about their
 * one-way delay, less the least that it ever said. The least of the last few samples counts, since
 * what makes a single one late is mostly not the queue.
 */
final class QueueDelay {
  /** RFC 6817: CURRENT_FILTER, at least 4. */
  private static final int SAMPLES = 4;

  private static final long MICRO_NANOS = 1_000;

  private final DelayHistory history = new DelayHistory();
  private final int[] recent = new int[SAMPLES];
  private int count;

  /** Takes a sample from a packet's header; 0 means that there is none. */
  void add(int micros, long nowNanos) {
    if (micros != 0) {
      history.add(micros, nowNanos);
      recent[count++ % SAMPLES] = micros;
    }
  }

  /** From 0 up. */
  long nanos() {
    int known = Math.min(count, SAMPLES);
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < known; i++) {
      least = Math.min(least, recent[i] - history.base());
    }
    return known == 0 ? 0 : Math.max(0, least) * MICRO_NANOS;
  }

  /** What was measured belongs to the past: there has been silence. */
  void forgetRecent() {
    count = 0;
  }
}

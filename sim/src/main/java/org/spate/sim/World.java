package org.spate.sim;

/**
 * Virtual time: the clock, the queue of events, and a hash over every event that came to pass.
 *
 * <p>The hash depends on the order, time and kind of all events, so two runs with equal hashes took
 * the same course.
 */
final class World {
  /** Later than any run lasts. */
  static final long NEVER = Long.MAX_VALUE;

  private final EventQueue queue = new EventQueue();
  private long nowNanos;
  private long events;
  private long hash = 0x9E3779B97F4A7C15L;

  long nowNanos() {
    return nowNanos;
  }

  long events() {
    return events;
  }

  long hash() {
    return hash;
  }

  int pending() {
    return queue.size();
  }

  void schedule(EventKind kind, int index, long atNanos) {
    schedule(kind, index, 0, atNanos);
  }

  void schedule(EventKind kind, int index, int detail, long atNanos) {
    if (atNanos < nowNanos) {
      throw new IllegalArgumentException(kind + " scheduled in the past");
    }
    queue.add(atNanos, kind.what(index, detail));
  }

  /** Moves on to the next event and returns what it is, or -1 when nothing is left to happen. */
  long next() {
    if (!queue.poll()) {
      return -1;
    }
    nowNanos = queue.time();
    events++;
    note(nowNanos);
    note(queue.what());
    return queue.what();
  }

  /** Mixes a fact into the hash. */
  void note(long fact) {
    hash = Long.rotateLeft((hash ^ fact) * 0xFF51AFD7ED558CCDL, 29) * 0xC4CEB9FE1A85EC53L;
  }
}

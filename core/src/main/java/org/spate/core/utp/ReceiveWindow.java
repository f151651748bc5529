package org.spate.core.utp;

/**
 * How much the other side may send ahead. What the reader has not taken counts against it: that is
 * the back-pressure. What counts is also where bytes wait that were never read: in the kernel's
 * buffer, which drops what it cannot hold and is small unless someone has made it larger. So the
 * window begins with what that buffer holds and grows only as the path proves to need it: to twice
 * of what arrives within a round trip.
 */
final class ReceiveWindow {
  /** The most that a reader can be behind. */
  static final int BYTES_MAX = 3 << 20;

  /** The least to begin with, however many connections share the kernel's buffer. */
  static final int BYTES_MIN = 32 << 10;

  /** What is taken beyond the window: from a sender that tries whether it has opened again. */
  private static final int EXCESS_BYTES_MAX = 16 << 10;

  /** Rates over less time than this say little. */
  private static final long MEASURE_NANOS = 10_000_000L;

  /** On a shorter path what makes round trips longer is mostly the queue in this very machine. */
  private static final long NEAR_NANOS = 2_000_000L;

  private int size;
  private int unread;
  private long arrived;
  private long measuredNanos;

  ReceiveWindow(int firstBytes) {
    size = Math.clamp(firstBytes, BYTES_MIN, BYTES_MAX);
  }

  /** Bytes were handed to the reader. */
  void onDelivered(int bytes) {
    unread += bytes;
  }

  /** The reader has taken bytes. */
  void onRead(int bytes) {
    unread = Math.max(0, unread - bytes);
  }

  void onArrived(int bytes, RoundTrip trip, long nowNanos) {
    arrived += bytes;
    long tripNanos = trip.leastNanos() < NEAR_NANOS ? trip.leastNanos() : trip.smoothedNanos();
    long elapsed = nowNanos - measuredNanos;
    if (elapsed >= Math.max(tripNanos, MEASURE_NANOS)) {
      double inRoundTrip = (double) arrived * tripNanos / elapsed;
      size = (int) Math.clamp(2 * inRoundTrip, size, BYTES_MAX);
      arrived = 0;
      measuredNanos = nowNanos;
    }
  }

  /** What to tell the other side, with so much held that is out of order. */
  int bytes(int reordered) {
    return Math.max(0, size - unread - reordered);
  }

  /** Whether a packet is to be kept; who ignores the window is soon kept out. */
  boolean canTake(int reordered) {
    return unread + reordered < size + EXCESS_BYTES_MAX;
  }

  /** Whether what was told last is so little that the news is worth a packet. */
  boolean isWorthTelling(int toldBytes, int reordered) {
    int now = bytes(reordered);
    return toldBytes < size / 4 && now >= size / 2;
  }
}

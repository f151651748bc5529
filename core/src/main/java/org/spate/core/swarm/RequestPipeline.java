package org.spate.core.swarm;

/**
 * Our outstanding requests to one neighbour, oldest first, and how many there should be.
 *
 * <p>The queue follows the bandwidth-delay product: enough requests for the neighbour's rate over
 * the time from a request to its block, measured on an idle queue, plus a little slack. Too few and
 * its uplink idles; too many and blocks are bound to a neighbour that delivers them late.
 */
final class RequestPipeline {
  /** Requests to start with and to fall back to. */
  static final int DEPTH_MIN = 4;

  /** Most requests ever outstanding: 2,000 blocks are 32 MB. */
  static final int DEPTH_MAX = 2000;

  /** How long the smallest latency seen is believed. */
  private static final long LATENCY_MEMORY_NANOS = 10_000_000_000L;

  private static final long UNKNOWN = Long.MAX_VALUE;

  private static final int CAPACITY_START = 8;
  private static final long TAKEN = -1;
  private static final long[] EMPTY = {};

  /**
   * A ring of pairs: piece and block, or {@link #TAKEN}, and when it was sent. Given up with the
   * last request, since of many neighbours few are asked at a time.
   */
  private long[] ring = EMPTY;

  private int head;
  private int tail; // exclusive; both count up and are masked
  private int size;
  private long takenSentNanos; // when the request that was taken last was sent

  private long latencyNow = UNKNOWN;
  private long latencyBefore = UNKNOWN;
  private long latencySince;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(int piece, int block, long nowNanos) {
    int capacity = ring.length / 2;
    if (tail - head == capacity) {
      moveTogether(size < capacity / 2 ? capacity : Math.max(CAPACITY_START, capacity * 2));
    }
    int slot = slot(tail++);
    ring[slot] = request(piece, block);
    ring[slot + 1] = nowNanos;
    size++;
  }

  /** Takes a request out; returns false if there is no such request. */
  boolean remove(int piece, int block) {
    return take(piece, block);
  }

  /** The block of a request has come; returns false if there is no such request. */
  boolean answered(int piece, int block, long nowNanos) {
    boolean isAnswer = take(piece, block);
    if (isAnswer) {
      sampleLatency(nowNanos - takenSentNanos, nowNanos);
    }
    return isAnswer;
  }

  /** When the oldest request for a piece was sent, or -1. */
  long waitingSince(int piece) {
    for (int i = head; i != tail; i++) {
      int slot = slot(i);
      if (ring[slot] != TAKEN && piece(ring[slot]) == piece) {
        return ring[slot + 1];
      }
    }
    return -1;
  }

  private boolean take(int piece, int block) {
    long wanted = request(piece, block);
    for (int i = head; i != tail && wanted != TAKEN; i++) {
      int slot = slot(i);
      if (ring[slot] == wanted) {
        ring[slot] = TAKEN;
        takenSentNanos = ring[slot + 1];
        takenOut();
        return true;
      }
    }
    return false;
  }

  /** A request was marked as taken. */
  private void takenOut() {
    if (--size == 0) {
      head = tail;
      ring = EMPTY;
      return;
    }
    while (ring[slot(head)] == TAKEN) {
      head++;
    }
  }

  /** Receives requests. */
  @FunctionalInterface
  interface RequestVisitor {
    void request(int piece, int block);
  }

  /** Takes every request out, oldest first. */
  void drain(RequestVisitor visitor) {
    while (size > 0) {
      takeOldest(visitor);
    }
  }

  /** Takes the requests out that were sent before a time, oldest first. */
  void drainSentBefore(long nanos, RequestVisitor visitor) {
    while (size > 0 && oldestNanos() - nanos < 0) {
      takeOldest(visitor);
    }
  }

  private void takeOldest(RequestVisitor visitor) {
    int slot = slot(head);
    long request = ring[slot];
    ring[slot] = TAKEN;
    takenOut();
    visitor.request(piece(request), (int) request);
  }

  /** When the oldest request was sent; only while there is one. */
  long oldestNanos() {
    return ring[slot(head) + 1];
  }

  private void sampleLatency(long latency, long nowNanos) {
    if (nowNanos - latencySince > LATENCY_MEMORY_NANOS) {
      latencyBefore = latencyNow;
      latencyNow = UNKNOWN;
      latencySince = nowNanos;
    }
    latencyNow = Math.min(latencyNow, latency);
  }

  /**
   * How many requests should be outstanding.
   *
   * @param rate bytes a second that the neighbour delivers
   * @param slackNanos queue to keep beyond one round trip
   * @param least queue to keep in any case
   * @param limit most that the neighbour keeps
   */
  int depth(double rate, long slackNanos, int blockLength, int least, int limit) {
    long latency = Math.min(latencyNow, latencyBefore);
    long horizon = slackNanos + (latency == UNKNOWN ? 0 : latency);
    double wanted = least + rate * horizon / 1e9 / blockLength;
    return (int) Math.min(wanted, Math.min(limit, DEPTH_MAX));
  }

  /**
   * Moves the requests together. A neighbour that leaves one request unanswered for long, but
   * answers those behind it, must not make the ring grow.
   */
  private void moveTogether(int capacity) {
    var moved = new long[capacity * 2];
    int count = 0;
    for (int i = head; i != tail; i++) {
      int slot = slot(i);
      if (ring[slot] != TAKEN) {
        moved[count++] = ring[slot];
        moved[count++] = ring[slot + 1];
      }
    }
    ring = moved;
    head = 0;
    tail = size;
  }

  private int slot(int position) {
    return (position * 2) & (ring.length - 1);
  }

  private static long request(int piece, int block) {
    return ((long) piece << 32) | block;
  }

  private static int piece(long request) {
    return (int) (request >>> 32);
  }
}

package org.spate.core.swarm;

import java.util.Arrays;

/**
 * Our outstanding requests to one neighbour, oldest first, and how many there should be.
 *
 * <p>The queue follows the bandwidth-delay product: enough requests for the neighbour's rate over
 * the time from a request to its block, measured on an idle queue, plus a little slack. Too few and
 * its uplink idles; too many and blocks are bound to a neighbour that delivers them late.
 */
final class RequestPipeline {
  private static final int NONE = -1;

  /** Requests to start with and to fall back to. */
  static final int DEPTH_MIN = 4;

  /** Most requests ever outstanding: 2,000 blocks are 32 MB. */
  static final int DEPTH_MAX = 2000;

  /** How long the smallest latency seen is believed. */
  private static final long LATENCY_MEMORY_NANOS = 10_000_000_000L;

  private static final long UNKNOWN = Long.MAX_VALUE;

  private static final int LENGTH_START = 8;
  private static final int[] NO_INTS = {};
  private static final long[] NO_LONGS = {};

  // Rings, given up with the last request: of many neighbours few are asked at a time.
  private int[] pieces = NO_INTS;
  private int[] blocks = NO_INTS;
  private long[] sentNanos = NO_LONGS;
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
    if (tail - head == pieces.length) {
      if (size < pieces.length / 2) {
        closeGaps();
      } else {
        grow();
      }
    }
    int slot = tail++ & (pieces.length - 1);
    pieces[slot] = piece;
    blocks[slot] = block;
    sentNanos[slot] = nowNanos;
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
    int mask = pieces.length - 1;
    for (int i = head; i != tail; i++) {
      if (pieces[i & mask] == piece) {
        return sentNanos[i & mask];
      }
    }
    return -1;
  }

  private boolean take(int piece, int block) {
    int mask = pieces.length - 1;
    for (int i = head; i != tail && piece != NONE; i++) {
      int slot = i & mask;
      if (pieces[slot] == piece && blocks[slot] == block) {
        pieces[slot] = NONE;
        takenSentNanos = sentNanos[slot];
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
      pieces = NO_INTS;
      blocks = NO_INTS;
      sentNanos = NO_LONGS;
      return;
    }
    int mask = pieces.length - 1;
    while (pieces[head & mask] == NONE) {
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
    int slot = head & (pieces.length - 1);
    int piece = pieces[slot];
    int block = blocks[slot];
    pieces[slot] = NONE;
    takenOut();
    visitor.request(piece, block);
  }

  /** When the oldest request was sent; only while there is one. */
  long oldestNanos() {
    return sentNanos[head & (pieces.length - 1)];
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
  private void closeGaps() {
    int mask = pieces.length - 1;
    int end = head;
    for (int i = head; i != tail; i++) {
      if (pieces[i & mask] != NONE) {
        pieces[end & mask] = pieces[i & mask];
        blocks[end & mask] = blocks[i & mask];
        sentNanos[end & mask] = sentNanos[i & mask];
        end++;
      }
    }
    tail = end;
  }

  private void grow() {
    int length = pieces.length;
    if (length == 0) {
      pieces = new int[LENGTH_START];
      blocks = new int[LENGTH_START];
      sentNanos = new long[LENGTH_START];
      return;
    }
    int start = head & (length - 1);
    pieces = rotated(pieces, start);
    blocks = rotated(blocks, start);
    var times = new long[length * 2];
    System.arraycopy(sentNanos, start, times, 0, length - start);
    System.arraycopy(sentNanos, 0, times, length - start, start);
    sentNanos = times;
    head = 0;
    tail = length;
  }

  private static int[] rotated(int[] ring, int start) {
    var twice = Arrays.copyOfRange(ring, start, start + ring.length * 2);
    System.arraycopy(ring, 0, twice, ring.length - start, start);
    return twice;
  }
}

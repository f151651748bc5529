package org.spate.core.swarm;

/**
 * Our outstanding requests to one neighbour, oldest first, and how many there should be.
 *
 * <p>The queue follows the bandwidth-delay product: enough requests for the neighbour's rate over
 * the time from a request to its block, measured on an idle queue, plus a little slack. Too few and
 * its uplink idles; too many and blocks are bound to a neighbour that delivers them late.
 */
final class RequestPipeline extends RequestRuns {
  /** Requests to start with and to fall back to. */
  static final int DEPTH_MIN = 4;

  /** Most requests ever outstanding: 2,000 blocks are 32 MB. */
  static final int DEPTH_MAX = 2000;

  /** After so long without a block requests are taken back, for others to serve. */
  private static final long TIMEOUT_MIN_NANOS = 20_000_000_000L;

  private static final long TIMEOUT_MAX_NANOS = 3 * TIMEOUT_MIN_NANOS;
  private static final long TIMEOUT_NANOS_PER_BYTE = TIMEOUT_MIN_NANOS / (256 * 1024);

  /** How long the smallest latency seen is believed. */
  private static final long LATENCY_MEMORY_NANOS = 10_000_000_000L;

  private static final long UNKNOWN = Long.MAX_VALUE;
  private static final long NEVER_SENT = Long.MIN_VALUE;

  private long latencyNow = UNKNOWN;
  private long latencyBefore = UNKNOWN;
  private long latencySince;

  /**
   * How long a neighbour that owes blocks may send none: longer where pieces are large, since a
   * slow uplink that serves whole pieces in turn is silent for some turns (of 1 MiB at 1 Mbit/s: 8
   * s each), and what is taken back too soon is sent by two.
   */
  static long timeoutNanos(int pieceLength) {
    return Math.clamp(pieceLength * TIMEOUT_NANOS_PER_BYTE, TIMEOUT_MIN_NANOS, TIMEOUT_MAX_NANOS);
  }

  void add(int piece, int block, long nowNanos) {
    add(request(piece, block), 1, nowNanos);
  }

  /** Takes a request out; returns false if there is no such request. */
  boolean remove(int piece, int block) {
    return remove(request(piece, block), 1, NEVER_SENT) != NEVER_SENT;
  }

  /** The block of a request has come; returns false if there is no such request. */
  boolean answered(int piece, int block, long nowNanos) {
    long sentNanos = remove(request(piece, block), 1, NEVER_SENT);
    if (sentNanos != NEVER_SENT) {
      sampleLatency(nowNanos - sentNanos, nowNanos);
    }
    return sentNanos != NEVER_SENT;
  }

  /** When the oldest request for a piece was sent, or -1. */
  long waitingSince(int piece) {
    return markOf(piece, -1);
  }

  /** Receives requests. */
  @FunctionalInterface
  interface RequestVisitor {
    void request(int piece, int block);
  }

  /** Takes every request out, oldest first. */
  void drain(RequestVisitor visitor) {
    while (!isEmpty()) {
      takeOldest(visitor);
    }
  }

  /** Takes the requests out that were sent before a time, oldest first. */
  void drainSentBefore(long nanos, RequestVisitor visitor) {
    while (!isEmpty() && oldestNanos() - nanos < 0) {
      takeOldest(visitor);
    }
  }

  private void takeOldest(RequestVisitor visitor) {
    long request = first();
    removeFirst();
    visitor.request(piece(request), (int) request);
  }

  /** When the oldest request was sent; only while there is one. */
  long oldestNanos() {
    return firstMark();
  }

  /** The piece of the oldest request; only while there is one. */
  int oldestPiece() {
    return piece(first());
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
}

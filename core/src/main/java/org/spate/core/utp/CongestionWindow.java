package org.spate.core.utp;

/**
 * How many bytes may be on their way: LEDBAT++ (draft-irtf-iccrg-ledbat-plus-plus), which keeps the
 * queue that we cause near a target and gives way to everybody who does not. LEDBAT (RFC 6817)
 * alone is not enough: a late comer takes the queue of those before it for the length of the path
 * and starves them, and on a short path it grows as greedily as TCP. Hence three additions: growth
 * is slower the shorter the path, the window shrinks by a share and not by a step when the queue is
 * too long, and now and then the sender falls silent so that all can see the empty path.
 *
 * <p>A queue may be shorter than the target. Then its overflow would be the only signal, and on it
 * we would share with TCP instead of giving way; so a loss halves the target to where the queue is
 * known to hold, and every silence raises it a little.
 *
 * <p>The target is a quarter of what RFC 6817 allows and BEP 29 names. TCP seldom fills a queue of
 * its own accord: where it holds 50 ms and 100 fit, a target of 60 ms is room that we would take
 * from it. Beside a queue of 100 ms TCP keeps 98 % of its rate with this one ({@code bench/yield}).
 * Next to other clients' uTP we get less.
 */
final class CongestionWindow {
  static final long TARGET_NANOS = 25_000_000L;

  private static final long TARGET_MIN_NANOS = 5_000_000L;

  /** The share of the target at which the first climb ends; later ones know where to. */
  private static final double SLOW_START_END = 0.75;

  private static final int GAIN_DIVISOR_MAX = 16;

  /** Packets of the window while silent, and the least that it shrinks to. */
  static final int PACKETS_MIN = 2;

  static final int PACKETS_FIRST = 10;

  /** Round trips before the first silence, and those that a silence lasts. */
  private static final int SILENCE_ROUND_TRIPS = 2;

  /** A silence with the climb out of it is a tenth of the time. */
  private static final int SILENCE_INTERVAL = 9;

  private enum Phase {
    /** Grows with every acknowledgement, up to the threshold. */
    CLIMB,
    /** Near the target. */
    STEADY,
    /** Two packets for two round trips. */
    SILENCE
  }

  private final int bytesMax;
  private int packet;
  private Phase phase = Phase.CLIMB;
  private double bytes;
  private double threshold = Double.MAX_VALUE;
  private long target = TARGET_NANOS;
  private boolean isFirstClimb = true;
  private long silenceDueNanos;
  private long silenceBeganNanos;
  private long silenceEndsNanos;
  private double bytesBeforeSilence;

  CongestionWindow(int packetBytes, int bytesMax) {
    this.packet = packetBytes;
    this.bytesMax = bytesMax;
    this.bytes = (double) PACKETS_FIRST * packetBytes;
  }

  int bytes() {
    return (int) bytes;
  }

  boolean isClimbing() {
    return phase == Phase.CLIMB;
  }

  void packetBytes(int packetBytes) {
    packet = packetBytes;
  }

  /**
   * Packets were acknowledged.
   *
   * @param wasFull whether the window was what kept more from being sent; else it does not grow
   */
  void onAck(int acked, boolean wasFull, long queueNanos, RoundTrip trip, long nowNanos) {
    if (phase == Phase.SILENCE) {
      if (nowNanos - silenceEndsNanos < 0) {
        return;
      }
      phase = Phase.CLIMB;
      threshold = bytesBeforeSilence;
    }
    double gain = gain(trip);
    if (phase == Phase.CLIMB) {
      if (wasFull) {
        bytes += acked * gain;
      }
      boolean isDelayed = isFirstClimb && queueNanos > TARGET_NANOS * SLOW_START_END;
      if (bytes >= threshold || isDelayed) {
        endClimb(trip, nowNanos);
      }
    } else {
      steady(acked, wasFull, gain, queueNanos);
      if (nowNanos - silenceDueNanos >= 0) {
        beSilent(trip, nowNanos);
      }
    }
    bound();
  }

  /** Less growth on short paths, where round trips are many: 1/16 to 1 packet in each. */
  private static double gain(RoundTrip trip) {
    long base = Math.max(1, trip.leastNanos());
    return 1.0 / Math.min(GAIN_DIVISOR_MAX, Math.ceilDiv(2 * TARGET_NANOS, base));
  }

  private void steady(int acked, boolean wasFull, double gain, long queueNanos) {
    double share = acked / bytes;
    double excess = (double) queueNanos / target - 1;
    if (excess > 0) {
      double step = gain * packet - bytes * excess;
      bytes += Math.max(step, -bytes / 2) * share;
    } else if (wasFull) {
      bytes += gain * packet * share;
    }
  }

  private void endClimb(RoundTrip trip, long nowNanos) {
    phase = Phase.STEADY;
    threshold = bytes;
    long climbed = nowNanos - silenceBeganNanos;
    silenceDueNanos =
        nowNanos
            + (isFirstClimb
                ? SILENCE_ROUND_TRIPS * trip.smoothedNanos()
                : SILENCE_INTERVAL * climbed);
    isFirstClimb = false;
  }

  private void beSilent(RoundTrip trip, long nowNanos) {
    phase = Phase.SILENCE;
    bytesBeforeSilence = bytes;
    bytes = (double) PACKETS_MIN * packet;
    silenceBeganNanos = nowNanos;
    silenceEndsNanos = nowNanos + SILENCE_ROUND_TRIPS * trip.smoothedNanos();
    target = Math.min(TARGET_NANOS, target + target / 8);
  }

  /**
   * Packets were lost; once for each round trip.
   *
   * @param queueNanos the delay at which that happened
   */
  void onLoss(long queueNanos, RoundTrip trip, long nowNanos) {
    target = Math.clamp(queueNanos / 2, TARGET_MIN_NANOS, target);
    if (phase == Phase.SILENCE) {
      bytesBeforeSilence /= 2;
      return;
    }
    bytes /= 2;
    if (phase == Phase.CLIMB) {
      endClimb(trip, nowNanos);
    }
    bound();
  }

  /** Nothing was heard for a whole timeout. */
  void onTimeout() {
    threshold = Math.max(bytes / 2, (double) PACKETS_MIN * packet);
    bytes = packet;
    phase = Phase.CLIMB;
  }

  private void bound() {
    bytes = Math.clamp(bytes, (double) PACKETS_MIN * packet, bytesMax);
  }
}

package org.spate.core.utp;

import org.spate.core.Machine;

/**
 * How long packets on this path may be. A stream's packets cannot be cut anew when one was too
 * long, so what tries a length is an ordinary packet padded by an extension that means nothing: if
 * it is lost, its bytes go again without the padding. Between a length that every path carries and
 * that of Ethernet it halves the interval.
 */
final class PathMtu {
  /** IPv6 must carry 1280 bytes, of which IP and UDP take 48; the same for IPv4. */
  static final int DATAGRAM_BYTES_MIN = 1232;

  /** Ethernet's 1500 bytes less the headers of UDP and IPv4, or IPv6. */
  static final int DATAGRAM_BYTES_MAX_V4 = 1472;

  static final int DATAGRAM_BYTES_MAX_V6 = 1452;

  /** A length this near to the limit is good enough. */
  private static final int STEP_MIN = 16;

  /** After this long a path that was found narrow is tried again. */
  private static final long RETRY_NANOS = 600_000_000_000L;

  private final int ceiling;
  private int good = DATAGRAM_BYTES_MIN;
  private int bad;
  private int trying;
  private long retryNanos = Machine.NEVER;

  PathMtu(boolean v4) {
    ceiling = v4 ? DATAGRAM_BYTES_MAX_V4 : DATAGRAM_BYTES_MAX_V6;
    bad = ceiling + 1;
  }

  /** The length of a datagram that is known to arrive. */
  int datagramBytes() {
    return good;
  }

  /** The length of datagram to try now, or 0. */
  int probe(long nowNanos) {
    if (trying != 0) {
      return 0;
    }
    if (nowNanos - retryNanos >= 0) {
      bad = ceiling + 1;
      retryNanos = Machine.NEVER;
    }
    if (bad > ceiling) {
      return good == ceiling ? 0 : begin(ceiling);
    }
    return bad - good > STEP_MIN ? begin((good + bad) / 2) : 0;
  }

  private int begin(int length) {
    trying = length;
    return length;
  }

  /** What a packet with this payload lacks to the length that is being tried. */
  int padding(int payloadBytes) {
    return Math.max(0, trying - UtpPacket.HEADER_BYTES - payloadBytes);
  }

  void onProbeArrived() {
    good = Math.max(good, trying);
    trying = 0;
  }

  void onProbeLost(long nowNanos) {
    bad = Math.max(good + 1, trying);
    trying = 0;
    retryNanos = nowNanos + RETRY_NANOS;
  }

  /** Nothing arrives any more: perhaps the path has become narrower. */
  void onBlackHole(long nowNanos) {
    if (good > DATAGRAM_BYTES_MIN) {
      bad = good;
      good = DATAGRAM_BYTES_MIN;
      retryNanos = nowNanos + RETRY_NANOS;
    }
  }
}

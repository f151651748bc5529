package org.spate.core.dht;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spate.core.Endpoint;

/**
 * Keeps us from being a weapon (threat 39): who asks may be lying about its address, so each gets
 * few answers, and all together no more bytes than a home connection bears. Hosts of local networks
 * are limited in bytes alone.
 */
final class SourceLimits {
  /** Answers to one address (IPv4) or /64 (IPv6). */
  static final int ANSWERS_PER_SECOND = 5;

  private static final int ANSWERS_BURST = 3 * ANSWERS_PER_SECOND;

  /** Bytes of all answers together. */
  static final int BYTES_PER_SECOND = 64 << 10;

  private static final int BYTES_BURST = 2 * BYTES_PER_SECOND;

  /** Sources remembered; beyond it the one that was silent longest is forgotten. */
  static final int SOURCES_MAX = 4_096;

  /** An answer may be this many times as long as its query. */
  static final int AMPLIFICATION_MAX = 10;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Map<Endpoint, Allowance> bySource =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Endpoint, Allowance> eldest) {
          return size() > SOURCES_MAX;
        }
      };

  private final Allowance bytes;

  SourceLimits(long nowNanos) {
    bytes = new Allowance(BYTES_BURST, nowNanos);
  }

  /** What may be spent now; fills up with time. */
  private static final class Allowance {
    private double left;
    private long atNanos;

    Allowance(double left, long nowNanos) {
      this.left = left;
      this.atNanos = nowNanos;
    }

    boolean take(double amount, double perSecond, double most, long nowNanos) {
      left = Math.min(most, left + (nowNanos - atNanos) * perSecond / SECOND_NANOS);
      atNanos = nowNanos;
      boolean enough = left >= amount;
      left -= enough ? amount : 0;
      return enough;
    }
  }

  /** Whether a query from here is answered at all; counts it. */
  boolean allowsQuery(Endpoint from, long nowNanos) {
    return Reach.isLocal(from)
        || allowance(from, nowNanos).take(1, ANSWERS_PER_SECOND, ANSWERS_BURST, nowNanos);
  }

  /**
   * Whether an answer of so many bytes may go out. One that is longer than {@value
   * #AMPLIFICATION_MAX} times its query, as only a large item can be, costs all that its receiver
   * has in a second.
   */
  boolean allowsAnswer(Endpoint to, int queryBytes, int answerBytes, long nowNanos) {
    boolean isLong = answerBytes > AMPLIFICATION_MAX * queryBytes && !Reach.isLocal(to);
    if (isLong
        && !allowance(to, nowNanos)
            .take(ANSWERS_PER_SECOND - 1, ANSWERS_PER_SECOND, ANSWERS_BURST, nowNanos)) {
      return false;
    }
    return bytes.take(answerBytes, BYTES_PER_SECOND, BYTES_BURST, nowNanos);
  }

  private Allowance allowance(Endpoint source, long nowNanos) {
    var key = source.isV4() ? Reach.host(source) : Reach.network(source);
    return bySource.computeIfAbsent(key, _ -> new Allowance(ANSWERS_BURST, nowNanos));
  }

  int sourceCount() {
    return bySource.size();
  }
}

package org.spate.engine.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate limit as a bucket that fills at the rate. Whoever finds it above zero may spend a quantum
 * even if that is more than there is; the debt is paid off before anybody goes on, so the mean rate
 * is exact and no quantum is ever cut.
 *
 * <p>Safe for several threads: the limits of a session are shared by its loops.
 */
public final class TokenBucket {
  /** What may be saved up while nobody spends: enough that a late timer costs no throughput. */
  static final long DEPTH_NANOS = 200_000_000L;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private volatile long bytesPerSecond;

  /** The time at which the bucket is, or was, empty: tokens are the time since then. */
  private final AtomicLong emptyAtNanos = new AtomicLong();

  /** A limit in bytes a second; 0 for none. */
  public TokenBucket(long bytesPerSecond) {
    limit(bytesPerSecond);
  }

  /** Changes the limit: bytes a second, 0 for none. */
  public void limit(long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate limit of " + bytesPerSecond + " bytes a second");
    }
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Bytes a second; 0 for no limit. */
  public long limit() {
    return bytesPerSecond;
  }

  boolean isLimited() {
    return bytesPerSecond != 0;
  }

  /** Whether a quantum may be spent now. */
  boolean isOpen(long nowNanos) {
    return bytesPerSecond == 0 || emptyAtNanos.get() < nowNanos;
  }

  void spend(int bytes, long nowNanos) {
    long rate = bytesPerSecond;
    if (rate == 0 || bytes <= 0) {
      return;
    }
    long cost = Math.max(1, (long) ((double) bytes * SECOND_NANOS / rate));
    emptyAtNanos.accumulateAndGet(
        cost, (emptyAt, price) -> Math.max(emptyAt, nowNanos - DEPTH_NANOS) + price);
  }
}

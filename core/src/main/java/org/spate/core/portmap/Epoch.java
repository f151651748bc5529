package org.spate.core.portmap;

import org.spate.core.Machine;

/**
 * A gateway's clock as it tells it: seconds since it began to keep mappings. Where it does not keep
 * step with ours the gateway has lost what it knew (RFC 6887, 8.5; RFC 6886, 3.6).
 */
final class Epoch {
  private static final long SECOND = 1_000_000_000L;
  private static final long SLACK_SECONDS = 2;

  /** Clocks may differ by this part. */
  private static final int DRIFT = 16;

  private long toldSeconds;
  private long toldNanos = Machine.NEVER;

  /** Notes what it says; false if its mappings are gone. */
  boolean isSteady(int epoch, long nowNanos) {
    long seconds = Integer.toUnsignedLong(epoch);
    boolean isSteady = toldNanos == Machine.NEVER || keepsStep(seconds, nowNanos);
    toldSeconds = seconds;
    toldNanos = nowNanos;
    return isSteady;
  }

  private boolean keepsStep(long seconds, long nowNanos) {
    long ours = (nowNanos - toldNanos) / SECOND;
    long theirs = seconds - toldSeconds;
    return theirs >= -1
        && ours + SLACK_SECONDS >= theirs - theirs / DRIFT
        && theirs + SLACK_SECONDS >= ours - ours / DRIFT;
  }
}

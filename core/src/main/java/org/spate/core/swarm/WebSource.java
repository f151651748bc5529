package org.spate.core.swarm;

import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;

/** What sets a web seed apart from other neighbours: its name, its failures, what it is for. */
final class WebSource {
  private static final long SECOND = 1_000_000_000L;
  private static final long FIRST_WAIT_NANOS = 5 * SECOND;
  private static final long LONGEST_WAIT_NANOS = 600 * SECOND;
  private static final int DOUBLINGS_MAX = 7;

  /** Longest that a server may ask us to stay away. */
  private static final int RETRY_SECONDS_MAX = 3_600;

  /** What a server is asked for at once: over several connections, a piece each. */
  private static final int PIECES_AT_ONCE = 4;

  private static final int BLOCKS_MIN = 64;
  private static final int BLOCKS_MAX = 512;

  final String url;

  /** Whether anything may be asked of it at the moment. */
  boolean isNeeded;

  /** The only pieces to ask it for, or null for any. */
  @Nullable PieceSet within;

  /** When it may be asked again after a failure, or NEVER if it has not failed. */
  long retryNanos = Machine.NEVER;

  private int failures;

  WebSource(String url) {
    this.url = url;
  }

  /**
   * It failed. Each failure in a row doubles the wait, unless the server names one.
   *
   * @return how long to leave it alone
   */
  long onFailure(int retryAfterSeconds, long nowNanos) {
    int doublings = Math.min(failures++, DOUBLINGS_MAX);
    long wait =
        retryAfterSeconds >= 0
            ? Math.clamp(retryAfterSeconds, 1, RETRY_SECONDS_MAX) * SECOND
            : Math.min(FIRST_WAIT_NANOS << doublings, LONGEST_WAIT_NANOS);
    retryNanos = nowNanos + wait;
    return wait;
  }

  /** How many blocks to have requested of it. */
  static int depth(int blocksOfPiece) {
    return Math.clamp((long) PIECES_AT_ONCE * blocksOfPiece, BLOCKS_MIN, BLOCKS_MAX);
  }

  void onBlock() {
    failures = 0;
  }
}

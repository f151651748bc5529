package org.spate.engine.net;

/**
 * The limits that one link's traffic in one direction is charged to: its torrent's, its session's.
 */
public record Throttle(TokenBucket torrent, TokenBucket session) {

  boolean isLimited() {
    return torrent.isLimited() || session.isLimited();
  }

  /** Whether a quantum may be read or sent now. */
  public boolean isOpen(long nowNanos) {
    return torrent.isOpen(nowNanos) && session.isOpen(nowNanos);
  }

  /** Charges bytes that have been read or sent. */
  public void spend(int bytes, long nowNanos) {
    torrent.spend(bytes, nowNanos);
    session.spend(bytes, nowNanos);
  }
}

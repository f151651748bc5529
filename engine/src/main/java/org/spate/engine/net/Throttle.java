package org.spate.engine.net;

/**
 * The limits that one link's traffic in one direction is charged to: its torrent's, its session's.
 */
public record Throttle(TokenBucket torrent, TokenBucket session) {

  boolean isLimited() {
    return torrent.isLimited() || session.isLimited();
  }

  boolean isOpen(long nowNanos) {
    return torrent.isOpen(nowNanos) && session.isOpen(nowNanos);
  }

  void spend(int bytes, long nowNanos) {
    torrent.spend(bytes, nowNanos);
    session.spend(bytes, nowNanos);
  }
}

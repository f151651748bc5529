package org.spate.core.swarm;

/** Where an address came from. */
public enum PeerSource {
  USER,
  TRACKER,
  DHT,
  PEX,
  LSD,
  RESUME,
  INCOMING,
  WEB_SEED;

  /**
   * Whether a private torrent may have peers from there (BEP 27): found by strangers they are not.
   */
  public boolean isForPrivate() {
    return switch (this) {
      case USER, TRACKER, RESUME, INCOMING, WEB_SEED -> true;
      case DHT, PEX, LSD -> false;
    };
  }
}

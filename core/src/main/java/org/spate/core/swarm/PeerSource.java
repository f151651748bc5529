package org.spate.core.swarm;

/** Where an address came from. */
public enum PeerSource {
  USER,
  TRACKER,
  DHT,
  PEX,
  LSD,
  RESUME,
  INCOMING
}

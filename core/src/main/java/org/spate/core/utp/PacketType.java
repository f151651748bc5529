package org.spate.core.utp;

import org.jspecify.annotations.Nullable;

/** What a packet is (BEP 29, type); the order is that of the numbers on the wire. */
public enum PacketType {
  DATA,
  FIN,
  STATE,
  RESET,
  SYN;

  private static final PacketType[] ALL = values();

  /** The type of this number, or null for a number that means nothing. */
  static @Nullable PacketType of(int number) {
    return number < ALL.length ? ALL[number] : null;
  }
}

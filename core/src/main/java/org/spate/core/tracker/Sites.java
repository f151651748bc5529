package org.spate.core.tracker;

/** Tells which addresses are near each other. */
public interface Sites {
  /** Of an address that belongs to no site. */
  long NONE = -1;

  /** The site of an address, IPv4 in its IPv6-mapped form, or {@link #NONE}. */
  long of(long high, long low);

  /**
   * Addresses with these many first bits in common are near.
   *
   * @param v4Bits 1 to 32
   * @param v6Bits 1 to 64
   */
  static Sites byPrefix(int v4Bits, int v6Bits) {
    if (v4Bits < 1 || v4Bits > Integer.SIZE || v6Bits < 1 || v6Bits > Long.SIZE) {
      throw new IllegalArgumentException("a prefix has 1 to 32 bits of IPv4, and 1 to 64 of IPv6");
    }
    // No IPv6 address that is in use begins with 32 zeros, as the numbers of the others do.
    return (high, low) ->
        Reach.isV4(high, low)
            ? (low & 0xFFFF_FFFFL) >>> (Integer.SIZE - v4Bits)
            : high >>> (Long.SIZE - v6Bits) << (Long.SIZE - v6Bits);
  }
}

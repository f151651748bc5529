package org.spate.core.tracker;

/**
 * From where an address can be reached: from everywhere, from within one of the networks that the
 * internet does not route (RFC 1918, 3927, 4193, 6598, link-local), or from its own host. A peer is
 * told only to those who may reach it.
 */
public enum Reach {
  PUBLIC,
  NET_10,
  NET_172_16,
  NET_192_168,
  SHARED_100_64,
  LINK_169_254,
  LINK_FE80,
  UNIQUE_LOCAL,
  HOST;

  private static final long MAPPED = 0xFFFF;

  public static boolean isV4(long high, long low) {
    return high == 0 && low >>> 32 == MAPPED;
  }

  public static Reach of(long high, long low) {
    return isV4(high, low) ? ofV4((int) low) : ofV6(high, low);
  }

  public static Reach ofV4(int address) {
    return switch (address >>> 24) {
      case 10 -> NET_10;
      case 100 -> (address >>> 22 & 3) == 1 ? SHARED_100_64 : PUBLIC;
      case 127 -> HOST;
      case 169 -> address >>> 16 == 0xA9FE ? LINK_169_254 : PUBLIC;
      case 172 -> address >>> 20 == 0xAC1 ? NET_172_16 : PUBLIC;
      case 192 -> address >>> 16 == 0xC0A8 ? NET_192_168 : PUBLIC;
      default -> PUBLIC;
    };
  }

  private static Reach ofV6(long high, long low) {
    int first = (int) (high >>> 48);
    if ((first & 0xFE00) == 0xFC00) { // fc00::/7
      return UNIQUE_LOCAL;
    }
    if ((first & 0xFFC0) == 0xFE80) { // fe80::/10
      return LINK_FE80;
    }
    return high == 0 && low == 1 ? HOST : PUBLIC;
  }

  /** Whether a peer of this reach is of use to who asks from another. */
  public boolean isWithin(Reach asker) {
    return this == PUBLIC || asker == HOST || this == asker;
  }

  /**
   * The same for addresses: a network of unique local addresses is one of their /48 (RFC 4193,
   * section 3.1).
   */
  public static boolean isWithin(long high, long low, Reach asker, long askerHigh) {
    var reach = of(high, low);
    return reach.isWithin(asker)
        && (reach != UNIQUE_LOCAL || asker == HOST || high >>> 16 == askerHigh >>> 16);
  }
}

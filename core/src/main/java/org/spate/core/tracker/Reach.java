package org.spate.core.tracker;

/**
 * From where an address can be reached: from everywhere, from within a private network (RFC 1918,
 * 4193, 6598, link-local), or from its own host. A peer is told only to those who may reach it.
 */
public enum Reach {
  PUBLIC,
  PRIVATE,
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
      case 10 -> PRIVATE;
      case 100 -> (address >>> 22 & 3) == 1 ? PRIVATE : PUBLIC; // 100.64.0.0/10
      case 127 -> HOST;
      case 169 -> address >>> 16 == 0xA9FE ? PRIVATE : PUBLIC; // 169.254.0.0/16
      case 172 -> address >>> 20 == 0xAC1 ? PRIVATE : PUBLIC; // 172.16.0.0/12
      case 192 -> address >>> 16 == 0xC0A8 ? PRIVATE : PUBLIC; // 192.168.0.0/16
      default -> PUBLIC;
    };
  }

  private static Reach ofV6(long high, long low) {
    int first = (int) (high >>> 48);
    if ((first & 0xFE00) == 0xFC00 || (first & 0xFFC0) == 0xFE80) { // fc00::/7, fe80::/10
      return PRIVATE;
    }
    return high == 0 && low == 1 ? HOST : PUBLIC;
  }

  /** Whether a peer of this reach is of use to who asks from another. */
  public boolean isWithin(Reach asker) {
    return this == PUBLIC || asker == HOST || this == asker;
  }
}

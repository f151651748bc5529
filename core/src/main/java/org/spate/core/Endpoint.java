package org.spate.core;

import java.util.Arrays;

/**
 * An IP address and a port, by value. Never a name: nothing here can cause a look-up. An IPv4
 * address is kept as its IPv6-mapped form, so that one address has one value.
 */
public record Endpoint(long high, long low, int port) {
  private static final long MAPPED = 0xFFFF_0000_0000L;

  public Endpoint {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
  }

  /**
   * From four or sixteen address bytes.
   *
   * @throws IllegalArgumentException for another length or a port out of range
   */
  public static Endpoint of(byte[] address, int port) {
    return switch (address.length) {
      case 4 -> v4(BigEndian.intAt(address, 0), port);
      case 16 -> new Endpoint(BigEndian.longAt(address, 0), BigEndian.longAt(address, 8), port);
      default -> throw new IllegalArgumentException("address of " + address.length + " bytes");
    };
  }

  public static Endpoint v4(int address, int port) {
    return new Endpoint(0, MAPPED | Integer.toUnsignedLong(address), port);
  }

  public boolean isV4() {
    return high == 0 && (low & 0xFFFF_FFFF_0000_0000L) == MAPPED;
  }

  /** Four bytes for IPv4, sixteen for IPv6. */
  public byte[] address() {
    var bytes = new byte[16];
    BigEndian.putLong(bytes, 0, high);
    BigEndian.putLong(bytes, 8, low);
    return isV4() ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
  }

  /** The four bytes of an IPv4 address as a number. */
  public int v4Address() {
    if (!isV4()) {
      throw new IllegalStateException("not an IPv4 address: " + this);
    }
    return (int) low;
  }

  public Endpoint withPort(int other) {
    return new Endpoint(high, low, other);
  }

  public boolean sameAddress(Endpoint other) {
    return high == other.high && low == other.low;
  }

  /** 127.0.0.0/8 or ::1. */
  public boolean isLoopback() {
    return isV4() ? ((int) low >>> 24) == 127 : high == 0 && low == 1;
  }

  /** 169.254.0.0/16 or fe80::/10: never further away than the next router. */
  public boolean isLinkLocal() {
    return isV4() ? ((int) low >>> 16) == 0xA9FE : high >>> 54 == 0x3FA;
  }

  /**
   * Of a network that the world does not route: RFC 1918, 4193 and 6598, link-local and loopback.
   */
  public boolean isLocal() {
    if (!isV4()) {
      return isLoopback() || isLinkLocal() || high >>> 57 == 0x7E;
    }
    int address = (int) low;
    return isLoopback()
        || isLinkLocal()
        || address >>> 24 == 10
        || address >>> 20 == 0xAC1
        || address >>> 16 == 0xC0A8
        || address >>> 22 == 0x191;
  }

  /** {@code 192.0.2.1:6881} or {@code [2001:db8:0:0:0:0:0:1]:6881}. */
  @Override
  public String toString() {
    return (isV4() ? host() : "[" + host() + "]") + ":" + port;
  }

  /** The address alone, as a literal. */
  public String host() {
    if (isV4()) {
      int a = (int) low;
      return (a >>> 24) + "." + (a >>> 16 & 255) + "." + (a >>> 8 & 255) + "." + (a & 255);
    }
    var text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      long half = i < 4 ? high : low;
      text.append(i == 0 ? "" : ":")
          .append(Long.toHexString(half >>> (48 - 16 * (i % 4)) & 0xFFFF));
    }
    return text.toString();
  }
}

package org.spate.core.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;

/**
 * What stands before a datagram on its way to and from a SOCKS5 proxy's relay: where it goes, or
 * where it came from (RFC 1928, section 7).
 *
 * @param endpoint null if the host is a name
 * @param name empty if there is an address; else the proxy's to resolve
 */
public record SocksHeader(@Nullable Endpoint endpoint, String name, int port) {
  /** A header with the longest name. */
  public static final int BYTES_MAX = 4 + 1 + 255 + 2;

  private static final int FIXED_BYTES = 4; // reserved, reserved, fragment, type of address
  private static final int FRAGMENT = 2;
  private static final int TYPE = 3;
  private static final byte V4 = 1;
  private static final byte NAME = 3;
  private static final byte V6 = 4;
  private static final int NAME_BYTES_MAX = 255;

  public static SocksHeader of(Endpoint endpoint) {
    return new SocksHeader(endpoint, "", endpoint.port());
  }

  /**
   * For a host that is known by name alone.
   *
   * @throws IllegalArgumentException if no host can have such a name
   */
  public static SocksHeader of(String name, int port) {
    if (!isName(name) || port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("not a host's name and port");
    }
    return new SocksHeader(null, name, port);
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= NAME_BYTES_MAX
        && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  public byte[] encode() {
    var host = endpoint == null ? name.getBytes(StandardCharsets.US_ASCII) : endpoint.address();
    int counted = endpoint == null ? 1 : 0; // a name's length goes before it
    var bytes = new byte[FIXED_BYTES + counted + host.length + 2];
    bytes[TYPE] = endpoint == null ? NAME : endpoint.isV4() ? V4 : V6;
    bytes[FIXED_BYTES] = (byte) host.length;
    System.arraycopy(host, 0, bytes, FIXED_BYTES + counted, host.length);
    BigEndian.putShort(bytes, bytes.length - 2, port);
    return bytes;
  }

  /** How many bytes of a datagram it takes. */
  public int length() {
    if (endpoint == null) {
      return FIXED_BYTES + 1 + name.length() + 2;
    }
    return FIXED_BYTES + (endpoint.isV4() ? 4 : 16) + 2;
  }

  /**
   * Reads the header of a datagram of so many bytes. Null if there is none, and for fragments: who
   * does not put them together drops them.
   */
  public static @Nullable SocksHeader parse(byte[] bytes, int length) {
    if (length <= FIXED_BYTES || bytes[FRAGMENT] != 0) {
      return null;
    }
    int begin = bytes[TYPE] == NAME ? FIXED_BYTES + 1 : FIXED_BYTES;
    int hostBytes =
        switch (bytes[TYPE]) {
          case V4 -> 4;
          case V6 -> 16;
          case NAME -> bytes[FIXED_BYTES] & 0xFF;
          default -> -1;
        };
    int end = begin + hostBytes;
    if (hostBytes < 0 || end + 2 > length) {
      return null;
    }
    int port = BigEndian.shortAt(bytes, end);
    if (bytes[TYPE] == NAME) {
      var name = new String(bytes, begin, hostBytes, StandardCharsets.ISO_8859_1);
      return isName(name) ? new SocksHeader(null, name, port) : null;
    }
    var header = of(Endpoint.of(Arrays.copyOfRange(bytes, begin, end), port));
    return header.length() == end + 2 ? header : null; // not IPv4 in the form of IPv6
  }
}

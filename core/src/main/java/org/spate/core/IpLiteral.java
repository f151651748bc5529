package org.spate.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads addresses that are written out. A name is not one: nothing here can cause a look-up, and
 * the forms of IPv4 that differ from reader to reader (octal, hexadecimal, fewer than four parts)
 * are refused.
 */
public final class IpLiteral {
  private static final int TEXT_LENGTH_MAX = 45;

  private IpLiteral() {}

  /** The four or sixteen bytes of {@code 192.0.2.1} or {@code 2001:db8::1}, else null. */
  public static byte @Nullable [] parse(String text) {
    if (text.length() > TEXT_LENGTH_MAX) {
      return null;
    }
    return text.indexOf(':') < 0 ? v4(text) : v6(text);
  }

  private static byte @Nullable [] v4(String text) {
    var address = new byte[4];
    int start = 0;
    for (int i = 0; i < 4; i++) {
      int end = i < 3 ? text.indexOf('.', start) : text.length();
      int part = end < 0 ? -1 : number(text, start, end, 10, 3, 255);
      if (part < 0 || (end - start > 1 && text.charAt(start) == '0')) {
        return null;
      }
      address[i] = (byte) part;
      start = end + 1;
    }
    return address;
  }

  private static byte @Nullable [] v6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      var whole = groups(text, true);
      return whole != null && whole.length == 16 ? whole : null;
    }
    var head = groups(text.substring(0, gap), false);
    var tail = groups(text.substring(gap + 2), true);
    if (head == null || tail == null || head.length + tail.length > 14) {
      return null;
    }
    var address = Arrays.copyOf(head, 16);
    System.arraycopy(tail, 0, address, 16 - tail.length, tail.length);
    return address;
  }

  /** Groups of two bytes between colons; the last may be an IPv4 address (RFC 4291, 2.2). */
  private static byte @Nullable [] groups(String text, boolean mayEndInV4) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    var bytes = new byte[16];
    int size = 0;
    int start = 0;
    while (start <= text.length()) {
      int colon = text.indexOf(':', start);
      int end = colon < 0 ? text.length() : colon;
      var group =
          mayEndInV4 && colon < 0 && text.indexOf('.', start) >= 0
              ? v4(text.substring(start))
              : pair(text, start, end);
      if (group == null || size + group.length > bytes.length) {
        return null;
      }
      System.arraycopy(group, 0, bytes, size, group.length);
      size += group.length;
      start = end + 1;
    }
    return Arrays.copyOf(bytes, size);
  }

  private static byte @Nullable [] pair(String text, int start, int end) {
    int value = number(text, start, end, 16, 4, 0xFFFF);
    return value < 0 ? null : new byte[] {(byte) (value >>> 8), (byte) value};
  }

  /** Plain digits without a sign, or -1. */
  private static int number(
      String text, int start, int end, int radix, int digitCountMax, int max) {
    if (end <= start || end - start > digitCountMax) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value <= max ? value : -1;
  }
}

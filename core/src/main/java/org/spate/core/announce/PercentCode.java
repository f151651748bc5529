package org.spate.core.announce;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Percent-encoding of arbitrary bytes in a query (RFC 3986); strings hold one char a byte. */
public final class PercentCode {
  private static final String DIGITS = "0123456789ABCDEF";

  private PercentCode() {}

  /** Appends bytes, the unreserved ones as they are. */
  public static void encode(byte[] bytes, StringBuilder target) {
    for (byte b : bytes) {
      if (isUnreserved(b)) {
        target.append((char) b);
      } else {
        target.append('%').append(DIGITS.charAt(b >> 4 & 15)).append(DIGITS.charAt(b & 15));
      }
    }
  }

  static String encode(String text) {
    var target = new StringBuilder();
    encode(text.getBytes(StandardCharsets.ISO_8859_1), target);
    return target.toString();
  }

  /** Decodes a range of a query; null if an escape is broken or a char is no byte. */
  static @Nullable String decode(String text, int start, int end) {
    var bytes = new byte[end - start];
    int length = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c > 0xFF) {
        return null;
      }
      if (c != '%') {
        bytes[length++] = (byte) (c == '+' ? ' ' : c);
        continue;
      }
      int value = i + 2 < end ? hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2)) : -1;
      if (value < 0) {
        return null;
      }
      bytes[length++] = (byte) value;
      i += 2;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }
}

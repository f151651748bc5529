package org.spate.core.filter;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.spate.core.IpLiteral;

/**
 * Reads lists of unwanted addresses, each line by itself, so that a file may mix the forms:
 *
 * <pre>
 *   some text:192.0.2.0-192.0.2.255                 P2P plain text
 *   192.000.002.000 - 192.000.002.255 , 100 , text  eMule; a level from 128 up lets in
 *   192.0.2.0/24, 2001:db8::/32, 192.0.2.1          CIDR blocks and addresses, one a line
 *   192.0.2.0-192.0.2.255                           bare ranges
 * </pre>
 *
 * <p>Empty lines and those that begin with {@code #}, {@code //} or {@code ;} say nothing. Texts
 * are of any encoding and may hold colons and dashes themselves.
 */
public final class IpFilterReader {
  /** From this level on an eMule list lets the range in. */
  private static final int LEVEL_ALLOWED = 128;

  private static final int LINE_LENGTH_MAX = 4_096;

  private final IpFilterBuilder builder = new IpFilterBuilder();

  private IpFilterReader() {}

  /**
   * Reads a whole list. Lines that are not understood are counted and have no effect.
   *
   * @throws IllegalArgumentException if it has too many ranges
   */
  public static IpFilter read(byte[] list) {
    var reader = new IpFilterReader();
    int start = startsWithMark(list) ? 3 : 0;
    for (int at = start; at <= list.length; at++) {
      if (at == list.length || list[at] == '\n' || list[at] == '\r') {
        reader.line(list, start, at);
        start = at + 1;
      }
    }
    return reader.builder.build();
  }

  /** UTF-8's byte order mark. */
  private static boolean startsWithMark(byte[] list) {
    return list.length >= 3
        && list[0] == (byte) 0xEF
        && list[1] == (byte) 0xBB
        && list[2] == (byte) 0xBF;
  }

  private void line(byte[] list, int start, int end) {
    if (end - start > LINE_LENGTH_MAX) {
      builder.malformedLine();
      return;
    }
    var line = new String(list, start, end - start, StandardCharsets.ISO_8859_1).strip();
    if (!line.isEmpty()
        && !line.startsWith("#")
        && !line.startsWith("//")
        && line.charAt(0) != ';') {
      if (!isEmule(line) && !isBlock(line) && !isRange(line)) {
        builder.malformedLine();
      }
    }
  }

  /** {@code first - last , level , text}. */
  private boolean isEmule(String line) {
    int comma = line.indexOf(',');
    int dash = line.indexOf('-');
    if (comma < 0 || dash < 0 || dash > comma) {
      return false;
    }
    var first = address(line.substring(0, dash));
    var last = address(line.substring(dash + 1, comma));
    int nextComma = line.indexOf(',', comma + 1);
    var level = line.substring(comma + 1, nextComma < 0 ? line.length() : nextComma).strip();
    if (first == null || last == null || !level.matches("[0-9]{1,3}")) {
      return false;
    }
    if (Integer.parseInt(level) < LEVEL_ALLOWED) {
      builder.add(first, last);
    }
    return true;
  }

  /** An address, or one with the length of a prefix. */
  private boolean isBlock(String line) {
    var word = line.split("[\\s#;,]", 2)[0];
    int slash = word.indexOf('/');
    var address = address(slash < 0 ? word : word.substring(0, slash));
    if (address == null) {
      return false;
    }
    int bits = address.length * 8;
    if (slash >= 0) {
      var prefix = word.substring(slash + 1);
      if (!prefix.matches("[0-9]{1,3}") || Integer.parseInt(prefix) > bits) {
        return false;
      }
      bits = Integer.parseInt(prefix);
    } else if (word.length() != line.length() && line.indexOf('-') >= 0) {
      return false; // a range with spaces
    }
    builder.add(masked(address, bits, false), masked(address, bits, true));
    return true;
  }

  private static byte[] masked(byte[] address, int bits, boolean ones) {
    var masked = address.clone();
    for (int bit = bits; bit < address.length * 8; bit++) {
      int mask = 0x80 >>> (bit & 7);
      masked[bit >>> 3] = (byte) (ones ? masked[bit >>> 3] | mask : masked[bit >>> 3] & ~mask);
    }
    return masked;
  }

  /** {@code first-last} at the end of a line, behind any text that ends with a colon. */
  private boolean isRange(String line) {
    int dash = line.lastIndexOf('-');
    var last = dash < 0 ? null : address(line.substring(dash + 1));
    if (last == null) {
      return false;
    }
    var first = addressAtEnd(line.substring(0, dash).stripTrailing());
    if (first == null) {
      return false;
    }
    builder.add(first, last);
    return true;
  }

  /** The longest address behind a colon, or the whole: one of IPv6 has colons itself. */
  private static byte @Nullable [] addressAtEnd(String text) {
    for (int start = 0; start >= 0; start = text.indexOf(':', start) + 1) {
      var address = address(text.substring(start));
      if (address != null) {
        return address;
      }
      if (text.indexOf(':', start) < 0) {
        return null;
      }
    }
    return null;
  }

  /** Like other readers of literals, but zeros in front of decimal numbers mean nothing. */
  private static byte @Nullable [] address(String text) {
    var word = text.strip();
    if (word.indexOf(':') >= 0) {
      return IpLiteral.parse(word);
    }
    var parts = word.split("\\.", 5);
    if (parts.length != 4) {
      return null;
    }
    var address = new byte[4];
    for (int i = 0; i < 4; i++) {
      if (!parts[i].matches("[0-9]{1,3}") || Integer.parseInt(parts[i]) > 255) {
        return null;
      }
      address[i] = (byte) Integer.parseInt(parts[i]);
    }
    return address;
  }
}

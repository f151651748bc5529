package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.spate.core.IpLiteral;

/**
 * URLs that a torrent or magnet link asks us to contact, let through only if they are of a kind
 * that we speak and their host is written in plain ASCII: a look-alike letter is never resolved.
 * Where they lead (a private address, a redirect) is for the host to judge when it connects.
 */
final class Urls {
  static final int LENGTH_MAX = 4096;

  static final List<String> TRACKER_SCHEMES = List.of("http", "https", "udp", "ws", "wss");
  static final List<String> WEB_SEED_SCHEMES = List.of("http", "https");

  private static final String HOST_PUNCTUATION = "-._";
  private static final String ENCODED = " \"<>\\^`{|}";

  private Urls() {}

  /**
   * The URL with blanks cut off and unusual characters percent-encoded; null, and a problem noted,
   * if it can not be used.
   */
  static @Nullable String accept(String url, List<String> schemes, String what, Problems problems) {
    var trimmed = url.strip();
    var flaw = flaw(trimmed, schemes);
    if (flaw != null) {
      problems.add(() -> "the " + what + " " + Problems.quote(escaped(trimmed)) + " " + flaw);
      return null;
    }
    return encoded(trimmed);
  }

  private static @Nullable String flaw(String url, List<String> schemes) {
    if (url.length() > LENGTH_MAX) {
      return "is longer than " + LENGTH_MAX + " characters";
    }
    if (url.chars().anyMatch(Character::isISOControl)) {
      return "has control characters";
    }
    int colon = url.indexOf("://");
    if (colon < 0 || !schemes.contains(url.substring(0, colon).toLowerCase(Locale.ROOT))) {
      return "is not of a kind that is used here: " + String.join(", ", schemes);
    }
    return isAuthority(authority(url, colon + 3)) ? null : "has no usable host";
  }

  private static String authority(String url, int start) {
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    var authority = url.substring(start, end);
    return authority.substring(authority.lastIndexOf('@') + 1);
  }

  private static boolean isAuthority(String authority) {
    boolean isBracketed = authority.startsWith("[");
    int hostEnd = isBracketed ? authority.indexOf(']') + 1 : authority.indexOf(':');
    hostEnd = hostEnd < 0 ? authority.length() : hostEnd;
    var host = authority.substring(0, hostEnd);
    var port = authority.substring(hostEnd);
    return (isBracketed ? isV6Literal(host) : isHostName(host))
        && (port.isEmpty() || port.equals(":") || isPort(port.substring(1)));
  }

  /** {@code host:port} or {@code [v6]:port} as given, or null if it is neither. */
  static @Nullable String hostAndPort(String text) {
    int colon = text.lastIndexOf(':');
    boolean isAddress =
        colon > 0
            && isPort(text.substring(colon + 1))
            && (text.startsWith("[")
                ? isV6Literal(text.substring(0, colon))
                : isHostName(text.substring(0, colon)));
    return isAddress ? text : null;
  }

  static boolean isHostName(String host) {
    return !host.isEmpty()
        && host.chars().allMatch(c -> isAlphanumeric(c) || HOST_PUNCTUATION.indexOf(c) >= 0);
  }

  private static boolean isV6Literal(String host) {
    return host.endsWith("]")
        && host.contains(":")
        && IpLiteral.parse(host.substring(1, host.length() - 1)) != null;
  }

  /** Whether text is a port number, 1 to 65535. */
  static boolean isPort(String text) {
    return !text.isEmpty()
        && text.length() <= 5
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= 0xFFFF;
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static String encoded(String url) {
    var text = new StringBuilder(url.length());
    for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
      if (b < 0 || ENCODED.indexOf(b) >= 0) {
        text.append('%').append(String.format(Locale.ROOT, "%02X", b));
      } else {
        text.append((char) b);
      }
    }
    return text.toString();
  }

  /** Letters beyond ASCII by their numbers, so that a look-alike is seen for what it is. */
  private static String escaped(String text) {
    var escaped = new StringBuilder();
    for (char c : Arrays.copyOf(text.toCharArray(), Math.min(text.length(), LENGTH_MAX))) {
      if (c < 0x80) {
        escaped.append(c);
      } else {
        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return escaped.toString();
  }
}

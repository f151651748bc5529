package org.spate.core.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A proxy as a user writes it: {@code socks5://user:password@host:port} or {@code
 * http://host:port}.
 *
 * @param host a name or an address; IPv6 without its brackets
 * @param user null for none
 * @param password null for none
 */
public record ProxyUrl(
    Kind kind, String host, int port, @Nullable String user, @Nullable String password) {

  /** RFC 1929 gives the length of each in one byte. */
  private static final int ACCOUNT_BYTES_MAX = 255;

  public enum Kind {
    /** RFC 1928. */
    SOCKS5,
    /** HTTP's CONNECT (RFC 9110, 9.3.6). */
    HTTP
  }

  /**
   * Takes a URL apart; {@code socks5h} is the same as {@code socks5}, names are always the proxy's
   * to resolve. User and password may be percent-encoded.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ProxyUrl parse(String text) {
    int schemeEnd = text.indexOf("://");
    check(schemeEnd > 0);
    var kind =
        switch (text.substring(0, schemeEnd).toLowerCase(Locale.ROOT)) {
          case "socks5", "socks5h" -> Kind.SOCKS5;
          case "http" -> Kind.HTTP;
          default -> throw new IllegalArgumentException("not the URL of a SOCKS5 or HTTP proxy");
        };
    var rest = text.substring(schemeEnd + 3);
    rest = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    int at = rest.lastIndexOf('@');
    var account = at < 0 ? new String[0] : rest.substring(0, at).split(":", 2);
    var authority = rest.substring(at + 1);
    int colon = authority.lastIndexOf(':');
    check(colon > 0 && authority.substring(colon + 1).matches("[0-9]{1,5}"));
    int port = Integer.parseInt(authority.substring(colon + 1));
    var host = authority.substring(0, colon);
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    host = isBracketed ? host.substring(1, host.length() - 1) : host;
    check(port > 0 && port <= 0xFFFF && !host.isEmpty());
    check(isBracketed || host.indexOf(':') < 0);
    var user = account.length > 0 ? decoded(account[0]) : null;
    var password = account.length > 1 ? decoded(account[1]) : null;
    return new ProxyUrl(kind, host, port, user, password);
  }

  /** What is no escape stands for itself: people paste passwords. */
  private static String decoded(String text) {
    var bytes = new ByteArrayOutputStream();
    var raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      boolean isEscape = raw[i] == '%' && i + 2 < raw.length;
      int high = isEscape ? Character.digit(raw[i + 1], 16) : -1;
      int low = isEscape ? Character.digit(raw[i + 2], 16) : -1;
      if (high >= 0 && low >= 0) {
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(raw[i]);
      }
    }
    check(bytes.size() <= ACCOUNT_BYTES_MAX);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void check(boolean valid) {
    if (!valid) {
      // Not the text itself, which may hold a password.
      throw new IllegalArgumentException("a proxy is written like socks5://host:port");
    }
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return kind + " " + host + ":" + port;
  }
}

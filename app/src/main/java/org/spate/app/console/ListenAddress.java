package org.spate.app.console;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where to listen, as people write it: {@code 6969}, {@code 127.0.0.1:6969}, {@code [::1]:6969}.
 * Without an address it is every address of the machine; port 0 takes a free one. Names are not
 * looked up.
 */
public record ListenAddress(InetSocketAddress address) {
  private static final int PORT_MAX = 65_535;

  /** Parses, or throws {@link IllegalArgumentException} with a message for the user. */
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    int port = port(text.substring(colon + 1), text);
    if (colon < 0) {
      return new ListenAddress(new InetSocketAddress(port));
    }
    String host = text.substring(0, colon);
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    if (host.isEmpty() || (host.contains(":") && !isBracketed)) {
      throw refusal(text);
    }
    try {
      String literal = isBracketed ? host.substring(1, host.length() - 1) : host;
      var address = literal.equals("localhost") ? loopback() : InetAddress.ofLiteral(literal);
      return new ListenAddress(new InetSocketAddress(address, port));
    } catch (IllegalArgumentException _) {
      throw refusal(text);
    }
  }

  private static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }

  private static int port(String digits, String text) {
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > PORT_MAX) {
      throw refusal(text);
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException refusal(String text) {
    return new IllegalArgumentException(
        "'"
            + Printable.of(text)
            + "' is not a port or address like 6969, 127.0.0.1:6969 or [::1]:6969");
  }
}

package org.spate.app.transfer;

import java.util.regex.Pattern;

/**
 * A peer as people name it: {@code 192.0.2.1:6881}, {@code [2001:db8::1]:6881}, {@code box:6881}.
 */
public record PeerAddress(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+\\]|[^:\\[\\]]+):(\\d{1,5})");
  private static final int PORT_MAX = 65_535;

  /** Parses, or throws {@link IllegalArgumentException} with a message for the user. */
  public static PeerAddress parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw refusal(text);
    }
    int port = Integer.parseInt(matcher.group(2));
    if (port == 0 || port > PORT_MAX) {
      throw refusal(text);
    }
    String host = matcher.group(1);
    return new PeerAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
  }

  private static IllegalArgumentException refusal(String text) {
    return new IllegalArgumentException("'" + text + "' is not a peer like 192.0.2.1:6881");
  }
}

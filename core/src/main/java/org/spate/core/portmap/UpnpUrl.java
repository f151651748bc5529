package org.spate.core.portmap;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;

/**
 * Where a device says that something is to be had: plain HTTP at an address that is written out, so
 * that nothing has to be looked up.
 *
 * @param path with its slash at the beginning; may have a query
 */
public record UpnpUrl(Endpoint host, String path) {
  private static final int LENGTH_MAX = 512;
  private static final String SCHEME = "http://";
  private static final int PORT = 80;

  /** Null for anything else. */
  public static @Nullable UpnpUrl parse(String text) {
    if (!isPlain(text) || !text.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return null;
    }
    int slash = text.indexOf('/', SCHEME.length());
    int end = slash < 0 ? text.length() : slash;
    var host = host(text.substring(SCHEME.length(), end));
    return host == null ? null : new UpnpUrl(host, slash < 0 ? "/" : text.substring(slash));
  }

  private static boolean isPlain(String text) {
    return text.length() <= LENGTH_MAX && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }

  private static @Nullable Endpoint host(String authority) {
    boolean isV6 = authority.startsWith("[");
    int close = isV6 ? authority.indexOf(']') : authority.indexOf(':');
    int hostEnd = close < 0 ? authority.length() : close;
    var address = IpLiteral.parse(authority.substring(isV6 ? 1 : 0, hostEnd));
    var rest = authority.substring(Math.min(authority.length(), hostEnd + (isV6 ? 1 : 0)));
    int port = rest.isEmpty() ? PORT : port(rest);
    if (address == null || port == 0 || isV6 != (address.length == 16)) {
      return null;
    }
    return Endpoint.of(address, port);
  }

  private static int port(String text) {
    if (!text.matches(":[0-9]{1,5}")) {
      return 0;
    }
    int port = Integer.parseInt(text, 1, text.length(), 10);
    return port <= 0xFFFF ? port : 0;
  }

  /**
   * What a reference in the document at this address leads to; null if that is another host, whose
   * business it would be to say so itself (threat 54).
   */
  public @Nullable UpnpUrl resolve(String reference) {
    if (reference.isEmpty() || !isPlain(reference)) {
      return null;
    }
    if (reference.contains("://")) {
      var absolute = parse(reference);
      return absolute != null && absolute.host.sameAddress(host) ? absolute : null;
    }
    if (reference.startsWith("//")) {
      return null;
    }
    int query = path.indexOf('?');
    var folder = path.substring(0, path.lastIndexOf('/', query < 0 ? path.length() : query) + 1);
    return new UpnpUrl(host, reference.startsWith("/") ? reference : folder + reference);
  }
}

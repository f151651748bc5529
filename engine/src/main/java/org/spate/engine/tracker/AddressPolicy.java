package org.spate.engine.tracker;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.TrackerUrl;

/**
 * Which addresses a torrent may make us talk to. It is a stranger who writes the URLs, so inside
 * our own network nothing but a tracker's bare {@code /announce} may be asked for, or any device's
 * interface could be called through us (threat 40). What is checked is the address that is then
 * connected to: a name that resolves differently the next time gains nothing.
 */
public final class AddressPolicy {
  private final boolean trustLocal;

  /**
   * @param trustLocal whether trackers in the local network may have any path
   */
  AddressPolicy(boolean trustLocal) {
    this.trustLocal = trustLocal;
  }

  /**
   * Why this address must not be asked for this URL, or null if it may. Without an address it is
   * the name that counts, since a proxy will look it up.
   */
  @Nullable String refusal(TrackerUrl url, @Nullable InetAddress address) {
    if (address != null && (address.isAnyLocalAddress() || address.isMulticastAddress())) {
      return "not the address of a host";
    }
    if (address != null && address.isLinkLocalAddress()) {
      return "a link-local address";
    }
    if (leadsInside(url, address) && !trustLocal && !mayAskLocally(url)) {
      return "a local address may only be asked for /announce";
    }
    return null;
  }

  /** Whether a URL leads into the local network, ours or a proxy's. */
  static boolean leadsInside(TrackerUrl url, @Nullable InetAddress address) {
    return address == null ? isLocalName(url.host()) : isLocal(address);
  }

  private static boolean mayAskLocally(TrackerUrl url) {
    return url.isPlainAnnounce() || (url.isUdp() && url.target().length() <= 1);
  }

  /**
   * Whether a name, which a proxy will resolve, can only lead into its own network: one without a
   * dot, or an address in a form that some resolvers take ({@code 127.1}, {@code 0x7f000001}).
   */
  public static boolean isLocalName(String host) {
    var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    var last = name.substring(name.lastIndexOf('.') + 1);
    return name.indexOf('.') < 0
        || last.equals("localhost")
        || last.equals("local")
        || last.matches("0x[0-9a-f]*|[0-9]+");
  }

  /** Loopback and the private ranges: RFC 1918, RFC 4193, RFC 6598. */
  public static boolean isLocal(InetAddress address) {
    if (address.isLoopbackAddress() || address.isSiteLocalAddress()) {
      return true;
    }
    var bytes = address.getAddress();
    return address instanceof Inet6Address
        ? (bytes[0] & 0xFE) == 0xFC
        : (bytes[0] & 0xFF) == 100 && (bytes[1] & 0xC0) == 64;
  }
}

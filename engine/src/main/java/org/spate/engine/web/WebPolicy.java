package org.spate.engine.web;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.TrackerUrl;
import org.spate.engine.tracker.AddressPolicy;

/**
 * Where a web seed may lead us (threats 18, 40, 41). The URL is a stranger's, so by default nothing
 * in our own network may be asked, and never with a query. What the user has named may be there;
 * but nothing outside may send us inside.
 *
 * @param isUsers whether the user has named the URL
 * @param trustLocal whether servers in the local network may be asked all the same
 * @param cameFromOutside whether a server outside the local network redirects us
 */
record WebPolicy(boolean isUsers, boolean trustLocal, boolean cameFromOutside) {

  /** Why this address must not be asked for this URL, or null if it may. */
  @Nullable String refusal(TrackerUrl url, InetAddress address) {
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      return "not the address of a host";
    }
    if (address.isLinkLocalAddress()) {
      return "a link-local address";
    }
    return AddressPolicy.isLocal(address) ? localRefusal(url) : null;
  }

  /** The same for a name that only a proxy resolves. */
  @Nullable String refusalOfName(TrackerUrl url) {
    return AddressPolicy.isLocalName(url.host()) ? localRefusal(url) : null;
  }

  private @Nullable String localRefusal(TrackerUrl url) {
    if (cameFromOutside) {
      return "redirects into the local network";
    }
    if (!isUsers && !trustLocal) {
      return "an address in the local network";
    }
    return !isUsers && url.target().indexOf('?') >= 0 ? "a query to a local address" : null;
  }

  /** What holds where a server at this address redirects to. */
  WebPolicy behind(@Nullable InetAddress address) {
    boolean isOutside = cameFromOutside || address == null || !AddressPolicy.isLocal(address);
    return new WebPolicy(isUsers, trustLocal, isOutside);
  }
}

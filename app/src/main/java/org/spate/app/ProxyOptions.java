package org.spate.app;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.app.transfer.PeerAddress;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;
import org.spate.core.proxy.ProxyUrl;
import picocli.CommandLine.Option;

/** Through what everything goes: a mixin. */
final class ProxyOptions {
  @Option(
      names = "--proxy",
      paramLabel = "URL",
      description =
          "Go through this proxy and no other way, by its URL: socks5://[user:password@]host:port"
              + " or http://..."
              + " Nothing listens then; uTP, UDP trackers and the DHT need one of SOCKS5 that"
              + " relays UDP.")
  private @Nullable String proxy;

  /** Null for none. */
  @Nullable ProxyUrl url() {
    try {
      return proxy == null ? null : ProxyUrl.parse(proxy);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Looks names up, unless that would go around the proxy. */
  List<Endpoint> endpoints(List<PeerAddress> peers, BindOptions bind) {
    for (var peer : peers) {
      if (proxy != null && IpLiteral.parse(peer.host()) == null) {
        throw new BadInputException(
            peer.host() + ": with --proxy no name is looked up; give the peer's address");
      }
    }
    return PeerOptions.resolved(peers, bind);
  }
}

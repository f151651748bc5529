package org.spate.app;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.app.transfer.PeerAddress;
import picocli.CommandLine.Option;

/** Whether the DHT is used, and whom it is joined by: a mixin. */
final class DhtOptions {
  /** Run by authors of BitTorrent clients for everybody. */
  private static final List<String> USUAL_ROUTERS =
      List.of(
          "dht.libtorrent.org:25401", "router.bittorrent.com:6881", "dht.transmissionbt.com:6881");

  @Option(
      names = "--no-dht",
      description =
          "Neither look for peers in the DHT nor announce anything to it. For private torrents that"
              + " is always so.")
  private boolean isOff;

  @Option(
      names = "--dht-router",
      paramLabel = "HOST:PORT",
      description =
          "Join the DHT by this node instead of the usual routers; may be repeated. Nodes of"
              + " earlier runs come first anyway.")
  private List<PeerAddress> routers = List.of();

  /** The routers as names; null if the DHT is not to be used. */
  @Nullable List<String> routers(BindOptions bind) {
    return isOff ? null : routers(routers, bind.isLoopback());
  }

  /** Those that are named, or else the usual ones, unless these are out of reach. */
  static List<String> routers(List<PeerAddress> named, boolean isOnLoopback) {
    if (!named.isEmpty()) {
      return named.stream().map(DhtOptions::name).toList();
    }
    return isOnLoopback ? List.of() : USUAL_ROUTERS;
  }

  private static String name(PeerAddress node) {
    String host = node.host().contains(":") ? "[" + node.host() + "]" : node.host();
    return host + ":" + node.port();
  }
}

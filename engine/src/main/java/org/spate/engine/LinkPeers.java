package org.spate.engine;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import org.spate.core.Endpoint;
import org.spate.engine.net.Binding;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Network;

/**
 * The peers that a magnet link names ({@code x.pe}). A stranger may have written it, so it cannot
 * make us knock at services of this machine or on its wire (threat 18), unless we are bound to
 * loopback and can reach nothing else.
 */
final class LinkPeers {
  /** Host names that are looked up for one link. */
  private static final int NAMES_MAX = 10;

  private LinkPeers() {}

  static List<Endpoint> allowed(List<Endpoint> peers, Binding binding) {
    return peers.stream().filter(peer -> isAllowed(peer, binding)).toList();
  }

  static boolean isAllowed(Endpoint peer, Binding binding) {
    return !peer.isLinkLocal() && (!peer.isLoopback() || binding.isLoopback());
  }

  /**
   * Looks names up; tells on the loop, once for each.
   *
   * @param names as {@code host:port}, which the parser of the link has checked
   */
  static void resolve(
      List<String> names, Network network, Loop loop, Consumer<List<Endpoint>> found) {
    for (var name : names.subList(0, Math.min(NAMES_MAX, names.size()))) {
      int colon = name.lastIndexOf(':');
      int port = Integer.parseInt(name.substring(colon + 1));
      network
          .names()
          .resolve(
              name.substring(0, colon),
              loop,
              addresses -> found.accept(allowed(addresses, port, network.binding())));
    }
  }

  private static List<Endpoint> allowed(List<InetAddress> addresses, int port, Binding binding) {
    return allowed(
        addresses.stream().map(address -> Endpoint.of(address.getAddress(), port)).toList(),
        binding);
  }
}

package org.spate.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.spate.core.Endpoint;
import org.spate.engine.net.Binding;

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
   * Looks names up, which may take long.
   *
   * @param names as {@code host:port}, which the parser of the link has checked
   */
  static List<Endpoint> resolved(List<String> names, Binding binding) {
    var found = new ArrayList<Endpoint>();
    for (var name : names.subList(0, Math.min(NAMES_MAX, names.size()))) {
      int colon = name.lastIndexOf(':');
      try {
        for (var address : InetAddress.getAllByName(name.substring(0, colon))) {
          int port = Integer.parseInt(name.substring(colon + 1));
          found.add(Endpoint.of(address.getAddress(), port));
        }
      } catch (UnknownHostException _) {
        // A name that no longer leads anywhere is as good as a peer that is gone.
      }
    }
    return allowed(found, binding);
  }
}

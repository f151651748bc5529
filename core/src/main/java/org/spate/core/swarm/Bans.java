package org.spate.core.swarm;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spate.core.Endpoint;

/**
 * Peers that were proved to have sent bad data. Bans of several peers at one address ban the
 * address: ports cost an attacker nothing. When there are too many, the oldest is forgotten; who
 * comes back from that is found out again.
 */
final class Bans {
  /** Most bans remembered. */
  static final int BANS_MAX = 1000;

  /** Bans of single peers at one address after which the whole address is banned. */
  static final int PER_ADDRESS_MAX = 3;

  private final Set<Endpoint> peers = new LinkedHashSet<>();
  private final Map<Endpoint, Integer> byAddress = new LinkedHashMap<>();

  /** Returns whether this is news. */
  boolean add(Endpoint remote) {
    if (!peers.add(remote)) {
      return false;
    }
    byAddress.merge(remote.withPort(0), 1, Integer::sum);
    if (peers.size() > BANS_MAX) {
      forget(peers.iterator().next());
    }
    return true;
  }

  private void forget(Endpoint remote) {
    peers.remove(remote);
    byAddress.computeIfPresent(remote.withPort(0), (_, count) -> count == 1 ? null : count - 1);
  }

  boolean contains(Endpoint remote) {
    return peers.contains(remote)
        || byAddress.getOrDefault(remote.withPort(0), 0) >= PER_ADDRESS_MAX;
  }

  /** Oldest first; a copy. */
  List<Endpoint> all() {
    return List.copyOf(peers);
  }
}

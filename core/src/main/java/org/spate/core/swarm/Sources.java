package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.List;

/**
 * The neighbours that may be asked for blocks, or owe us some: few among many, so that what must be
 * done for each of them every second does not cost a look at all the others.
 *
 * <p>A neighbour enters when it may be asked. That it may not any more is noticed once a second.
 */
final class Sources {
  private final List<Peer> peers = new ArrayList<>();

  /** In the order in which they came; not to be kept across a change. */
  List<Peer> all() {
    return peers;
  }

  void enter(Peer peer) {
    if (!peer.isSource) {
      peer.isSource = true;
      peers.add(peer);
    }
  }

  void leave(Peer peer) {
    if (peer.isSource) {
      peer.isSource = false;
      peers.remove(peer);
    }
  }

  /** Drops those that may not be asked and owe nothing. */
  void prune() {
    peers.removeIf(
        peer -> {
          peer.isSource = peer.canRequest() || !peer.pipeline.isEmpty();
          return !peer.isSource;
        });
  }
}

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

  /** Whether it chokes us, or whether we want anything of it, has changed. */
  void consider(Peer peer) {
    if (peer.canRequest() && !peer.isSource) {
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
  void prune(PiecePicker picker) {
    peers.removeIf(
        peer -> {
          forgetAllowed(peer, picker);
          peer.isSource = peer.canRequest() || !peer.pipeline.isEmpty();
          return !peer.isSource;
        });
  }

  /** Pieces that it lets us fetch while it chokes us are no reason to ask once we have them. */
  private static void forgetAllowed(Peer peer, PiecePicker picker) {
    var allowed = peer.allowedFast;
    if (allowed != null && !picker.isInteresting(allowed)) {
      peer.allowedFast = null;
    }
  }
}

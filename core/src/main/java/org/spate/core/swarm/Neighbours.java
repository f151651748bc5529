package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;

/** The connected peers of a swarm, by link number and in the order in which they came. */
final class Neighbours {
  private final List<Peer> peers = new ArrayList<>();
  private final List<Peer> view = Collections.unmodifiableList(peers);
  private @Nullable Peer[] table = new @Nullable Peer[16]; // open addressing, at most half full

  /** In the order in which they came; not to be kept across a change. */
  List<Peer> all() {
    return view;
  }

  int count() {
    return peers.size();
  }

  @Nullable Peer find(int link) {
    int mask = table.length - 1;
    for (int i = slot(link, mask); ; i = (i + 1) & mask) {
      var peer = table[i];
      if (peer == null || peer.link == link) {
        return peer;
      }
    }
  }

  void add(Peer peer) {
    if (find(peer.link) != null) {
      throw new IllegalArgumentException("link " + peer.link + " is open already");
    }
    peers.add(peer);
    if (peers.size() * 2 > table.length) {
      table = new @Nullable Peer[table.length * 2];
      peers.forEach(this::place);
    } else {
      place(peer);
    }
  }

  void remove(Peer peer) {
    peers.remove(peer);
    Arrays.fill(table, null);
    peers.forEach(this::place);
  }

  /** Another link to the same peer: the same id, or the same address and listening port. */
  @Nullable Peer twin(PeerId id, Endpoint remote) {
    for (var peer : peers) {
      if (peer.id.equals(id) || peer.remote.equals(remote)) {
        return peer;
      }
    }
    return null;
  }

  private void place(Peer peer) {
    int mask = table.length - 1;
    int i = slot(peer.link, mask);
    while (table[i] != null) {
      i = (i + 1) & mask;
    }
    table[i] = peer;
  }

  private static int slot(int link, int mask) {
    return ((link * 0x9E3779B9) >>> 7) & mask;
  }
}

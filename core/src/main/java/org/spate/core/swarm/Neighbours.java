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
  private static final int BITS_START = 4;

  private final List<Peer> peers = new ArrayList<>();
  private final List<Peer> view = Collections.unmodifiableList(peers);

  // By link: open addressing with linear probing, at most half full.
  private int bits = BITS_START;
  private @Nullable Peer[] table = new @Nullable Peer[1 << BITS_START];

  // Of each peer, in order; all of them are compared with each newcomer's.
  private int[] idHashes = new int[8];
  private int[] addressHashes = new int[8];

  /** In the order in which they came; not to be kept across a change. */
  List<Peer> all() {
    return view;
  }

  int count() {
    return peers.size();
  }

  @Nullable Peer find(int link) {
    for (int slot = slot(link); ; slot = next(slot)) {
      var peer = table[slot];
      if (peer == null || peer.link == link) {
        return peer;
      }
    }
  }

  void add(Peer peer) {
    if (find(peer.link) != null) {
      throw new IllegalArgumentException("link " + peer.link + " is open already");
    }
    int place = peers.size();
    if (place == idHashes.length) {
      idHashes = Arrays.copyOf(idHashes, place * 2);
      addressHashes = Arrays.copyOf(addressHashes, place * 2);
    }
    idHashes[place] = peer.id.hashCode();
    addressHashes[place] = peer.remote.hashCode();
    peers.add(peer);
    if (peers.size() * 2 > table.length) {
      table = new @Nullable Peer[1 << ++bits];
      peers.forEach(this::place);
    } else {
      place(peer);
    }
  }

  void remove(Peer peer) {
    int place = peers.indexOf(peer);
    int behind = peers.size() - place - 1;
    System.arraycopy(idHashes, place + 1, idHashes, place, behind);
    System.arraycopy(addressHashes, place + 1, addressHashes, place, behind);
    peers.remove(place);
    unplace(peer);
  }

  /** Another link to the same peer: the same id, or the same address and listening port. */
  @Nullable Peer twin(PeerId id, Endpoint remote) {
    int idHash = id.hashCode();
    int addressHash = remote.hashCode();
    for (int i = 0; i < peers.size(); i++) {
      if (idHashes[i] == idHash || addressHashes[i] == addressHash) {
        var peer = peers.get(i);
        if (peer.id.equals(id) || peer.remote.equals(remote)) {
          return peer;
        }
      }
    }
    return null;
  }

  private void place(Peer peer) {
    int slot = slot(peer.link);
    while (table[slot] != null) {
      slot = next(slot);
    }
    table[slot] = peer;
  }

  /** Empties a slot, and moves those behind it up that would not be found across the gap. */
  private void unplace(Peer gone) {
    int gap = slot(gone.link);
    while (table[gap] != gone) {
      gap = next(gap);
    }
    for (int slot = next(gap); table[slot] != null; slot = next(slot)) {
      int probes = (slot - slot(table[slot].link)) & (table.length - 1);
      int distance = (slot - gap) & (table.length - 1);
      if (probes >= distance) {
        table[gap] = table[slot];
        gap = slot;
      }
    }
    table[gap] = null;
  }

  private int next(int slot) {
    return (slot + 1) & (table.length - 1);
  }

  /** The upper bits of a product with the golden ratio spread numbers in a row far apart. */
  private int slot(int link) {
    return (link * 0x9E3779B9) >>> (32 - bits);
  }
}

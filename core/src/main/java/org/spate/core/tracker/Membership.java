package org.spate.core.tracker;

import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/**
 * The place of a peer in one of {@link OfferSwarms}, which its connection holds on to. Only the
 * swarms that it is handed to may look inside.
 *
 * @param <P> how a peer is reached
 */
public final class Membership<P> {
  final P peer;
  final Hash160 infoHash;
  @Nullable PeerId id;
  boolean isSeed;

  /** Null while it is not listed. */
  OfferSwarms.@Nullable Swarm<P> swarm;

  /** Its place among the seeds or the leechers. */
  int index;

  public Membership(P peer, Hash160 infoHash) {
    this.peer = peer;
    this.infoHash = infoHash;
  }

  public Hash160 infoHash() {
    return infoHash;
  }
}

package org.spate.core.swarm;

import org.jspecify.annotations.Nullable;
import org.spate.core.wire.PeerMessage;

/**
 * Answers requests for hashes below the pieces (BEP 52): the blocks of a piece are read and hashed
 * for each, so a neighbour may have one under way and all together few.
 */
final class LeafReads {
  /** Most pieces being read for hashes at once. */
  static final int READS_MAX = 4;

  private final HashSource hashes;
  private final PieceSet have;
  private final Outbox out;
  private int underWay;

  LeafReads(HashSource hashes, PieceSet have, Outbox out) {
    this.hashes = hashes;
    this.have = have;
    this.out = out;
  }

  /** Begins to answer; false if the request is to be rejected. */
  boolean begin(Peer peer, PeerMessage.HashRequest request) {
    int piece = hashes.pieceBelow(request.piecesRoot(), HashAsk.range(request));
    if (piece < 0 || !have.contains(piece) || peer.leafRead != null || underWay == READS_MAX) {
      return false;
    }
    underWay++;
    peer.leafRead = request;
    out.add(new SwarmOutput.HashLeaves(peer.link, piece));
    return true;
  }

  /** The blocks of a piece are hashed; for nobody, if the link is gone. */
  void onHashed(@Nullable Peer peer, byte[] leaves, long nowNanos) {
    var request = peer == null ? null : peer.leafRead;
    if (peer == null || request == null) {
      return;
    }
    end(peer);
    var found = hashes.hashes(request.piecesRoot(), HashAsk.range(request), leaves);
    out.send(
        peer, found == null ? HashAsk.reject(request) : HashAsk.answer(request, found), nowNanos);
  }

  void onGone(Peer peer) {
    if (peer.leafRead != null) {
      end(peer);
    }
  }

  private void end(Peer peer) {
    peer.leafRead = null;
    underWay--;
  }
}

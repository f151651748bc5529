package org.spate.core.swarm;

import java.util.Arrays;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.AllowedFast;
import org.spate.core.wire.PeerMessage;

/**
 * The few pieces that a newcomer may fetch while we choke it (BEP 6, allowed fast), so that it soon
 * has something to trade. The set is the same at all its neighbours; each of us serves each piece
 * of it once, and nothing more once the newcomer has as many pieces as the set.
 */
final class FastGrants {
  /** Most pieces in the set; what BEP 6 calls k. */
  static final int PIECES_MAX = 10;

  /** Most bytes in the set, where pieces are long; one piece in any case. */
  static final int BYTES_MAX = 4 * 1024 * 1024;

  /** What one neighbour may still fetch, while it has no more pieces than a newcomer. */
  record Granted(int[] pieces, int[] bytesLeft, int piecesMax) {

    /** Whether a request is served while we choke the neighbour; if so, it counts as served. */
    boolean serves(Peer peer, int index, int length) {
      if (peer.has.size() > piecesMax) {
        return false;
      }
      for (int i = 0; i < pieces.length; i++) {
        if (pieces[i] == index && bytesLeft[i] >= length) {
          bytesLeft[i] -= length;
          return true;
        }
      }
      return false;
    }
  }

  private final PieceGeometry geometry;
  private final PieceSet have;
  private final SuperSeeder superSeeder;
  private final Outbox out;
  private final int setSize;

  FastGrants(PieceGeometry geometry, PieceSet have, SuperSeeder superSeeder, Outbox out) {
    this.geometry = geometry;
    this.have = have;
    this.superSeeder = superSeeder;
    this.out = out;
    this.setSize = Math.clamp(BYTES_MAX / geometry.pieceLength(), 1, PIECES_MAX);
  }

  int setSize() {
    return setSize;
  }

  /** It has told its pieces: a newcomer is told which ones of ours it may fetch at once. */
  void offer(Peer peer, long nowNanos) {
    if (!peer.fast
        || !peer.remote.isV4() // the set is defined for these alone
        || superSeeder.isActive()
        || have.isEmpty()
        || peer.has.size() > setSize) {
      return;
    }
    var set = AllowedFast.set(peer.remote, peer.infoHash, setSize, have.pieceCount());
    var pieces =
        Arrays.stream(set).filter(p -> have.contains(p) && !peer.has.contains(p)).toArray();
    if (pieces.length == 0) {
      return;
    }
    var lengths = Arrays.stream(pieces).map(geometry::paddedLength).toArray();
    peer.granted = new Granted(pieces, lengths, setSize);
    for (int piece : pieces) {
      out.send(peer, new PeerMessage.AllowedFast(piece), nowNanos);
    }
  }
}

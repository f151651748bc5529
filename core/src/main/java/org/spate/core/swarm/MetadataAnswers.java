package org.spate.core.swarm;

import java.util.Arrays;
import org.spate.core.wire.Extension;
import org.spate.core.wire.MetadataMessage;
import org.spate.core.wire.PeerMessage;

/**
 * Serves the info dictionary to neighbours that came by a magnet link (BEP 9), each at a bounded
 * rate and only a few times over (threat 26).
 */
final class MetadataAnswers {
  private static final long SECOND = 1_000_000_000L;

  /** Most pieces a second for one neighbour: 1 MiB. */
  static final int PIECES_PER_SECOND = 64;

  /** How often one neighbour may fetch the whole over one link, and pieces it may have besides. */
  static final int COPIES_MAX = 3;

  static final int PIECES_GRACE = 16;

  private final byte[] metadata;
  private final int pieceCount;

  /**
   * @param metadata the info dictionary, or empty to serve none
   */
  MetadataAnswers(byte[] metadata) {
    this.metadata = metadata;
    this.pieceCount = Math.ceilDiv(metadata.length, MetadataMessage.PIECE_LENGTH);
  }

  /** Bytes of the whole; 0 if it is not served. */
  int size() {
    return metadata.length;
  }

  /** Sends what a request asks for, or a rejection; nothing to who cannot take an answer. */
  void answer(Peer peer, MetadataMessage.Request request, Outbox out, long nowNanos) {
    if (!peer.ids.has(Extension.UT_METADATA)) {
      peer.nuisance++;
      return;
    }
    int piece = request.piece();
    MetadataMessage answer;
    if (piece < pieceCount && mayHave(peer, nowNanos)) {
      peer.metadataInSecond++;
      peer.metadataSent++;
      int from = piece * MetadataMessage.PIECE_LENGTH;
      int to = Math.min(from + MetadataMessage.PIECE_LENGTH, metadata.length);
      var bytes = Arrays.copyOfRange(metadata, from, to);
      answer = new MetadataMessage.Data(piece, metadata.length, bytes);
    } else {
      peer.nuisance++;
      answer = new MetadataMessage.Reject(piece);
    }
    int id = peer.ids.id(Extension.UT_METADATA);
    out.send(peer, new PeerMessage.Extended(id, answer.encode()), nowNanos);
  }

  private boolean mayHave(Peer peer, long nowNanos) {
    if (nowNanos - peer.metadataSecondNanos >= SECOND) {
      peer.metadataSecondNanos = nowNanos;
      peer.metadataInSecond = 0;
    }
    return peer.metadataInSecond < PIECES_PER_SECOND
        && peer.metadataSent < COPIES_MAX * pieceCount + PIECES_GRACE;
  }
}

package org.spate.sim;

import org.spate.core.wire.PeerMessage;

/** Block bytes on all links together: what was handed over is delivered, discarded or under way. */
final class Traffic {
  private long handedOver;
  private long delivered;
  private long discarded;

  void handOver(PeerMessage message) {
    if (message instanceof PeerMessage.Piece piece) {
      handedOver += piece.block().length();
    }
  }

  void deliver(PeerMessage message, Flow flow) {
    if (message instanceof PeerMessage.Piece piece) {
      int bytes = piece.block().length();
      delivered += bytes;
      flow.to.blockBytesReceived += bytes;
    }
  }

  void discard(PeerMessage message) {
    if (message instanceof PeerMessage.Piece piece) {
      discarded += piece.block().length();
      piece.block().release();
    }
  }

  long handedOver() {
    return handedOver;
  }

  long delivered() {
    return delivered;
  }

  long discarded() {
    return discarded;
  }
}

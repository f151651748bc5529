package org.spate.core.swarm;

import org.spate.core.Endpoint;

/** What a {@link Swarm} tells the world. */
public sealed interface SwarmEvent {

  /**
   * @param source where its address came from
   */
  record PeerConnected(int link, Endpoint remote, boolean incoming, PeerSource source, Route route)
      implements SwarmEvent {}

  record PeerGone(int link, Endpoint remote, CloseReason reason) implements SwarmEvent {}

  record PeerBanned(Endpoint remote, int pieceIndex) implements SwarmEvent {}

  /** A piece passed its hash and can be served. */
  record PieceCompleted(int index, int piecesLeft) implements SwarmEvent {}

  /** A piece failed its hash. */
  record PieceFailed(int index) implements SwarmEvent {}

  /** Every wanted piece is there; {@code isSeed} if that is every piece. */
  record Finished(boolean isSeed) implements SwarmEvent {}

  /** Storage failed and the swarm has paused. */
  record StorageProblem(String problem) implements SwarmEvent {}
}

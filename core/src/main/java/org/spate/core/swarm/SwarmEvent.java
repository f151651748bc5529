package org.spate.core.swarm;

import org.spate.core.Endpoint;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.PieceLayers;

/** What a {@link Swarm} tells the world. */
public sealed interface SwarmEvent {

  /**
   * @param source where its address came from
   */
  record PeerConnected(int link, Endpoint remote, boolean incoming, PeerSource source, Route route)
      implements SwarmEvent {}

  record PeerGone(int link, Endpoint remote, CloseReason reason) implements SwarmEvent {}

  record PeerBanned(Endpoint remote, int pieceIndex) implements SwarmEvent {}

  /** A web server can be asked for blocks. */
  record WebSeedOpened(String url) implements SwarmEvent {}

  /** A web server failed and is left alone for a while. */
  record WebSeedFailed(String url, String reason, long waitNanos) implements SwarmEvent {}

  /** A web server is given up. */
  record WebSeedGone(String url, CloseReason reason) implements SwarmEvent {}

  /** A web server was proved to have sent a bad block of a piece. */
  record WebSeedBanned(String url, int pieceIndex) implements SwarmEvent {}

  /** A piece passed its hash and can be served. */
  record PieceCompleted(int index, int piecesLeft) implements SwarmEvent {}

  /** A piece failed its hash. */
  record PieceFailed(int index) implements SwarmEvent {}

  /**
   * The info dictionary is there and right (BEP 9).
   *
   * @param layers of a v2 torrent; may lack some where v1 hashes are there
   */
  record MetadataFound(InfoDictionary info, PieceLayers layers) implements SwarmEvent {}

  /** The info dictionary is there, but is none that we take. */
  record MetadataRefused(String reason) implements SwarmEvent {}

  /** A peer was proved to have sent false metadata or hashes. */
  record MetadataPoisoned(Endpoint remote) implements SwarmEvent {}

  /** Every wanted piece is there; {@code isSeed} if that is every piece. */
  record Finished(boolean isSeed) implements SwarmEvent {}

  /** Storage failed and the swarm has paused. */
  record StorageProblem(String problem) implements SwarmEvent {}
}

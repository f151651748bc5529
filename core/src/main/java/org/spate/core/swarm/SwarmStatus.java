package org.spate.core.swarm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;

/**
 * A snapshot of a swarm for people and programs.
 *
 * @param wantedBytes bytes of wanted pieces, padding not counted
 * @param doneBytes of these, bytes of verified pieces
 * @param leftBytes bytes of all pieces not verified, as announces count them
 * @param downloaded block bytes received, ever
 * @param uploaded block bytes sent, ever
 * @param downRate bytes a second, lately
 * @param upRate bytes a second, lately
 * @param wasted block bytes received that were not needed or failed their hash
 */
public record SwarmStatus(
    int pieceCount,
    int piecesDone,
    long wantedBytes,
    long doneBytes,
    long leftBytes,
    long downloaded,
    long uploaded,
    long downRate,
    long upRate,
    long wasted,
    boolean isSeed,
    boolean isPaused,
    int knownPeers,
    @Nullable String problem,
    List<PeerStatus> peers) {

  /**
   * One neighbour.
   *
   * @param piecesHad how many pieces it has
   * @param requestsOut our requests it has not answered
   * @param requestsIn its requests that wait
   */
  public record PeerStatus(
      int link,
      Endpoint remote,
      boolean incoming,
      PeerSource source,
      Route route,
      @Nullable String client,
      int piecesHad,
      boolean amChoking,
      boolean amInterested,
      boolean peerChoking,
      boolean peerInterested,
      boolean snubbed,
      long downRate,
      long upRate,
      long downloaded,
      long uploaded,
      int requestsOut,
      int requestsIn) {}
}

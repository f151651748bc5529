package org.spate.core.tracker;

import java.util.List;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;
import org.spate.core.announce.SwarmCounts;

/**
 * What a store answers to an announcement.
 *
 * @param peers the chosen peers, never the one that asked
 * @param peerIds their ids in the same order, or empty
 */
public record Selection(
    Listing listing, SwarmCounts counts, List<Endpoint> peers, List<PeerId> peerIds) {

  /** What became of the peer that announced. */
  public enum Listing {
    LISTED,
    /** It has said {@code stopped}. */
    GONE,
    TOO_MANY_TORRENTS,
    TOO_MANY_PEERS,
    TOO_MANY_OF_ADDRESS
  }
}

package org.spate.core.announce;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;

/**
 * What a tracker answers to an announce, over HTTP and UDP alike. The numbers are the tracker's own
 * words: who schedules by them clamps them.
 *
 * @param intervalSeconds the wait until the next regular announce, 0 and up
 * @param minIntervalSeconds the least wait between announces, 0 if the tracker named none
 * @param complete seeds in the swarm, or {@link #UNKNOWN}
 * @param incomplete leechers in the swarm, or {@link #UNKNOWN}
 * @param peers where to find peers; IPv4 and IPv6
 * @param peerIds the ids of {@code peers} in the same order, or empty: compact answers have none
 * @param warning a message for the user, or null
 * @param externalAddress the client's address as the tracker sees it (BEP 24), port 0, or null
 */
public record AnnounceReply(
    int intervalSeconds,
    int minIntervalSeconds,
    int complete,
    int incomplete,
    List<Endpoint> peers,
    List<PeerId> peerIds,
    @Nullable String warning,
    @Nullable Endpoint externalAddress)
    implements TrackerResponse {

  /** A count that the tracker did not give. */
  public static final int UNKNOWN = -1;

  public AnnounceReply {
    if (intervalSeconds < 0 || minIntervalSeconds < 0) {
      throw new IllegalArgumentException("negative interval");
    }
    if (complete < UNKNOWN || incomplete < UNKNOWN) {
      throw new IllegalArgumentException("negative count");
    }
    if (!peerIds.isEmpty() && peerIds.size() != peers.size()) {
      throw new IllegalArgumentException("peer ids that do not match the peers");
    }
    peers = List.copyOf(peers);
    peerIds = List.copyOf(peerIds);
  }

  /** The plain answer: no minimum interval, peer ids, warning or external address. */
  public static AnnounceReply of(
      int intervalSeconds, int complete, int incomplete, List<Endpoint> peers) {
    return new AnnounceReply(
        intervalSeconds, 0, complete, incomplete, peers, List.of(), null, null);
  }
}

package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.List;

/** The bounds of a swarm's lists and queues, which hold at any time: for tests and simulations. */
public final class SwarmBounds {
  private SwarmBounds() {}

  /** What is beyond its bound, for people to read; empty in a sound swarm. */
  public static List<String> broken(SwarmStatus status, SwarmSettings settings) {
    var broken = new ArrayList<String>();
    check("links", status.peers().size(), settings.linksMax(), broken);
    check("addresses known", status.knownPeers(), PeerTable.CANDIDATES_MAX, broken);
    for (var peer : status.peers()) {
      check("requests sent", peer.requestsOut(), RequestPipeline.DEPTH_MAX, broken);
      check("requests waiting", peer.requestsIn(), UploadQueue.REQUESTS_MAX, broken);
    }
    return broken;
  }

  private static void check(String what, int count, int most, List<String> broken) {
    if (count > most) {
      broken.add(what + ": " + count + ", of " + most + " allowed");
    }
  }
}

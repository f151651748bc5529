package org.spate.core.tracker;

import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.announce.SwarmCounts;

/** One swarm: its peers by address family, and how many have completed since it was first seen. */
final class SwarmTables {
  final Hash160 infoHash;
  final PeerTable v4;
  final PeerTable v6;

  /** Where it stands in the round of expiry. */
  int position;

  int downloaded;

  SwarmTables(Hash160 infoHash, int seed, int position) {
    this.infoHash = infoHash;
    this.position = position;
    v4 = new PeerTable(false, seed);
    v6 = new PeerTable(true, seed);
  }

  PeerTable tableOf(Endpoint peer) {
    return peer.isV4() ? v4 : v6;
  }

  int count() {
    return v4.count() + v6.count();
  }

  SwarmCounts counts() {
    return new SwarmCounts(
        v4.seedCount() + v6.seedCount(), downloaded, v4.leecherCount() + v6.leecherCount());
  }

  /** Draws from both families by their sizes; a seed gets leechers only. */
  void draw(Choice choice, boolean forSeed, int wanted, Families families) {
    int end4 = !families.hasV4() ? 0 : forSeed ? v4.leecherCount() : v4.count();
    int end6 = !families.hasV6() ? 0 : forSeed ? v6.leecherCount() : v6.count();
    long both = (long) end4 + end6;
    int wanted6 = end6 == 0 ? 0 : (int) ((wanted * (long) end6 + both / 2) / both);
    choice.draw(v6, end6, wanted6);
    choice.draw(v4, end4, wanted - Math.min(wanted6, end6));
  }
}

package org.spate.core.tracker;

import java.util.random.RandomGenerator;
import org.spate.core.Hash160;
import org.spate.core.announce.SwarmCounts;

/**
 * What a tracker knows of its swarms. An announce is one call that records and chooses, so that a
 * store elsewhere needs one round trip for it.
 */
public interface PeerStore {

  /** Records what the announcement says and chooses peers for it: for a seed, no seeds. */
  Selection announce(Announcement announcement, long nowNanos, RandomGenerator random);

  /** The size of a swarm; {@link SwarmCounts#NONE} if it is unknown. */
  SwarmCounts counts(Hash160 infoHash);

  /** A small step of expiry: looks at about so many peers, going round; returns how many went. */
  int expire(int peerCount, long nowNanos);

  /** How much it holds. */
  Holdings holdings();

  /** Totals over all swarms. A peer known by two addresses counts twice. */
  record Holdings(int torrents, int seeds, int leechers, int v4, int v6) {
    public int peers() {
      return seeds + leechers;
    }
  }
}

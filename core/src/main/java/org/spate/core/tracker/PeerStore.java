package org.spate.core.tracker;

import org.jspecify.annotations.Nullable;

/**
 * What a tracker knows of its swarms. An announce is one call that records and chooses, so that a
 * store elsewhere needs one round trip for it. A store in memory answers before the call returns; a
 * store that cannot copies what it was given and answers later.
 */
public interface PeerStore {

  /**
   * Records what the announcement says and chooses peers for it: for a seed, no seeds; never the
   * peer that asks.
   *
   * @return null if the answer has been filled in, or what will know it
   */
  @Nullable Later<Answer> announce(Announcement announcement, Answer answer, long nowNanos);

  /**
   * Tells which swarms will be announced next. A store in memory looks at all of them at once, so
   * that the processor waits for their memory once and not for one after the other.
   */
  default void expect(Scrape swarms) {}

  /**
   * Sets the sizes of the swarms, zeros if they are unknown.
   *
   * @return null if that is done, or what will know a scrape with the sizes
   */
  @Nullable Later<Scrape> scrape(Scrape scrape, long nowNanos);

  /** Chooses peers by another rule from now on, if it can choose by any. */
  default void select(PeerSelection selection) {}

  /** A small step of expiry: looks at about so many peers, going round; returns how many went. */
  int expire(int peerCount, long nowNanos);

  /** How much it holds. */
  Holdings holdings();

  /** Totals over all swarms. A peer known by two addresses counts twice. */
  record Holdings(int torrents, int seeds, int leechers, int v4, int v6) {
    /** The sum with those of other swarms. */
    public Holdings plus(Holdings other) {
      return new Holdings(
          torrents + other.torrents,
          seeds + other.seeds,
          leechers + other.leechers,
          v4 + other.v4,
          v6 + other.v6);
    }

    /** The difference to those of some of the swarms. */
    public Holdings minus(Holdings other) {
      return new Holdings(
          torrents - other.torrents,
          seeds - other.seeds,
          leechers - other.leechers,
          v4 - other.v4,
          v6 - other.v6);
    }

    public int peers() {
      return seeds + leechers;
    }
  }
}

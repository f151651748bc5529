package org.spate.core.tracker;

/**
 * Some of the swarms of a store in the order of their places in it, for somebody who wants to see
 * them all one page after the other.
 *
 * @param swarms with their sizes
 * @param next where the next page begins, or {@link #END}
 */
public record SwarmPage(Scrape swarms, int next) {
  public static final int END = -1;

  /** Free places are passed over, but no more than this at a time. */
  private static final int PLACES_MAX = 20_000;

  /** The page that begins at a place, 0 being the first; it may be short of the size. */
  public static SwarmPage of(CompactPeerStore store, int from, int size) {
    var table = store.swarms();
    var page = new Scrape(size);
    int end = (int) Math.min(table.end(), (long) from + PLACES_MAX);
    int swarm = from;
    for (; swarm < end && page.size() < size; swarm++) {
      if (!table.isFree(swarm)) {
        int incomplete = table.leecherCount(swarm);
        page.add(table.high(swarm), table.middle(swarm), table.low(swarm));
        page.set(
            page.size() - 1,
            table.peerCount(swarm) - incomplete,
            table.downloaded(swarm),
            incomplete);
      }
    }
    return new SwarmPage(page, swarm < table.end() ? swarm : END);
  }
}

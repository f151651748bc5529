package org.spate.core.announce;

/**
 * The size of one swarm as a scrape tells it (BEP 48); each 0 and up.
 *
 * @param complete seeds
 * @param downloaded how many have ever completed
 * @param incomplete leechers
 */
public record SwarmCounts(int complete, int downloaded, int incomplete) {
  /** Of a swarm nobody has heard of. */
  public static final SwarmCounts NONE = new SwarmCounts(0, 0, 0);

  public SwarmCounts {
    if (complete < 0 || downloaded < 0 || incomplete < 0) {
      throw new IllegalArgumentException("negative count");
    }
  }
}

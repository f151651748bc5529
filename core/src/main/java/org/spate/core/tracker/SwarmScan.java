package org.spate.core.tracker;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.spate.core.Hash160;
import org.spate.core.announce.SwarmCounts;

/**
 * Looks through a store for the swarms whose info-hashes are in a range, some places with each
 * step, between which the store goes on working. So it is no picture of one moment.
 */
public final class SwarmScan {
  /** A tenth of a millisecond of work. */
  private static final int PLACES_PER_STEP = 8_192;

  private final SwarmTable table;
  private final Range range;
  private final int countMax;
  private final List<Scraped> found = new ArrayList<>();
  private int place;

  private record Scraped(Hash160 infoHash, SwarmCounts counts) {}

  /**
   * A range of info-hashes by their first 64 bits, as numbers without a sign.
   *
   * @param first the lowest
   * @param last the highest
   */
  public record Range(long first, long last) {
    public static final Range ALL = new Range(0, -1);

    public boolean contains(long infoHashStart) {
      return Long.compareUnsigned(first, infoHashStart) <= 0
          && Long.compareUnsigned(infoHashStart, last) <= 0;
    }

    /** Whether it cannot be cut in two. */
    public boolean isSingle() {
      return first == last;
    }

    public Range lowerHalf() {
      return new Range(first, middle());
    }

    public Range upperHalf() {
      return new Range(middle() + 1, last);
    }

    private long middle() {
      return first + ((last - first) >>> 1);
    }
  }

  /** Ends early when it has found more than {@code countMax}. */
  public SwarmScan(CompactPeerStore store, Range range, int countMax) {
    table = store.swarms();
    this.range = range;
    this.countMax = countMax;
  }

  /** Looks at the next places; whether there is more to look at. */
  public boolean step() {
    int end = Math.min(table.end(), place + PLACES_PER_STEP);
    for (; place < end && !isOverfull(); place++) {
      if (!table.isFree(place) && range.contains(table.high(place))) {
        int incomplete = table.leecherCount(place);
        int complete = table.peerCount(place) - incomplete;
        found.add(
            new Scraped(
                new Hash160(table.high(place), table.middle(place), table.low(place)),
                new SwarmCounts(complete, table.downloaded(place), incomplete)));
      }
    }
    return place < table.end() && !isOverfull();
  }

  public boolean isOverfull() {
    return found.size() > countMax;
  }

  /** Adds what has been found. */
  public void addTo(SortedMap<Hash160, SwarmCounts> swarms) {
    found.forEach(each -> swarms.put(each.infoHash, each.counts));
  }
}

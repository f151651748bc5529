package org.spate.core.tracker;

import java.util.EnumMap;
import java.util.Map;

/** One number for each {@link Count}, from the start of the tracker on. */
public final class Counters {
  private final long[] numbers = new long[Count.values().length];

  public void add(Count count) {
    add(count, 1);
  }

  public void add(Count count, long number) {
    numbers[count.ordinal()] += number;
  }

  public long of(Count count) {
    return numbers[count.ordinal()];
  }

  /** A copy, in the order of the counts. */
  public Map<Count, Long> snapshot() {
    var snapshot = new EnumMap<Count, Long>(Count.class);
    for (var count : Count.values()) {
      snapshot.put(count, of(count));
    }
    return snapshot;
  }
}

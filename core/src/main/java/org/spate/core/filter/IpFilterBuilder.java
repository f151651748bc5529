package org.spate.core.filter;

import java.util.ArrayList;
import java.util.Arrays;
import org.spate.core.BigEndian;

/** Gathers ranges in any order, overlapping or not. */
final class IpFilterBuilder {
  /** More ranges are an error: the longest lists in use have a million. */
  static final int RANGES_MAX = 4_000_000;

  private record Range6(long firstHigh, long firstLow, long lastHigh, long lastLow) {}

  private final ArrayList<Range6> v6 = new ArrayList<>();
  private long[] v4 = new long[64];
  private int v4Count;
  private int malformed;

  void malformedLine() {
    malformed++;
  }

  /**
   * Adds a range; one that is upside down, or of two families, counts as malformed.
   *
   * @throws IllegalArgumentException if there are too many
   */
  void add(byte[] first, byte[] last) {
    if (first.length != last.length || Arrays.compareUnsigned(first, last) > 0) {
      malformed++;
    } else if (v4Count + v6.size() >= RANGES_MAX) {
      throw new IllegalArgumentException("more than " + RANGES_MAX + " ranges");
    } else if (first.length == 4) {
      addV4(BigEndian.intAt(first, 0), BigEndian.intAt(last, 0));
    } else {
      v6.add(
          new Range6(
              BigEndian.longAt(first, 0),
              BigEndian.longAt(first, 8),
              BigEndian.longAt(last, 0),
              BigEndian.longAt(last, 8)));
    }
  }

  private void addV4(int first, int last) {
    if (v4Count == v4.length) {
      v4 = Arrays.copyOf(v4, v4Count * 2);
    }
    v4[v4Count++] = IpFilter.packed(Integer.toUnsignedLong(first), Integer.toUnsignedLong(last));
  }

  IpFilter build() {
    return new IpFilter(joinedV4(), joinedV6(), malformed);
  }

  private long[] joinedV4() {
    Arrays.sort(v4, 0, v4Count);
    int count = 0;
    for (int i = 0; i < v4Count; i++) {
      long before = count == 0 ? 0 : v4[count - 1];
      if (count > 0 && IpFilter.first(v4[i]) <= IpFilter.last(before) + 1) {
        long last = Math.max(IpFilter.last(before), IpFilter.last(v4[i]));
        v4[count - 1] = IpFilter.packed(IpFilter.first(before), last);
      } else {
        v4[count++] = v4[i];
      }
    }
    return Arrays.copyOf(v4, count);
  }

  private long[] joinedV6() {
    v6.sort((a, b) -> IpFilter.compare(a.firstHigh, a.firstLow, b.firstHigh, b.firstLow));
    var joined = new long[4 * v6.size()];
    int count = 0;
    for (var range : v6) {
      int before = 4 * (count - 1);
      boolean overlaps =
          count > 0
              && IpFilter.compare(
                      range.firstHigh, range.firstLow, joined[before + 2], joined[before + 3])
                  <= 0;
      int at = overlaps ? before : 4 * count++;
      if (!overlaps) {
        joined[at] = range.firstHigh;
        joined[at + 1] = range.firstLow;
      }
      if (!overlaps
          || IpFilter.compare(range.lastHigh, range.lastLow, joined[at + 2], joined[at + 3]) > 0) {
        joined[at + 2] = range.lastHigh;
        joined[at + 3] = range.lastLow;
      }
    }
    return Arrays.copyOf(joined, 4 * count);
  }
}

package org.spate.core.filter;

import java.util.Arrays;
import org.spate.core.Endpoint;

/**
 * A set of addresses in ranges: sorted, without overlaps, searched by halves. Eight bytes for each
 * IPv4 range, 32 for each of IPv6. Immutable, so any thread may ask.
 */
public final class IpFilter {
  public static final IpFilter NONE = new IpFilter(new long[0], new long[0], 0);

  private static final long LOW_32 = 0xFFFF_FFFFL;

  private final long[] v4; // first address in the high half, last in the low one
  private final long[] v6; // four of each: first high, first low, last high, last low
  private final int malformed;

  IpFilter(long[] v4, long[] v6, int malformed) {
    this.v4 = v4;
    this.v6 = v6;
    this.malformed = malformed;
  }

  /** How many ranges it has, after those that touch were joined. */
  public int size() {
    return v4.length + v6.length / 4;
  }

  /** Lines of the list that say nothing we understand. */
  public int malformedLineCount() {
    return malformed;
  }

  public boolean blocks(Endpoint remote) {
    return remote.isV4()
        ? blocksV4(remote.v4Address() & LOW_32)
        : blocksV6(remote.high(), remote.low());
  }

  private boolean blocksV4(long address) {
    int at = Arrays.binarySearch(v4, biased(address << 32 | LOW_32));
    int range = at >= 0 ? at : -at - 2;
    return range >= 0 && (unbiased(v4[range]) & LOW_32) >= address;
  }

  private boolean blocksV6(long high, long low) {
    int first = 0;
    int behind = v6.length / 4;
    while (first < behind) {
      int middle = (first + behind) >>> 1;
      if (compare(v6[4 * middle], v6[4 * middle + 1], high, low) <= 0) {
        first = middle + 1;
      } else {
        behind = middle;
      }
    }
    int range = 4 * (first - 1);
    return range >= 0 && compare(v6[range + 2], v6[range + 3], high, low) >= 0;
  }

  /** A packed range whose order as a signed number is that of addresses. */
  static long packed(long first, long last) {
    return biased(first << 32 | last);
  }

  static long first(long packed) {
    return unbiased(packed) >>> 32;
  }

  static long last(long packed) {
    return unbiased(packed) & LOW_32;
  }

  private static long biased(long number) {
    return number ^ Long.MIN_VALUE;
  }

  private static long unbiased(long number) {
    return number ^ Long.MIN_VALUE;
  }

  /** The order of two IPv6 addresses. */
  static int compare(long high, long low, long otherHigh, long otherLow) {
    int order = Long.compareUnsigned(high, otherHigh);
    return order == 0 ? Long.compareUnsigned(low, otherLow) : order;
  }
}

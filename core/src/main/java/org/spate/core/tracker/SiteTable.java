package org.spate.core.tracker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;

/**
 * An operator's table of address ranges and the sites they are at, out of a text: a range like
 * {@code 10.1.0.0/16} or {@code 2001:db8::/32}, a space and a name in each line; {@code #} begins a
 * comment. Of ranges that lie in each other the smallest counts. Kept as the points where the site
 * changes, so that a look-up is one binary search.
 */
public final class SiteTable implements Sites {
  private static final int ADDRESS_BITS = 128;

  /** The first address of a part of the address space, up to the next one's, and its site. */
  private record Part(long high, long low, int site) {}

  /** A range by its first and last address. */
  private record Range(long high, long low, int bits, int site) {
    long endHigh() {
      return bits >= Long.SIZE ? high : high | (-1L >>> bits);
    }

    long endLow() {
      return bits <= Long.SIZE
          ? -1L
          : bits == ADDRESS_BITS ? low : low | (-1L >>> (bits - Long.SIZE));
    }
  }

  private final Part[] parts;
  private final int siteCount;

  private SiteTable(Part[] parts, int siteCount) {
    this.parts = parts;
    this.siteCount = siteCount;
  }

  /**
   * Reads a table.
   *
   * @throws IllegalArgumentException naming the line that is wrong
   */
  public static SiteTable parse(String text) {
    var sites = new HashMap<String, Integer>();
    var ranges = new ArrayList<Range>();
    int number = 0;
    for (var line : text.lines().toList()) {
      number++;
      var words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
      if (words.length == 2) {
        ranges.add(range(words[0], site(words[1], sites), number));
      } else if (!words[0].isEmpty()) {
        throw new IllegalArgumentException("line " + number + ": a range and a site expected");
      }
    }
    return new SiteTable(parts(ranges), sites.size());
  }

  private static int site(String name, Map<String, Integer> sites) {
    return sites.computeIfAbsent(name, _ -> sites.size());
  }

  private static Range range(String text, int site, int line) {
    int slash = text.indexOf('/');
    var address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
    var digits = slash < 0 ? "" : text.substring(slash + 1);
    if (address == null || (slash >= 0 && !digits.matches("[0-9]{1,3}"))) {
      throw new IllegalArgumentException("line " + line + ": not a range of addresses: " + text);
    }
    int bitsMax = address.length * Byte.SIZE;
    int bits = slash < 0 ? bitsMax : Integer.parseInt(digits);
    if (bits > bitsMax) {
      throw new IllegalArgumentException("line " + line + ": more than " + bitsMax + " bits");
    }
    int bitsInAll = bits + ADDRESS_BITS - bitsMax;
    var first = Endpoint.of(address, 0);
    return new Range(
        first.high() & mask(bitsInAll), first.low() & mask(bitsInAll - Long.SIZE), bitsInAll, site);
  }

  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
  }

  /** Goes through the ranges in their order; those that are open lie in each other. */
  private static Part[] parts(List<Range> ranges) {
    ranges.sort(
        Comparator.<Range>comparingInt(_ -> 0)
            .thenComparing((one, other) -> compare(one.high, one.low, other.high, other.low))
            .thenComparingInt(Range::bits));
    var parts = new ArrayList<Part>();
    var open = new ArrayDeque<Range>();
    for (var range : ranges) {
      closeBefore(range, open, parts);
      open.push(range);
      put(parts, new Part(range.high, range.low, range.site));
    }
    while (!open.isEmpty()) {
      close(open, parts);
    }
    return parts.toArray(Part[]::new);
  }

  private static void closeBefore(Range next, ArrayDeque<Range> open, List<Part> parts) {
    while (!open.isEmpty()
        && compare(open.peek().endHigh(), open.peek().endLow(), next.high, next.low) < 0) {
      close(open, parts);
    }
  }

  /** Behind a range its surroundings go on. */
  private static void close(ArrayDeque<Range> open, List<Part> parts) {
    var range = open.pop();
    long low = range.endLow() + 1;
    long high = low == 0 ? range.endHigh() + 1 : range.endHigh();
    if (high != 0 || low != 0) {
      put(parts, new Part(high, low, open.isEmpty() ? (int) NONE : open.peek().site));
    }
  }

  /** Of several that begin at one address the last counts. */
  private static void put(List<Part> parts, Part part) {
    if (!parts.isEmpty() && parts.getLast().high == part.high && parts.getLast().low == part.low) {
      parts.removeLast();
    }
    parts.add(part);
  }

  private static int compare(long high, long low, long otherHigh, long otherLow) {
    int order = Long.compareUnsigned(high, otherHigh);
    return order != 0 ? order : Long.compareUnsigned(low, otherLow);
  }

  @Override
  public long of(long high, long low) {
    int from = 0;
    int end = parts.length;
    while (from < end) {
      int middle = (from + end) >>> 1;
      if (compare(parts[middle].high, parts[middle].low, high, low) <= 0) {
        from = middle + 1;
      } else {
        end = middle;
      }
    }
    return from == 0 ? NONE : parts[from - 1].site;
  }

  /** How many sites there are. */
  public int size() {
    return siteCount;
  }
}

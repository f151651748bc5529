package org.spate.tracker;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;

/** The proxies that are believed when they say where a request came from, and no others. */
public final class TrustedProxies {
  /** Believes nobody. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  /** The addresses whose first bits are these. */
  private record Range(long high, long low, int bits) {
    boolean contains(Endpoint address) {
      long highBits = bits == 0 ? 0 : -1L << Math.max(0, Long.SIZE - bits);
      long lowBits = bits <= Long.SIZE ? 0 : -1L << (2 * Long.SIZE - bits);
      return ((address.high() ^ high) & highBits) == 0 && ((address.low() ^ low) & lowBits) == 0;
    }
  }

  private static final int V4_PREFIX_BITS = 96;

  private final List<Range> ranges;

  private TrustedProxies(List<Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * Addresses, or ranges of them such as {@code 10.0.0.0/8} and {@code 2001:db8::/32}.
   *
   * @throws IllegalArgumentException if one of them is neither
   */
  public static TrustedProxies of(List<String> texts) {
    var ranges = new ArrayList<Range>();
    for (var text : texts) {
      int slash = text.indexOf('/');
      var address = parse(slash < 0 ? text : text.substring(0, slash));
      int bitsMax = address.isV4() ? 32 : 128;
      int bits = slash < 0 ? bitsMax : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > bitsMax) {
        throw new IllegalArgumentException("no such range: " + text);
      }
      ranges.add(
          new Range(address.high(), address.low(), address.isV4() ? V4_PREFIX_BITS + bits : bits));
    }
    return new TrustedProxies(ranges);
  }

  /** Never looks a name up. */
  private static Endpoint parse(String literal) {
    return Endpoint.of(InetAddress.ofLiteral(literal).getAddress(), 0);
  }

  /**
   * Where a request came from: going back from the peer of the connection, the first address that
   * is not a proxy of ours.
   */
  Endpoint source(Endpoint peer, @Nullable String forwardedFor) {
    if (forwardedFor == null || !contains(peer)) {
      return peer;
    }
    var source = peer;
    int end = forwardedFor.length();
    while (end >= 0 && contains(source)) {
      int comma = forwardedFor.lastIndexOf(',', end - 1);
      try {
        source = parse(forwardedFor.substring(comma + 1, end).strip());
      } catch (IllegalArgumentException e) {
        return source;
      }
      end = comma;
    }
    return source;
  }

  /** Whether an address is one of theirs. */
  boolean contains(Endpoint address) {
    for (var range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }
}

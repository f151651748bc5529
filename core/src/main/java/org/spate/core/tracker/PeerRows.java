package org.spate.core.tracker;

/**
 * How a peer of one address family is written into ints: its address, its port and when it was last
 * heard of, and a fingerprint of its peer id, which tells the asker from others. Twelve bytes for
 * IPv4, twenty-four for IPv6.
 */
final class PeerRows {
  private static final int TAIL_INTS = 2;
  private static final int V4_WIDTH = 1 + TAIL_INTS;

  /** Where in a row of IPv4 the port and the tick are; the fingerprint is next. */
  static final int V4_TAIL = 1;

  private static final int PORT_SHIFT = 16;
  private static final int COMPLETED_FLAG = 1 << Ticks.BITS;

  final boolean v6;
  final int width;
  private final int addressInts;
  private final long seed;

  /** The {@code seed} of the hashes is a secret, lest somebody choose addresses that collide. */
  PeerRows(boolean v6, long seed) {
    this.v6 = v6;
    this.seed = seed;
    addressInts = v6 ? 4 : 1;
    width = addressInts + TAIL_INTS;
  }

  void write(int[] rows, int at, long high, long low, int port, int fingerprint, int tick) {
    if (v6) {
      rows[at] = (int) (high >>> 32);
      rows[at + 1] = (int) high;
      rows[at + 2] = (int) (low >>> 32);
    }
    rows[at + addressInts - 1] = (int) low;
    rows[at + addressInts] = port << PORT_SHIFT | tick;
    rows[at + addressInts + 1] = fingerprint;
  }

  /** The peer has been heard of again. */
  void refresh(int[] rows, int at, int fingerprint, int tick) {
    rows[at + addressInts] = (rows[at + addressInts] & ~Ticks.MASK) | tick;
    rows[at + addressInts + 1] = fingerprint;
  }

  /** Which of so many rows in a line is the peer's, or {@link PeerTable#NONE}. */
  int find(int[] rows, int from, int count, long high, long low, int port) {
    if (!v6) {
      return findV4(rows, from, count, (int) low, port);
    }
    for (int row = 0; row < count; row++) {
      if (isAt(rows, from + row * width, high, low, port)) {
        return row;
      }
    }
    return PeerTable.NONE;
  }

  /** Apart, and with a width that the compiler knows, since most announces come here. */
  private static int findV4(int[] rows, int from, int count, int address, int port) {
    int end = from + count * V4_WIDTH;
    for (int at = from; at < end; at += V4_WIDTH) {
      if (rows[at] == address && rows[at + 1] >>> PORT_SHIFT == port) {
        return (at - from) / V4_WIDTH;
      }
    }
    return PeerTable.NONE;
  }

  boolean isAt(int[] rows, int at, long high, long low, int port) {
    return rows[at + addressInts - 1] == (int) low
        && rows[at + addressInts] >>> PORT_SHIFT == port
        && (!v6
            || (rows[at] == (int) (high >>> 32)
                && rows[at + 1] == (int) high
                && rows[at + 2] == (int) (low >>> 32)));
  }

  long high(int[] rows, int at) {
    return v6 ? pair(rows[at], rows[at + 1]) : 0;
  }

  long low(int[] rows, int at) {
    return v6 ? pair(rows[at + 2], rows[at + 3]) : MAPPED | Integer.toUnsignedLong(rows[at]);
  }

  /** IPv4 addresses are known by their IPv6-mapped form outside. */
  private static final long MAPPED = 0xFFFF_0000_0000L;

  private static long pair(int high, int low) {
    return (long) high << 32 | Integer.toUnsignedLong(low);
  }

  int port(int[] rows, int at) {
    return rows[at + addressInts] >>> PORT_SHIFT;
  }

  int fingerprint(int[] rows, int at) {
    return rows[at + addressInts + 1];
  }

  int tick(int[] rows, int at) {
    return rows[at + addressInts] & Ticks.MASK;
  }

  /** Whether the peer has said {@code completed}. */
  boolean hasCompleted(int[] rows, int at) {
    return (rows[at + addressInts] & COMPLETED_FLAG) != 0;
  }

  void markCompleted(int[] rows, int at) {
    rows[at + addressInts] |= COMPLETED_FLAG;
  }

  long hash(int[] rows, int at) {
    return hash(high(rows, at), low(rows, at), port(rows, at));
  }

  long hash(long high, long low, int port) {
    return v6
        ? Mix.of(Mix.of(Mix.of(high ^ seed) ^ low) + port)
        : Mix.of((low << PORT_SHIFT | port) ^ seed);
  }
}

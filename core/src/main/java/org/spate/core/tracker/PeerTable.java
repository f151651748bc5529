package org.spate.core.tracker;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/**
 * The peers of one swarm and one address family, as rows in an array of ints: leechers first, seeds
 * behind them, so that either kind is a range to draw from. A small table is searched from end to
 * end; a larger one has an index, a hash table with linear probing.
 */
final class PeerTable {
  private static final int SEARCHED_COUNT_MAX = 12;
  private static final int ID_INTS = 5;
  private static final int COMPLETED_FLAG = 1 << 16;

  private final boolean v6;
  private final int seed;
  private final int width;
  private int[] rows;
  private int count;
  private int leecherCount;
  private int @Nullable [] index;

  PeerTable(boolean v6, int seed) {
    this.v6 = v6;
    this.seed = seed;
    width = (v6 ? 4 : 1) + 2 + ID_INTS;
    rows = new int[width];
  }

  int count() {
    return count;
  }

  int leecherCount() {
    return leecherCount;
  }

  int seedCount() {
    return count - leecherCount;
  }

  boolean isSeed(int row) {
    return row >= leecherCount;
  }

  Endpoint endpoint(int row) {
    int at = row * width;
    int port = rows[portAt(row)] & 0xFFFF;
    return v6
        ? new Endpoint(pair(rows[at], rows[at + 1]), pair(rows[at + 2], rows[at + 3]), port)
        : Endpoint.v4(rows[at], port);
  }

  private static long pair(int high, int low) {
    return (long) high << 32 | Integer.toUnsignedLong(low);
  }

  PeerId peerId(int row) {
    var bytes = new byte[Hash160.BYTES];
    for (int i = 0; i < ID_INTS; i++) {
      BigEndian.putInt(bytes, i * Integer.BYTES, rows[portAt(row) + 2 + i]);
    }
    return PeerId.of(bytes);
  }

  boolean hasPeerId(int row, PeerId id) {
    int at = portAt(row) + 2;
    return pair(rows[at], rows[at + 1]) == id.value().high()
        && pair(rows[at + 2], rows[at + 3]) == id.value().middle()
        && rows[at + 4] == id.value().low();
  }

  /** Whether the peer has said {@code completed}. */
  boolean hasCompleted(int row) {
    return (rows[portAt(row)] & COMPLETED_FLAG) != 0;
  }

  void markCompleted(int row) {
    rows[portAt(row)] |= COMPLETED_FLAG;
  }

  int lastSeenSeconds(int row) {
    return rows[portAt(row) + 1];
  }

  private int portAt(int row) {
    return row * width + width - ID_INTS - 2;
  }

  /** The row of a peer, or -1. */
  int find(Endpoint peer) {
    if (index == null) {
      for (int row = 0; row < count; row++) {
        if (isAt(row, peer)) {
          return row;
        }
      }
      return -1;
    }
    int slot = homeOf(peer.high(), peer.low(), peer.port());
    while (index[slot] != 0) {
      if (isAt(index[slot] - 1, peer)) {
        return index[slot] - 1;
      }
      slot = slot + 1 & index.length - 1;
    }
    return -1;
  }

  private boolean isAt(int row, Endpoint peer) {
    int at = row * width;
    if ((rows[portAt(row)] & 0xFFFF) != peer.port()) {
      return false;
    }
    return v6
        ? pair(rows[at], rows[at + 1]) == peer.high()
            && pair(rows[at + 2], rows[at + 3]) == peer.low()
        : rows[at] == (int) peer.low();
  }

  /** Adds a peer that is not there; returns its row. */
  int add(Endpoint peer, PeerId id, boolean isSeed, int nowSeconds) {
    if ((count + 1) * width > rows.length) {
      rows = Arrays.copyOf(rows, (count + 1 + count / 2) * width);
    }
    int row = isSeed ? count : leecherCount;
    count++;
    if (!isSeed) {
      leecherCount++;
      if (row < count - 1) {
        move(row, count - 1);
      }
    }
    write(row, peer, id, nowSeconds);
    if (index != null && count * 2 <= index.length) {
      putInIndex(row);
    } else if (count > SEARCHED_COUNT_MAX) {
      rebuildIndex();
    }
    return row;
  }

  private void write(int row, Endpoint peer, PeerId id, int nowSeconds) {
    int at = row * width;
    if (v6) {
      rows[at] = (int) (peer.high() >>> 32);
      rows[at + 1] = (int) peer.high();
      rows[at + 2] = (int) (peer.low() >>> 32);
    }
    rows[portAt(row) - 1] = (int) peer.low();
    rows[portAt(row)] = peer.port();
    refresh(row, id, nowSeconds);
  }

  /** The peer has been heard of again. */
  void refresh(int row, PeerId id, int nowSeconds) {
    int at = portAt(row) + 1;
    rows[at] = nowSeconds;
    rows[at + 1] = (int) (id.value().high() >>> 32);
    rows[at + 2] = (int) id.value().high();
    rows[at + 3] = (int) (id.value().middle() >>> 32);
    rows[at + 4] = (int) id.value().middle();
    rows[at + 5] = id.value().low();
  }

  /** Removes a row; only rows behind it, at its place or later, change their numbers. */
  void remove(int row) {
    takeFromIndex(row);
    int hole = row;
    if (row < leecherCount) {
      hole = --leecherCount;
      if (row != hole) {
        move(hole, row);
      }
    }
    count--;
    if (hole != count) {
      move(count, hole);
    }
    if (count * 4 * width < rows.length && rows.length > SEARCHED_COUNT_MAX * width) {
      rows = Arrays.copyOf(rows, count * 2 * width);
    }
    if (index != null && count * 16 < index.length) {
      rebuildIndex();
    }
  }

  private void move(int from, int to) {
    if (index != null) {
      index[slotOf(from)] = to + 1;
    }
    System.arraycopy(rows, from * width, rows, to * width, width);
  }

  private int homeOf(long high, long low, int port) {
    long key = Mix.of(high + seed) ^ low;
    return (int) Mix.of(key * 31 + port) & indexMask();
  }

  private int indexMask() {
    return index == null ? 0 : index.length - 1;
  }

  private int homeOf(int row) {
    int at = row * width;
    int port = rows[portAt(row)] & 0xFFFF;
    if (v6) {
      return homeOf(pair(rows[at], rows[at + 1]), pair(rows[at + 2], rows[at + 3]), port);
    }
    var mapped = Endpoint.v4(rows[at], port);
    return homeOf(mapped.high(), mapped.low(), port);
  }

  private void rebuildIndex() {
    if (count <= SEARCHED_COUNT_MAX) {
      index = null;
      return;
    }
    index = new int[Integer.highestOneBit(count) * 4];
    for (int row = 0; row < count; row++) {
      putInIndex(row);
    }
  }

  private void putInIndex(int row) {
    if (index == null) {
      return;
    }
    int slot = homeOf(row);
    while (index[slot] != 0) {
      slot = slot + 1 & index.length - 1;
    }
    index[slot] = row + 1;
  }

  private int slotOf(int row) {
    int[] slots = Objects.requireNonNull(index);
    int slot = homeOf(row);
    while (slots[slot] != row + 1) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }

  /** Closes the gap as well, so that probing never meets a tombstone. */
  private void takeFromIndex(int row) {
    if (index == null) {
      return;
    }
    int mask = index.length - 1;
    int gap = slotOf(row);
    for (int slot = gap + 1 & mask; index[slot] != 0; slot = slot + 1 & mask) {
      int home = homeOf(index[slot] - 1);
      if ((slot - home & mask) >= (slot - gap & mask)) {
        index[gap] = index[slot];
        gap = slot;
      }
    }
    index[gap] = 0;
  }
}

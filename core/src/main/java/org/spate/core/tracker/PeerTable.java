package org.spate.core.tracker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The peers of one swarm and one address family as rows: leechers first, seeds behind them, so that
 * either kind is a range to draw from. There is one such object for all swarms of a store, and
 * {@link #open} moves it from one to the next: a swarm owns but three ints, where its rows are and
 * how many. Up to {@link #SMALL_COUNT_MAX} rows lie in a block of a {@link Slab} and are searched
 * from end to end; more are a {@link LargeTable} with an index.
 */
final class PeerTable {
  /** What a swarm keeps of its table: block or large table, rows, leechers among them. */
  static final int STATE_INTS = 3;

  static final int SMALL_COUNT_MAX = 256;
  static final int NONE = -1;

  private static final int PLACE = 0;
  private static final int COUNT = 1;
  private static final int LEECHERS = 2;

  /** A large table is small again when half of that is left. */
  private static final int LARGE_COUNT_MIN = SMALL_COUNT_MAX / 2;

  private static final int CACHE_LINE_INTS = 16;

  /** By number of rows: the room that a block for them has, a quarter more at most beyond eight. */
  private static final int[] CAPACITIES = capacities();

  final PeerRows rows;
  private final Slab slab;
  private final List<@Nullable LargeTable> largeTables = new ArrayList<>();

  // The swarm that is open.
  private int[] state = {0, 0, 0};
  private int stateAt;
  private @Nullable LargeTable large;
  private int[] block = {};
  private int blockAt;

  PeerTable(PeerRows rows, Slab slab) {
    this.rows = rows;
    this.slab = slab;
  }

  private static int[] capacities() {
    var capacities = new int[SMALL_COUNT_MAX + 1];
    int capacity = 1;
    for (int count = 1; count <= SMALL_COUNT_MAX; count++) {
      while (capacity < count) {
        capacity += Math.max(1, Integer.highestOneBit(capacity) / 4);
      }
      capacities[count] = capacity;
    }
    return capacities;
  }

  /** Turns to the table whose three ints lie there; all zeros are an empty one. */
  void open(int[] state, int stateAt) {
    this.state = state;
    this.stateAt = stateAt;
    locate();
  }

  private void locate() {
    int place = state[stateAt + PLACE];
    large = place < 0 ? largeTables.get(~place) : null;
    if (place >= 0 && count() > 0) {
      block = slab.page(place);
      blockAt = Slab.offset(place);
    }
  }

  int count() {
    return state[stateAt + COUNT];
  }

  int leecherCount() {
    return state[stateAt + LEECHERS];
  }

  int seedCount() {
    return count() - leecherCount();
  }

  boolean isSeed(int row) {
    return row >= leecherCount();
  }

  /** The array that a row is in; {@link #at} says where. */
  int[] array(int row) {
    return large == null ? block : large.page(row);
  }

  int at(int row) {
    return large == null ? blockAt + row * rows.width : large.offset(row);
  }

  /** The row of a peer, or {@link #NONE}. */
  int find(long high, long low, int port) {
    if (large != null) {
      return find(large, high, low, port);
    }
    int count = count();
    return count == 0 ? NONE : rows.find(block, blockAt, count, high, low, port);
  }

  private int find(LargeTable table, long high, long low, int port) {
    long hash = rows.hash(high, low, port);
    var part = table.index.partOf(hash);
    int slot = SplitIndex.home(part, hash);
    while (part[slot] != 0) {
      int row = SplitIndex.row(part[slot]);
      if (SplitIndex.isLike(part[slot], hash)
          && rows.isAt(table.page(row), table.offset(row), high, low, port)) {
        return row;
      }
      slot = SplitIndex.next(part, slot);
    }
    return NONE;
  }

  /** Reads a number from each part of the rows that memory delivers at once. */
  int touch() {
    int sum = 0;
    int end = large == null ? blockAt + count() * rows.width : 0;
    for (int at = blockAt; at < end; at += CACHE_LINE_INTS) {
      sum += block[at];
    }
    return sum;
  }

  boolean isFull() {
    return count() >= SplitIndex.ROW_COUNT_MAX;
  }

  /** Adds a peer that is not there; returns its row. */
  int add(long high, long low, int port, int fingerprint, boolean isSeed, int tick) {
    int count = count();
    resize(count + 1);
    int row = isSeed ? count : leecherCount();
    if (row < count) {
      move(row, count);
    }
    rows.write(array(row), at(row), high, low, port, fingerprint, tick);
    state[stateAt + COUNT]++;
    if (!isSeed) {
      state[stateAt + LEECHERS]++;
    }
    if (large != null) {
      large.index.add(rows.hash(high, low, port), row);
    }
    return row;
  }

  /** Removes a row; only rows behind it, at its place or later, change their numbers. */
  void remove(int row) {
    if (large != null) {
      large.index.remove(large.hashOf(row), row);
    }
    int hole = row;
    if (!isSeed(row)) {
      hole = --state[stateAt + LEECHERS];
      if (row != hole) {
        move(hole, row);
      }
    }
    int last = count() - 1;
    if (hole != last) {
      move(last, hole);
    }
    resize(last);
    state[stateAt + COUNT]--;
  }

  private void move(int from, int to) {
    System.arraycopy(array(from), at(from), array(to), at(to), rows.width);
    if (large != null) {
      large.index.move(large.hashOf(to), from, to);
    }
  }

  /** Makes room for so many rows, or takes what is no longer needed. */
  private void resize(int newCount) {
    if (large != null) {
      if (newCount < LARGE_COUNT_MIN) {
        makeSmall(large, newCount);
      } else {
        large.resize(newCount);
      }
    } else if (newCount > SMALL_COUNT_MAX) {
      makeLarge(newCount);
    } else if (CAPACITIES[newCount] != CAPACITIES[count()]) {
      moveBlock(newCount);
    }
  }

  private void moveBlock(int newCount) {
    int old = state[stateAt + PLACE];
    var oldBlock = block;
    int oldAt = blockAt;
    int kept = Math.min(count(), newCount);
    if (newCount > 0) {
      takeBlock(newCount);
      System.arraycopy(oldBlock, oldAt, block, blockAt, kept * rows.width);
    }
    if (count() > 0) {
      slab.giveBack(old);
    }
  }

  private void takeBlock(int newCount) {
    int place = slab.take(CAPACITIES[newCount] * rows.width);
    state[stateAt + PLACE] = place;
    block = slab.page(place);
    blockAt = Slab.offset(place);
  }

  private void makeLarge(int newCount) {
    var table = new LargeTable(rows);
    table.resize(newCount);
    for (int row = 0; row < count(); row++) {
      System.arraycopy(
          block, blockAt + row * rows.width, table.page(row), table.offset(row), rows.width);
      table.index.add(table.hashOf(row), row);
    }
    slab.giveBack(state[stateAt + PLACE]);
    int free = largeTables.indexOf(null);
    if (free < 0) {
      free = largeTables.size();
      largeTables.add(table);
    } else {
      largeTables.set(free, table);
    }
    state[stateAt + PLACE] = ~free;
    large = table;
  }

  private void makeSmall(LargeTable table, int newCount) {
    largeTables.set(~state[stateAt + PLACE], null);
    large = null;
    takeBlock(newCount);
    for (int row = 0; row < newCount; row++) {
      System.arraycopy(
          table.page(row), table.offset(row), block, blockAt + row * rows.width, rows.width);
    }
  }
}

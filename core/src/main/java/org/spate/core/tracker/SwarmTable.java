package org.spate.core.tracker;

import java.util.Arrays;

/**
 * The swarms of a store, each a record of thirteen ints that keeps its number as long as it lives:
 * its info-hash, how many have completed, when it was last announced, and where its peers are.
 */
final class SwarmTable implements SplitIndex.Hashes {
  static final int NONE = -1;

  /** Where in a record the states of its two {@link PeerTable}s begin. */
  static final int V4 = 7;

  static final int V6 = V4 + PeerTable.STATE_INTS;

  private static final int RECORD_INTS = V6 + PeerTable.STATE_INTS;
  private static final int DOWNLOADED = 5;
  private static final int TICK = 6;

  /** In place of the tick: the record is free, and its first int names the next one that is. */
  private static final int FREE = -1;

  private static final int PAGE_BITS = 10;
  private static final int PAGE_RECORDS = 1 << PAGE_BITS;

  private final long seed;
  private final SplitIndex index = new SplitIndex(this);
  private int[][] pages = {};
  private int end;
  private int firstFree = NONE;
  private int count;

  SwarmTable(long seed) {
    this.seed = seed;
  }

  int count() {
    return count;
  }

  /** Numbers of swarms are below this. */
  int end() {
    return end;
  }

  int[] record(int swarm) {
    return pages[swarm >>> PAGE_BITS];
  }

  static int at(int swarm) {
    return (swarm & PAGE_RECORDS - 1) * RECORD_INTS;
  }

  boolean isFree(int swarm) {
    return record(swarm)[at(swarm) + TICK] == FREE;
  }

  private long hash(long high, long middle, int low) {
    return Mix.of(Mix.of(Mix.of(high ^ seed) ^ middle) + low);
  }

  @Override
  public long hashOf(int swarm) {
    return hash(high(swarm), middle(swarm), low(swarm));
  }

  long high(int swarm) {
    return pair(record(swarm), at(swarm));
  }

  long middle(int swarm) {
    return pair(record(swarm), at(swarm) + 2);
  }

  int low(int swarm) {
    return record(swarm)[at(swarm) + 4];
  }

  private static long pair(int[] record, int at) {
    return (long) record[at] << 32 | Integer.toUnsignedLong(record[at + 1]);
  }

  /** The number of a swarm, or {@link #NONE}. */
  int find(long high, long middle, int low) {
    long hash = hash(high, middle, low);
    var part = index.partOf(hash);
    int slot = SplitIndex.home(part, hash);
    while (part[slot] != 0) {
      int swarm = SplitIndex.row(part[slot]);
      if (SplitIndex.isLike(part[slot], hash)
          && low(swarm) == low
          && high(swarm) == high
          && middle(swarm) == middle) {
        return swarm;
      }
      slot = SplitIndex.next(part, slot);
    }
    return NONE;
  }

  /** Adds a swarm that is not there, without peers. */
  int add(long high, long middle, int low, int tick) {
    int swarm = firstFree;
    if (swarm == NONE) {
      swarm = end++;
      if (swarm >>> PAGE_BITS == pages.length) {
        pages = Arrays.copyOf(pages, pages.length + 1);
        pages[swarm >>> PAGE_BITS] = new int[PAGE_RECORDS * RECORD_INTS];
      }
    } else {
      firstFree = record(swarm)[at(swarm)];
    }
    var record = record(swarm);
    int at = at(swarm);
    Arrays.fill(record, at, at + RECORD_INTS, 0);
    record[at] = (int) (high >>> 32);
    record[at + 1] = (int) high;
    record[at + 2] = (int) (middle >>> 32);
    record[at + 3] = (int) middle;
    record[at + 4] = low;
    record[at + TICK] = tick;
    index.add(hash(high, middle, low), swarm);
    count++;
    return swarm;
  }

  /** Removes a swarm, which has no peers any more. */
  void remove(int swarm) {
    index.remove(hashOf(swarm), swarm);
    record(swarm)[at(swarm)] = firstFree;
    record(swarm)[at(swarm) + TICK] = FREE;
    firstFree = swarm;
    count--;
  }

  int downloaded(int swarm) {
    return record(swarm)[at(swarm) + DOWNLOADED];
  }

  void addDownloaded(int swarm, int more) {
    record(swarm)[at(swarm) + DOWNLOADED] += more;
  }

  int tick(int swarm) {
    return record(swarm)[at(swarm) + TICK];
  }

  void touch(int swarm, int tick) {
    record(swarm)[at(swarm) + TICK] = tick;
  }

  private int field(int swarm, int field) {
    return record(swarm)[at(swarm) + field];
  }

  int peerCount(int swarm) {
    return field(swarm, V4 + 1) + field(swarm, V6 + 1);
  }

  int leecherCount(int swarm) {
    return field(swarm, V4 + 2) + field(swarm, V6 + 2);
  }
}

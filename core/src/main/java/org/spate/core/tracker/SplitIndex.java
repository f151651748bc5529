package org.spate.core.tracker;

import java.util.Arrays;

/**
 * Finds rows by a hash of what they hold. It is a hash table in many small parts, each chosen by
 * the first bits of the hash; a part that is full grows or is split in two (extendible hashing,
 * Fagin et al., 1979). So the largest pause of growth is that of one part, and a table of millions
 * is never rebuilt.
 *
 * <p>A part is an array of ints with linear probing: its number of rows, how many first bits of the
 * hash its rows share, then the slots. A slot is 0 or holds eight bits of the hash, which spare
 * nearly every look at a wrong row, above a row number plus one.
 */
final class SplitIndex {
  /** Rows are numbered below this. */
  static final int ROW_COUNT_MAX = (1 << 24) - 1;

  /** Tells the hash of a row that is in the index. */
  interface Hashes {
    long hashOf(int row);
  }

  private static final int COUNT = 0;
  private static final int DEPTH = 1;
  private static final int HEADER = 2;
  private static final int SLOTS_MIN = 16;
  private static final int SLOTS_MAX = 1_024;

  /** Where parts are no longer split but grow: only equal hashes get there. */
  private static final int DEPTH_MAX = 20;

  private static final int ROW_MASK = ROW_COUNT_MAX;
  private static final int TAG_SHIFT = 24;

  private final Hashes hashes;
  private int[][] parts = {part(SLOTS_MIN, 0)};
  private int depth;

  SplitIndex(Hashes hashes) {
    this.hashes = hashes;
  }

  private static int[] part(int slots, int depth) {
    var part = new int[HEADER + slots];
    part[DEPTH] = depth;
    return part;
  }

  /** Where rows of this hash are: from {@link #home} on, up to an empty slot. */
  int[] partOf(long hash) {
    return parts[prefix(hash, depth)];
  }

  /** The first bits; in two steps, since a shift by 64 shifts by none. */
  private static int prefix(long hash, int bits) {
    return (int) (hash >>> 1 >>> (Long.SIZE - 1 - bits));
  }

  static int home(int[] part, long hash) {
    return HEADER + (int) (((hash & 0xFFFF_FFFFL) * (part.length - HEADER)) >>> Integer.SIZE);
  }

  static int next(int[] part, int slot) {
    return slot + 1 == part.length ? HEADER : slot + 1;
  }

  /** Whether a slot that is not empty may hold a row of this hash. */
  static boolean isLike(int slotValue, long hash) {
    return slotValue >>> TAG_SHIFT == tag(hash);
  }

  static int row(int slotValue) {
    return (slotValue & ROW_MASK) - 1;
  }

  private static int tag(long hash) {
    return (int) (hash >>> Integer.SIZE) & 0xFF;
  }

  void add(long hash, int row) {
    var part = partOf(hash);
    while (isFull(part)) {
      part = enlarge(part, hash);
    }
    insert(part, hash, row);
  }

  /** Four of five slots at most. */
  private static boolean isFull(int[] part) {
    return (part[COUNT] + 1) * 5 > (part.length - HEADER) * 4;
  }

  private static void insert(int[] part, long hash, int row) {
    int slot = home(part, hash);
    while (part[slot] != 0) {
      slot = next(part, slot);
    }
    part[slot] = tag(hash) << TAG_SHIFT | (row + 1);
    part[COUNT]++;
  }

  private int[] enlarge(int[] part, long hash) {
    int slots = part.length - HEADER;
    if (slots < SLOTS_MAX || part[DEPTH] >= DEPTH_MAX) {
      resize(part, hash, slots + slots / 4);
    } else {
      split(part, hash);
    }
    return partOf(hash);
  }

  private void resize(int[] part, long hash, int slots) {
    var other = part(slots, part[DEPTH]);
    for (int slot = HEADER; slot < part.length; slot++) {
      if (part[slot] != 0) {
        int row = row(part[slot]);
        insert(other, hashes.hashOf(row), row);
      }
    }
    place(other, prefix(hash, part[DEPTH]));
  }

  private void split(int[] part, long hash) {
    int below = part[DEPTH];
    if (below == depth) {
      widen();
    }
    int slots = part.length - HEADER;
    int[][] halves = {part(slots * 5 / 8, below + 1), part(slots * 5 / 8, below + 1)};
    int first = prefix(hash, below) << 1;
    place(halves[0], first);
    place(halves[1], first + 1);
    for (int slot = HEADER; slot < part.length; slot++) {
      if (part[slot] != 0) {
        int row = row(part[slot]);
        long hashOfRow = hashes.hashOf(row);
        int half = prefix(hashOfRow, below + 1) & 1;
        // Chance may send nearly all to one side; that half then has to grow at once.
        while (isFull(halves[half])) {
          resize(halves[half], hashOfRow, (halves[half].length - HEADER) * 5 / 4);
          halves[half] = partOf(hashOfRow);
        }
        insert(halves[half], hashOfRow, row);
      }
    }
  }

  private void widen() {
    var wider = new int[parts.length * 2][];
    for (int i = 0; i < wider.length; i++) {
      wider[i] = parts[i >> 1];
    }
    parts = wider;
    depth++;
  }

  /** Makes this the part of all hashes that begin with the bits of {@code prefix}. */
  private void place(int[] part, int prefix) {
    int free = depth - part[DEPTH];
    Arrays.fill(parts, prefix << free, (prefix + 1) << free, part);
  }

  /** The row moves to another number. */
  void move(long hash, int from, int to) {
    var part = partOf(hash);
    int slot = slotOf(part, hash, from);
    part[slot] = (part[slot] & ~ROW_MASK) | (to + 1);
  }

  private static int slotOf(int[] part, long hash, int row) {
    int slot = home(part, hash);
    while (row(part[slot]) != row) {
      if (part[slot] == 0) {
        throw new AssertionError("row " + row + " is not in the index");
      }
      slot = next(part, slot);
    }
    return slot;
  }

  /** The rows behind it move up, so that every search still ends at the first empty slot. */
  void remove(long hash, int row) {
    var part = partOf(hash);
    int gap = slotOf(part, hash, row);
    for (int slot = next(part, gap); part[slot] != 0; slot = next(part, slot)) {
      int home = home(part, hashes.hashOf(row(part[slot])));
      if (distance(part, home, slot) >= distance(part, gap, slot)) {
        part[gap] = part[slot];
        gap = slot;
      }
    }
    part[gap] = 0;
    part[COUNT]--;
    int slots = part.length - HEADER;
    if (slots > SLOTS_MIN && part[COUNT] * 3 < slots) {
      resize(part, hash, Math.max(SLOTS_MIN, slots / 2));
    }
  }

  private static int distance(int[] part, int from, int to) {
    return to >= from ? to - from : to - from + part.length - HEADER;
  }
}

package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The index against a map, through growth, splits, moves and shrinking. */
class SplitIndexTest {
  private static int find(SplitIndex index, List<Long> hashes, long hash) {
    var part = index.partOf(hash);
    for (int slot = SplitIndex.home(part, hash);
        part[slot] != 0;
        slot = SplitIndex.next(part, slot)) {
      int row = SplitIndex.row(part[slot]);
      if (SplitIndex.isLike(part[slot], hash) && hashes.get(row) == hash) {
        return row;
      }
    }
    return -1;
  }

  @Test
  void finds_what_was_added_and_nothing_else() {
    for (int seed = 0; seed < 12; seed++) {
      var random = new SplittableRandom(seed);
      var hashes = new ArrayList<Long>();
      var index = new SplitIndex(hashes::get);
      var model = new HashMap<Long, Integer>();
      // Few first bits in one run of three: parts that are split again and again.
      long mask = seed % 3 == 0 ? 0x0000_FFFF_FFFF_FFFFL : -1;
      for (int step = 0; step < 60_000; step++) {
        boolean grow = random.nextInt(3) == 0 ^ step < 40_000;
        if (grow) {
          long hash = random.nextLong() & mask;
          model.put(hash, hashes.size());
          hashes.add(hash);
          index.add(hash, hashes.size() - 1);
        } else if (!hashes.isEmpty()) {
          removeAsTablesDo(index, hashes, model, random.nextInt(hashes.size()));
        }
        if (step % 997 == 0) {
          long stranger = random.nextLong() & mask;
          assertThat(find(index, hashes, stranger)).isEqualTo(model.getOrDefault(stranger, -1));
        }
      }
      for (var entry : model.entrySet()) {
        assertThat(find(index, hashes, entry.getKey()))
            .as("seed " + seed)
            .isEqualTo(entry.getValue());
      }
      assertThat(model).hasSameSizeAs(hashes);
    }
  }

  /** The last row takes the place of the one that goes. */
  private static void removeAsTablesDo(
      SplitIndex index, List<Long> hashes, Map<Long, Integer> model, int row) {
    index.remove(hashes.get(row), row);
    model.remove(hashes.get(row));
    int last = hashes.size() - 1;
    if (row != last) {
      long moved = hashes.get(last);
      hashes.set(row, moved);
      index.move(moved, last, row);
      model.put(moved, row);
    }
    hashes.removeLast();
  }
}

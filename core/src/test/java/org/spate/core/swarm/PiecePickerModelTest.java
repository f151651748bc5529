package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.PickerTuning.StartedOrder;

/** Random swarms: the picker against a model that keeps every block in plain sets. */
class PiecePickerModelTest {
  private static final int LINKS = 6;
  private static final int PIECES = 12;
  private static final int BLOCKS = 3;

  @Test
  void the_picker_agrees_with_the_model_whatever_happens() {
    for (int seed = 0; seed < 300; seed++) {
      var world = new World(seed);
      try {
        for (int step = 0; step < 250; step++) {
          world.step();
          world.check();
        }
        world.finish();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + " after " + world.last, e);
      }
    }
  }

  private static final class World {
    private final RandomGenerator random;
    private final PickerTuning tuning;
    private final PieceGeometry geometry;
    private final PieceSet have;
    private final PiecePicker picker;
    private final PieceSet[] has = new PieceSet[LINKS];
    private final byte[] priorities = new byte[PIECES];
    private final List<List<TreeSet<Integer>>> requests = new ArrayList<>();
    private final boolean[][] received = new boolean[PIECES][BLOCKS];
    private String last = "the start";

    World(int seed) {
      random = AvailabilityOrderTest.random(seed);
      tuning =
          new PickerTuning(
              random.nextInt(4),
              random.nextInt(4),
              random.nextBoolean(),
              random.nextBoolean() ? StartedOrder.RAREST : StartedOrder.NEAREST_COMPLETION,
              1 + random.nextInt(4),
              random.nextInt(4),
              random.nextInt(4) > 0);
      // The last piece is short, so blocks of every length occur.
      geometry =
          PieceGeometry.plain(
              (long) (PIECES - 1) * BLOCKS * PickerBoard.BLOCK + 5, BLOCKS * PickerBoard.BLOCK);
      have = new PieceSet(PIECES);
      if (random.nextBoolean()) {
        have.add(random.nextInt(PIECES));
      }
      picker = new PiecePicker(geometry, have, tuning, random);
      picker.sequential(random.nextInt(4) == 0);
      picker.randomFirst(random.nextInt(3));
      Arrays.fill(priorities, (byte) 1);
      for (int piece = 0; piece < PIECES; piece++) {
        requests.add(new ArrayList<>());
        for (int block = 0; block < BLOCKS; block++) {
          requests.get(piece).add(new TreeSet<>());
        }
      }
      for (int link = 0; link < LINKS; link++) {
        has[link] = new PieceSet(PIECES);
        join(link);
      }
    }

    void step() {
      int link = random.nextInt(LINKS);
      int piece = random.nextInt(PIECES);
      int block = random.nextInt(geometry.fetchBlockCount(piece));
      last = "link " + link + " piece " + piece + " block " + block;
      switch (random.nextInt(17)) {
        case 0, 1, 2, 3 -> pick(link, anyMode(), random.nextInt(-1, 8));
        case 4, 5, 6, 7 -> deliverSomething(link);
        case 8 -> deliver(link, piece, block, random.nextBoolean());
        case 9 -> release(link, piece, block);
        case 10 -> dropLink(link);
        case 11 -> learn(link, piece);
        case 12 -> lose(link, piece);
        case 13 -> prioritise();
        case 14 -> forget(piece);
        case 15 -> concludeWhole();
        default -> {
          if (random.nextInt(20) == 0) {
            picker.forgetUnfinished();
            for (int each = 0; each < PIECES; each++) {
              clear(each);
            }
          }
        }
      }
    }

    private Pick anyMode() {
      return new Pick(
          random.nextBoolean(),
          random.nextInt(5) == 0,
          random.nextInt(5) == 0,
          random.nextInt(5) > 0,
          random.nextInt(4) == 0 ? anySet() : null);
    }

    private PieceSet anySet() {
      var set = new PieceSet(PIECES);
      for (int piece = 0; piece < PIECES; piece++) {
        if (random.nextBoolean()) {
          set.add(piece);
        }
      }
      return set;
    }

    private int pick(int link, Pick mode, int max) {
      boolean wasEndgame = isEndgame();
      boolean owed = owes(link);
      int free = freeFor(link, mode);
      var sunk = new int[1];
      int chosen =
          picker.pick(
              link,
              has[link],
              mode,
              max,
              (piece, begin, length) -> {
                sunk[0]++;
                take(link, piece, begin / PickerBoard.BLOCK, mode, free > 0);
                assertThat(geometry.isBlock(piece, begin, length)).isTrue();
              });
      assertThat(chosen).isEqualTo(sunk[0]).isLessThanOrEqualTo(Math.max(0, max));
      int wish = mode.isSnubbed() ? Math.min(max, 1) : max;
      if (!mode.isOnParole() && free > 0) {
        assertThat(chosen).isEqualTo(Math.clamp(free, 0, Math.max(0, wish)));
      }
      if (free == 0 && (owed || (!wasEndgame && tuning.strictEndgame()))) {
        assertThat(chosen).isZero();
      }
      return chosen;
    }

    private void take(int link, int piece, int block, Pick mode, boolean mustBeFree) {
      var links = requests.get(piece).get(block);
      assertThat(mode.allows(piece, has[link])).isTrue();
      assertThat(isWanted(piece)).isTrue();
      assertThat(received[piece][block]).isFalse();
      if (mustBeFree) {
        assertThat(links).as("requesters of %d.%d", piece, block).isEmpty();
      }
      assertThat(links.add(link)).as("not asked twice").isTrue();
      assertThat(links.size()).isLessThanOrEqualTo(Math.max(1, tuning.requestersMax()));
    }

    private boolean owes(int link) {
      return requests.stream().anyMatch(blocks -> blocks.stream().anyMatch(l -> l.contains(link)));
    }

    /** Blocks that nobody was asked for and this peer may be. */
    private int freeFor(int link, Pick mode) {
      int free = 0;
      for (int piece = 0; piece < PIECES; piece++) {
        for (int block = 0; block < geometry.fetchBlockCount(piece); block++) {
          boolean isFree = !received[piece][block] && requests.get(piece).get(block).isEmpty();
          free += isFree && isWanted(piece) && mode.allows(piece, has[link]) ? 1 : 0;
        }
      }
      return free;
    }

    private boolean isWanted(int piece) {
      return priorities[piece] > 0 && !have.contains(piece);
    }

    private boolean isEndgame() {
      int missing = 0;
      for (int piece = 0; piece < PIECES; piece++) {
        for (int block = 0; block < geometry.fetchBlockCount(piece); block++) {
          if (isWanted(piece) && !received[piece][block]) {
            missing++;
            if (requests.get(piece).get(block).isEmpty()) {
              return false;
            }
          }
        }
      }
      return missing > 0;
    }

    private boolean deliverSomething(int link) {
      for (int piece = 0; piece < PIECES; piece++) {
        for (int block = 0; block < geometry.fetchBlockCount(piece); block++) {
          if (!received[piece][block] && requests.get(piece).get(block).contains(link)) {
            deliver(link, piece, block, false);
            return true;
          }
        }
      }
      return false;
    }

    private void deliver(int link, int piece, int block, boolean isLate) {
      var result =
          isLate ? picker.onLateBlock(link, piece, block) : picker.onBlock(link, piece, block);
      var links = requests.get(piece).get(block);
      boolean asked = links.remove(link);
      if (have.contains(piece) || received[piece][block]) {
        assertThat(result).isEqualTo(BlockResult.DUPLICATE);
      } else if (!asked && !(isLate && isStarted(piece))) {
        assertThat(result).isEqualTo(BlockResult.UNREQUESTED);
      } else {
        received[piece][block] = true;
        boolean whole = isWhole(piece);
        assertThat(result).isEqualTo(whole ? BlockResult.COMPLETES_PIECE : BlockResult.ACCEPTED);
        cancelSome(piece, block, link);
        if (whole && random.nextBoolean()) {
          conclude(piece);
        }
      }
    }

    private void cancelSome(int piece, int block, int link) {
      var others = new TreeSet<Integer>();
      boolean cancels = random.nextBoolean();
      picker.othersRequesting(
          piece,
          block,
          link,
          other -> {
            others.add(other);
            if (cancels) {
              picker.onReleased(other, piece, block);
            }
          });
      assertThat(others).isEqualTo(requests.get(piece).get(block));
      if (cancels) {
        requests.get(piece).get(block).clear();
      }
    }

    private void conclude(int piece) {
      if (random.nextInt(4) == 0) {
        picker.onFailed(piece);
      } else {
        have.add(piece);
        picker.onVerified(piece);
      }
      clear(piece);
    }

    /** The hashes of the pieces of which every block is here. */
    private void concludeWhole() {
      for (int piece = 0; piece < PIECES; piece++) {
        if (!have.contains(piece) && isWhole(piece)) {
          conclude(piece);
        }
      }
    }

    private boolean isStarted(int piece) {
      for (int block = 0; block < BLOCKS; block++) {
        if (received[piece][block] || !requests.get(piece).get(block).isEmpty()) {
          return true;
        }
      }
      return false;
    }

    private boolean isWhole(int piece) {
      for (int block = 0; block < geometry.fetchBlockCount(piece); block++) {
        if (!received[piece][block]) {
          return false;
        }
      }
      return true;
    }

    private void release(int link, int piece, int block) {
      picker.onReleased(link, piece, block);
      requests.get(piece).get(block).remove(link);
    }

    private void dropLink(int link) {
      picker.onLinkGone(link);
      picker.onGone(has[link]);
      requests.forEach(blocks -> blocks.forEach(links -> links.remove(link)));
      join(link);
    }

    private void join(int link) {
      has[link] = random.nextInt(3) == 0 ? PieceSet.all(PIECES) : anySet();
      picker.onJoined(has[link]);
    }

    private void learn(int link, int piece) {
      if (has[link].add(piece)) {
        picker.onHave(piece);
      }
    }

    private void lose(int link, int piece) {
      if (has[link].remove(piece)) {
        picker.onDontHave(piece);
      }
    }

    private void prioritise() {
      for (int piece = 0; piece < PIECES; piece++) {
        priorities[piece] = (byte) (random.nextInt(3) > 0 ? 1 : random.nextInt(8));
      }
      picker.priorities(priorities.clone());
    }

    private void forget(int piece) {
      picker.forgetPiece(piece);
      clear(piece);
    }

    private void clear(int piece) {
      Arrays.fill(received[piece], false);
      requests.get(piece).forEach(TreeSet::clear);
    }

    void check() {
      int wanted = 0;
      for (int piece = 0; piece < PIECES; piece++) {
        int at = piece;
        wanted += isWanted(piece) ? 1 : 0;
        assertThat(picker.isWanted(piece)).isEqualTo(isWanted(piece));
        assertThat((long) picker.availability(piece))
            .isEqualTo(Arrays.stream(has).filter(set -> set.contains(at)).count());
      }
      assertThat(picker.wantedCount()).isEqualTo(wanted);
      assertThat(picker.isEndgame()).isEqualTo(isEndgame());
    }

    /** With a peer that has everything, whatever its mode, the download ends. */
    void finish() {
      dropLink(0);
      picker.onGone(has[0]);
      has[0] = PieceSet.all(PIECES);
      picker.onJoined(has[0]);
      for (int link = 1; link < LINKS; link++) {
        picker.onLinkGone(link);
        int gone = link;
        requests.forEach(blocks -> blocks.forEach(links -> links.remove(gone)));
      }
      var mode = List.of(Pick.FAST, Pick.SLOW, Pick.PAROLE, Pick.SNUBBED).get(random.nextInt(4));
      int rounds = 0;
      while (picker.wantedCount() > 0) {
        last = "finish with " + mode;
        assertThat(rounds++).as("rounds, with %s", mode).isLessThan(1000);
        pick(0, mode, 4);
        while (deliverSomething(0)) {
          check();
        }
        concludeWhole();
      }
    }
  }
}

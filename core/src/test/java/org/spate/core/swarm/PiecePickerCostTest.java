package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spate.core.metainfo.PieceGeometry;

/** What choosing costs, counted and not timed. */
class PiecePickerCostTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int PIECES = 10_000;
  private static final int BLOCKS = 16;
  private static final int NEIGHBOURS = 1_000;
  private static final int ACTIVE = 50;

  @Test
  void a_block_costs_few_looks_with_many_pieces_and_neighbours() {
    for (Pick mode : List.of(Pick.FAST, Pick.SLOW)) {
      var random = AvailabilityOrderTest.random(3);
      var board = board(PIECES, BLOCKS);
      List<PieceSet> neighbours = new ArrayList<>();
      for (int link = 0; link < NEIGHBOURS; link++) {
        var has = new PieceSet(PIECES);
        int share = random.nextInt(1, 100); // percent: from the newcomer to the near seed
        for (int piece = 0; piece < PIECES; piece++) {
          if (random.nextInt(100) < share) {
            has.add(piece);
          }
        }
        neighbours.add(has);
        board.picker.onJoined(has);
      }
      int blocks = 0;
      for (int turn = 0; turn < 10_000; turn++) {
        int link = turn % ACTIVE;
        var chosen = new ArrayList<int[]>();
        blocks +=
            board.picker.pick(
                link,
                neighbours.get(link),
                mode,
                8,
                (piece, begin, _) -> chosen.add(new int[] {piece, begin / PickerBoard.BLOCK}));
        for (int[] at : chosen) {
          if (board.picker.onBlock(link, at[0], at[1]) == BlockResult.COMPLETES_PIECE) {
            board.verify(at[0]);
          }
        }
      }
      assertThat(blocks).isEqualTo(80_000);
      assertThat(board.picker.work() / blocks).as("looks for a block").isLessThan(20);
    }
  }

  @Test
  void looking_in_vain_costs_no_look_at_all_the_pieces() {
    var board = board(PIECES, BLOCKS);
    board.picker.onJoined(PieceSet.all(PIECES));
    var useless = new PieceSet(PIECES);
    useless.add(7);
    board.verify(7);
    long before = board.picker.work();
    assertThat(board.ask(1, useless, Pick.SLOW, 8)).isEmpty();
    assertThat(board.picker.work() - before).isLessThan(100);
  }

  @Test
  void a_picker_of_64_pieces_is_small() {
    assertThat(board(64, BLOCKS).picker.availability(0)).isZero(); // loads the classes
    long before = THREADS.getCurrentThreadAllocatedBytes();
    var board = board(64, BLOCKS);
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(board.picker.wantedCount()).isEqualTo(64);
    // With what building leaves to the collector, so a bound of what is kept from above.
    assertThat(bytes).isLessThan(4096);
  }

  @Test
  void a_block_allocates_nothing() {
    var board = board(4, 1024);
    board.picker.onJoined(PieceSet.all(4));
    var all = PieceSet.all(4);
    BlockSink sink = (_, _, _) -> {};
    round(board, all, sink, 0);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int block = 1; block < 1000; block++) {
      round(board, all, sink, block);
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes).as("for 999 blocks").isLessThan(999);
  }

  private static void round(PickerBoard board, PieceSet all, BlockSink sink, int block) {
    board.picker.pick(1, all, Pick.FAST, 1, sink);
    for (int piece = 0; piece < 4; piece++) {
      board.picker.onBlock(1, piece, block);
    }
  }

  private static PickerBoard board(int pieces, int blocks) {
    long pieceLength = (long) blocks * PieceGeometry.BLOCK_LENGTH;
    return new PickerBoard(
        PieceGeometry.plain(pieces * pieceLength, (int) pieceLength), PickerTuning.DEFAULT, 5);
  }
}

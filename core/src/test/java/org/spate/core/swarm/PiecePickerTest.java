package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.core.swarm.BlockResult.ACCEPTED;
import static org.spate.core.swarm.BlockResult.COMPLETES_PIECE;
import static org.spate.core.swarm.BlockResult.DUPLICATE;
import static org.spate.core.swarm.BlockResult.UNREQUESTED;
import static org.spate.core.swarm.Pick.FAST;
import static org.spate.core.swarm.Pick.PAROLE;
import static org.spate.core.swarm.Pick.SLOW;
import static org.spate.core.swarm.Pick.SNUBBED;
import static org.spate.core.swarm.PickerBoard.BLOCK;
import static org.spate.core.swarm.PickerBoard.set;

import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.PickerTuning.StartedOrder;

class PiecePickerTest {
  private static final int A = 1;
  private static final int B = 2;
  private static final int C = 3;
  private static final int D = 4;

  // New pieces.

  @Test
  void rarest_first() {
    assertThat(PickerBoard.of("43215").ask(A, SLOW, 6)).isEqualTo("3.0 3.1 2.0 2.1 1.0 1.1");
  }

  @Test
  void only_what_the_peer_has() {
    assertThat(PickerBoard.of("43215").ask(A, set("x.x.."), SLOW, 9)).isEqualTo("2.0 2.1 0.0 0.1");
  }

  @Test
  void availability_follows_the_neighbours() {
    var board = PickerBoard.of("222");
    board.picker.onHave(0);
    board.picker.onDontHave(2);
    board.picker.onJoined(PieceSet.all(3));
    assertThat(board.ask(A, SLOW, 6)).isEqualTo("2.0 2.1 1.0 1.1 0.0 0.1");
    assertThat(board.picker.availability(2)).isEqualTo(2);
  }

  @Test
  void priority_before_rarity_and_nothing_unwanted() {
    var board = PickerBoard.of("4321");
    board.picker.priorities(new byte[] {7, 1, 1, 0});
    assertThat(board.ask(A, SLOW, 9)).isEqualTo("0.0 0.1 2.0 2.1 1.0 1.1");
    assertThat(board.picker.wantedCount()).isEqualTo(3);
  }

  @Test
  void in_order_when_sequential_yet_by_priority() {
    var board = PickerBoard.of("4321");
    board.picker.sequential(true);
    board.picker.priorities(new byte[] {1, 1, 7, 1});
    assertThat(board.ask(A, SLOW, 9)).isEqualTo("2.0 2.1 0.0 0.1 1.0 1.1 3.0 3.1");
  }

  @Test
  void the_first_pieces_are_any_and_then_the_rarest() {
    Set<String> first = new LinkedHashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      var board =
          new PickerBoard(PieceGeometry.plain(4L * BLOCK, BLOCK), PickerTuning.DEFAULT, seed);
      board.picker.onJoined(PieceSet.all(4));
      board.picker.onJoined(set(".xxx"));
      board.picker.onJoined(set(".x.x"));
      board.picker.randomFirst(1);
      String any = board.ask(A, SLOW, 1);
      first.add(any);
      assertThat(board.ask(A, SLOW, 1)).isEqualTo(any.equals("0.0") ? "2.0" : "0.0");
    }
    assertThat(first).hasSize(4);
  }

  @Test
  void the_rarest_of_few_pieces_in_a_large_torrent() {
    var board = PickerBoard.of("1".repeat(200) + "4323" + "9".repeat(200));
    var has = set(".".repeat(200) + "xxxx" + "x".repeat(200));
    assertThat(board.ask(A, has, SLOW, 2)).isEqualTo("202.0 202.1");
    assertThat(board.ask(A, has, SLOW, 4))
        .isIn("201.0 201.1 203.0 203.1", "203.0 203.1 201.0 201.1");
  }

  @Test
  void a_choking_peer_serves_its_allowed_fast_set_only() {
    var board = PickerBoard.of("4321");
    assertThat(board.ask(A, set("xx.x"), SLOW.within(set("x.xx")), 8)).isEqualTo("3.0 3.1 0.0 0.1");
  }

  @Test
  void padding_is_never_asked_for() {
    var padded =
        PieceGeometry.padded(3L * 4 * BLOCK, 4 * BLOCK, new int[] {4 * BLOCK, BLOCK + 1, 0}, true);
    var board = new PickerBoard(padded, PickerTuning.DEFAULT, 1);
    board.picker.onJoined(PieceSet.all(3));
    board.picker.sequential(true);
    assertThat(board.ask(A, SLOW, 99)).isEqualTo("0.0 0.1 0.2 0.3 1.0 1.1");
    assertThat(board.picker.isBlockless(2)).isTrue();
    assertThat(board.picker.onBlock(A, 1, 2)).isEqualTo(UNREQUESTED);
    assertThat(board.picker.onBlock(A, 1, 0)).isEqualTo(ACCEPTED);
    assertThat(board.picker.onBlock(A, 1, 1)).isEqualTo(COMPLETES_PIECE);
  }

  // Started pieces.

  @Test
  void a_started_piece_is_finished_before_a_rarer_one() {
    var board = PickerBoard.of("32", 4, PickerTuning.DEFAULT);
    assertThat(board.ask(A, set("x."), SLOW, 2)).isEqualTo("0.0 0.1");
    assertThat(board.ask(B, SLOW, 4)).isEqualTo("0.2 0.3 1.0 1.1");
  }

  @Test
  void of_two_started_pieces_the_one_that_lacks_fewer_blocks() {
    var board = twoStarted(PickerTuning.DEFAULT);
    assertThat(board.ask(C, SLOW, 5)).isEqualTo("1.3 0.1 0.2 0.3");
  }

  @Test
  void of_two_started_pieces_the_rarer_one_if_so_tuned() {
    var board = twoStarted(new PickerTuning(32, 16, false, StartedOrder.RAREST, 3, 1, true));
    assertThat(board.ask(C, SLOW, 5)).isEqualTo("0.1 0.2 0.3 1.3");
  }

  /** Of piece 0, the rarer one, a block is here, of piece 1 three. */
  private static PickerBoard twoStarted(PickerTuning tuning) {
    var board = PickerBoard.of("12", 4, tuning);
    board.ask(A, set("x."), SLOW, 1);
    board.ask(B, set(".x"), SLOW, 3);
    board.picker.onBlock(A, 0, 0);
    for (int block = 0; block < 3; block++) {
      board.picker.onBlock(B, 1, block);
    }
    return board;
  }

  @Test
  void fast_peers_have_pieces_for_themselves_while_there_are_plenty() {
    var board = PickerBoard.of("123456", 4, tuning(9, 2));
    assertThat(board.ask(A, FAST, 2)).isEqualTo("0.0 0.1");
    assertThat(board.ask(B, FAST, 2)).isEqualTo("1.0 1.1");
    assertThat(board.ask(A, FAST, 3)).isEqualTo("0.2 0.3 2.0");
    assertThat(board.ask(C, SLOW, 1)).isEqualTo("3.0");
    assertThat(board.ask(D, SLOW, 1)).as("the slow share").isEqualTo("3.1");
  }

  @Test
  void fast_peers_come_together_when_few_pieces_are_left() {
    var board = PickerBoard.of("123", 4, tuning(9, 2));
    assertThat(board.ask(A, FAST, 1)).isEqualTo("0.0");
    assertThat(board.ask(B, FAST, 1)).isEqualTo("1.0");
    assertThat(board.ask(C, FAST, 3)).isEqualTo("0.1 0.2 0.3");
  }

  @Test
  void only_so_many_pieces_are_anybodys_own() {
    var board = PickerBoard.of("123456", 4, tuning(1, 0));
    assertThat(board.ask(A, FAST, 1)).isEqualTo("0.0");
    assertThat(board.ask(B, FAST, 1)).isEqualTo("0.1");
  }

  @Test
  void the_piece_of_a_fast_peer_that_left_is_finished_by_others() {
    var board = PickerBoard.of("123456", 4, tuning(9, 2));
    board.ask(A, FAST, 3);
    board.picker.onBlock(A, 0, 1);
    board.picker.onLinkGone(A);
    assertThat(board.ask(B, FAST, 4)).isEqualTo("0.0 0.2 0.3 1.0");
  }

  @Test
  void the_piece_of_a_fast_peer_that_stopped_is_finished_by_others() {
    var board = PickerBoard.of("123456", 4, tuning(9, 2));
    board.ask(A, FAST, 3);
    board.picker.onBlock(A, 0, 1);
    board.picker.onReleased(A, 0, 0);
    assertThat(board.ask(B, FAST, 1)).as("A still owes 0.2").isEqualTo("1.0");
    board.picker.onReleased(A, 0, 2);
    assertThat(board.ask(C, FAST, 2)).isEqualTo("0.0 0.2");
    assertThat(board.ask(A, FAST, 2)).as("shared since").isEqualTo("0.3 2.0");
  }

  @Test
  void a_piece_of_which_nothing_came_is_not_started_any_more() {
    var board = PickerBoard.of("21", 2, PickerTuning.DEFAULT);
    board.ask(A, set("x."), SLOW, 2);
    board.picker.onReleased(A, 0, 0);
    board.picker.onReleased(A, 0, 1);
    assertThat(board.ask(B, SLOW, 4)).isEqualTo("1.0 1.1 0.0 0.1");
  }

  @Test
  void a_snubbed_peer_gets_one_block_where_it_hurts_least() {
    var board = PickerBoard.of("12", 4, PickerTuning.DEFAULT);
    board.ask(A, set("x."), SLOW, 3);
    board.ask(B, set(".x"), SLOW, 1);
    board.picker.onBlock(A, 0, 0);
    assertThat(board.ask(C, SNUBBED, 9)).isEqualTo("1.1");
  }

  // Results.

  @Test
  void a_block_is_accepted_once_and_only_from_whom_it_was_asked() {
    var board = PickerBoard.of("1");
    board.ask(A, SLOW, 2);
    assertThat(board.picker.onBlock(B, 0, 0)).isEqualTo(UNREQUESTED);
    assertThat(board.picker.onBlock(A, 0, 0)).isEqualTo(ACCEPTED);
    assertThat(board.picker.onBlock(A, 0, 0)).isEqualTo(DUPLICATE);
    assertThat(board.picker.onBlock(A, 0, 1)).isEqualTo(COMPLETES_PIECE);
    board.verify(0);
    assertThat(board.picker.onBlock(A, 0, 1)).isEqualTo(DUPLICATE);
    assertThat(board.picker.wantedCount()).isZero();
  }

  @Test
  void a_late_block_is_welcome_while_it_is_missing() {
    var board = PickerBoard.of("1");
    board.ask(A, SLOW, 2);
    board.picker.onReleased(A, 0, 0);
    assertThat(board.ask(B, SLOW, 1)).isEqualTo("0.0");
    assertThat(board.picker.onBlock(A, 0, 0)).isEqualTo(UNREQUESTED);
    assertThat(board.picker.onLateBlock(A, 0, 0)).isEqualTo(ACCEPTED);
    assertThat(board.requesters(0, 0)).as("to be cancelled").containsExactly(B);
    assertThat(board.picker.onBlock(B, 0, 0)).isEqualTo(DUPLICATE);
    assertThat(board.requesters(0, 0)).isEmpty();
  }

  @Test
  void a_failed_piece_is_fetched_again_before_others() {
    var board = PickerBoard.of("4123");
    board.ask(A, set("x..."), SLOW, 2);
    board.picker.onBlock(A, 0, 0);
    board.picker.onBlock(A, 0, 1);
    assertThat(board.ask(B, SLOW, 1)).isEqualTo("1.0");
    board.picker.onFailed(0);
    assertThat(board.ask(B, SLOW, 4)).isEqualTo("1.1 0.0 0.1 2.0");
  }

  @Test
  void when_everything_fails_no_piece_is_singled_out() {
    var board = PickerBoard.of("21");
    for (int i = 0; i < 9; i++) {
      board.ask(A, set("x."), SLOW, 2);
      board.picker.onBlock(A, 0, 0);
      board.picker.onBlock(A, 0, 1);
      board.picker.onFailed(0);
    }
    assertThat(board.ask(A, SLOW, 4)).isEqualTo("1.0 1.1 0.0 0.1");
  }

  @Test
  void what_storage_lost_is_fetched_again() {
    var board = PickerBoard.of("123");
    board.ask(A, SLOW, 5);
    board.picker.onBlock(A, 0, 0);
    board.picker.onBlock(A, 1, 0);
    board.picker.onBlock(A, 1, 1);
    board.picker.forgetUnfinished();
    assertThat(board.ask(B, SLOW, 9)).isEqualTo("0.0 0.1 1.0 1.1 2.0 2.1");
  }

  @Test
  void a_piece_that_is_wanted_no_more_is_left_alone_and_taken_up_again() {
    var board = PickerBoard.of("12");
    board.ask(A, SLOW, 1);
    board.picker.priorities(new byte[] {0, 1});
    assertThat(board.ask(A, SLOW, 9)).isEqualTo("1.0 1.1");
    assertThat(board.picker.onBlock(A, 0, 0)).isEqualTo(ACCEPTED);
    board.picker.priorities(new byte[] {1, 1});
    assertThat(board.ask(A, SLOW, 9)).isEqualTo("0.1");
  }

  // Parole.

  @Test
  void a_peer_on_parole_gets_pieces_that_nobody_else_touches() {
    var board = PickerBoard.of("1234", 4, PickerTuning.DEFAULT);
    board.ask(A, SLOW, 2);
    assertThat(board.ask(B, PAROLE, 2)).isEqualTo("1.0 1.1");
    assertThat(board.ask(C, SLOW, 4)).isEqualTo("0.2 0.3 2.0 2.1");
    assertThat(board.ask(B, PAROLE, 3)).isEqualTo("1.2 1.3 3.0");
    assertThat(board.ask(C, FAST, 9)).as("rather than nothing").isEqualTo("2.2 2.3 3.1 3.2 3.3");
  }

  @Test
  void a_peer_on_parole_does_not_share_what_others_are_working_on() {
    var board = PickerBoard.of("1", 4, PickerTuning.DEFAULT);
    board.ask(A, SLOW, 2);
    board.picker.onBlock(A, 0, 0);
    assertThat(board.ask(B, PAROLE, 2)).isEmpty();
    board.picker.onReleased(A, 0, 1);
    assertThat(board.ask(B, PAROLE, 2)).as("nobody goes on with it").isEqualTo("0.1 0.2");
  }

  // Endgame.

  @Test
  void endgame_only_when_every_missing_block_is_requested() {
    var board = PickerBoard.of("12", 2, endgame(3, 9, true));
    board.ask(A, SLOW, 3);
    assertThat(board.picker.isEndgame()).isFalse();
    assertThat(board.ask(B, set("x."), SLOW, 9)).as("1.1 is still free").isEmpty();
    board.ask(A, SLOW, 1);
    assertThat(board.picker.isEndgame()).isTrue();
    assertThat(board.ask(B, set("x."), SLOW, 9)).contains("0.0", "0.1").hasSize(7);
    assertThat(board.ask(B, set("x."), SLOW, 9)).as("not twice from one peer").isEmpty();
  }

  @Test
  void a_peer_that_still_owes_blocks_gets_no_duplicates() {
    var board = PickerBoard.of("1", 3, endgame(3, 9, true));
    board.ask(A, SLOW, 2);
    board.ask(B, SLOW, 1);
    assertThat(board.ask(B, SLOW, 9)).isEmpty();
    board.picker.onBlock(B, 0, 2);
    assertThat(board.ask(B, SLOW, 9)).contains("0.0", "0.1");
  }

  @Test
  void a_block_has_a_bounded_number_of_requesters() {
    var board = PickerBoard.of("1", 1, endgame(3, 9, true));
    assertThat(board.ask(A, SLOW, 9)).isEqualTo("0.0");
    assertThat(board.ask(B, SLOW, 9)).isEqualTo("0.0");
    assertThat(board.ask(C, SLOW, 9)).isEqualTo("0.0");
    assertThat(board.ask(D, SLOW, 9)).isEmpty();
    assertThat(board.requesters(0, 0)).containsExactly(A, B, C);
  }

  @Test
  void those_with_fewest_requesters_are_doubled_first() {
    var board = PickerBoard.of("1", 2, endgame(3, 1, true));
    board.ask(A, SLOW, 2);
    var doubled = Set.of(board.ask(B, SLOW, 9), board.ask(C, SLOW, 9));
    assertThat(doubled).containsExactlyInAnyOrder("0.0", "0.1");
  }

  @Test
  void the_first_to_deliver_wins_and_the_others_are_named_for_cancels() {
    var board = PickerBoard.of("1", 2, endgame(3, 9, true));
    board.ask(A, SLOW, 2);
    board.ask(B, SLOW, 2);
    board.ask(C, SLOW, 2);
    assertThat(board.picker.onBlock(B, 0, 1)).isEqualTo(ACCEPTED);
    assertThat(board.requesters(0, 1)).containsExactly(A, C);
    board.picker.othersRequesting(0, 1, A, link -> board.picker.onReleased(link, 0, 1));
    assertThat(board.requesters(0, 1)).containsExactly(A);
    assertThat(board.picker.onBlock(A, 0, 1)).isEqualTo(DUPLICATE);
    assertThat(board.picker.onBlock(C, 0, 0)).isEqualTo(COMPLETES_PIECE);
    assertThat(board.picker.isEndgame()).isFalse();
  }

  @Test
  void a_doubled_block_stays_requested_when_one_requester_leaves() {
    var board = PickerBoard.of("1", 1, endgame(3, 9, true));
    board.ask(A, SLOW, 1);
    board.ask(B, SLOW, 1);
    board.picker.onLinkGone(A);
    assertThat(board.requesters(0, 0)).containsExactly(B);
    assertThat(board.picker.isEndgame()).isTrue();
    board.picker.onLinkGone(B);
    assertThat(board.picker.isEndgame()).isFalse();
    assertThat(board.ask(C, SLOW, 1)).isEqualTo("0.0");
  }

  @Test
  void a_peer_may_enter_endgame_alone_if_so_tuned() {
    var board = PickerBoard.of("12", 1, endgame(2, 9, false));
    board.ask(A, SLOW, 1);
    assertThat(board.ask(B, set("x."), SLOW, 9)).isEqualTo("0.0");
  }

  private static PickerTuning tuning(int ownPiecesMax, int plentyPieces) {
    return new PickerTuning(
        ownPiecesMax, plentyPieces, false, StartedOrder.NEAREST_COMPLETION, 3, 1, true);
  }

  private static PickerTuning endgame(int requestersMax, int blocksMax, boolean strict) {
    return new PickerTuning(
        0, 0, false, StartedOrder.NEAREST_COMPLETION, requestersMax, blocksMax, strict);
  }
}

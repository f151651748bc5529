package org.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class BoundsTest {
  private static final long MBIT = 125_000;
  private static final long FILE = 32 << 20;

  /** N peers of 8 Mbit/s up and 32 down, a seed of 8, 32 MiB in 256 KiB pieces. */
  private static Bounds flashCrowd(int count) {
    return bounds(8 * MBIT, new PeerGroup(count, 8 * MBIT, 32 * MBIT));
  }

  private static Bounds bounds(long seedUpload, PeerGroup... peers) {
    return new Bounds(FILE, 256 << 10, seedUpload, List.of(peers));
  }

  @Test
  void a_server_alone_takes_a_time_proportional_to_the_receivers() {
    assertThat(flashCrowd(1).clientServerSeconds()).isCloseTo(33.554432, within(1e-9));
    assertThat(flashCrowd(20).clientServerSeconds()).isCloseTo(671.08864, within(1e-9));
  }

  @Test
  void the_binding_term_is_named() {
    record Case(Bounds bounds, double seconds, Bounds.Term term) {}
    var cases =
        List.of(
            new Case(flashCrowd(20), 33.554432, Bounds.Term.SEED_UPLOAD),
            new Case(
                bounds(80 * MBIT, new PeerGroup(20, 8 * MBIT, 32 * MBIT)),
                671.08864 / 30,
                Bounds.Term.TOTAL_UPLOAD),
            new Case(
                bounds(
                    80 * MBIT, new PeerGroup(19, 800 * MBIT, 32 * MBIT), new PeerGroup(1, 0, MBIT)),
                268.435456,
                Bounds.Term.SLOWEST_DOWNLOAD));
    for (var c : cases) {
      assertThat(c.bounds.peerToPeerSeconds()).isCloseTo(c.seconds, within(1e-6));
      assertThat(c.bounds.bindingTerm()).isEqualTo(c.term);
    }
  }

  @Test
  void finite_pieces_cost_a_harmonic_sum_when_all_uploads_are_equal() {
    // After the last fresh byte the last piece spreads to 19 more: p/u (1/2 + 1/3 + ... + 1/20).
    double harmonic = 0;
    for (int k = 2; k <= 20; k++) {
      harmonic += 1.0 / k;
    }
    double piece = 0.262144;
    assertThat(flashCrowd(20).pieceAwareBound())
        .isCloseTo(33.554432 + piece * harmonic, within(1e-9));
  }

  @Test
  void where_uploads_bind_the_first_piece_has_to_reach_each_peer_before_it_helps() {
    var bounds = bounds(80 * MBIT, new PeerGroup(2, 8 * MBIT, 800 * MBIT));
    double piece = 262_144;
    double expected = piece / (80 * MBIT) + piece / (88 * MBIT) + 2 * (FILE - piece) / (96 * MBIT);
    assertThat(bounds.pieceAwareBound()).isCloseTo(expected, within(1e-9));
  }

  @Test
  void a_file_of_one_piece_only_doubles() {
    var bounds = new Bounds(1000, 1000, 1000, List.of(new PeerGroup(3, 1000, 100_000)));
    assertThat(bounds.pieceAwareBound()).isCloseTo(1 + 0.5 + 1.0 / 3, within(1e-12));
  }

  @Test
  void the_piece_aware_bound_is_never_below_the_other() {
    for (int n = 1; n < 200; n++) {
      var bounds = flashCrowd(n);
      assertThat(bounds.pieceAwareBound()).isGreaterThanOrEqualTo(bounds.peerToPeerSeconds());
    }
  }

  @Test
  void the_crossover_is_the_first_number_of_receivers_for_which_a_swarm_is_faster() {
    record Case(long seedUpload, long upload, long download) {}
    var cases =
        List.of(new Case(8, 8, 32), new Case(80, 8, 32), new Case(100, 1, 10), new Case(99, 1, 10));
    for (var c : cases) {
      int first = 1;
      while (!isFaster(c.seedUpload, c.upload, c.download, first)) {
        first++;
      }
      var bounds =
          bounds(c.seedUpload * MBIT, new PeerGroup(7, c.upload * MBIT, c.download * MBIT));
      assertThat(bounds.crossover()).as("%s", c).hasValue(first);
    }
    assertThat(bounds(MBIT, new PeerGroup(9, 0, MBIT)).crossover()).isEmpty();
  }

  private static boolean isFaster(long seedUpload, long upload, long download, int count) {
    var b = bounds(seedUpload * MBIT, new PeerGroup(count, upload * MBIT, download * MBIT));
    return b.peerToPeerSeconds() < b.clientServerSeconds();
  }

  @Test
  void a_swarm_saves_the_server_all_copies_but_one() {
    assertThat(flashCrowd(20).serverBytesSaved()).isEqualTo(19.0 * FILE);
  }

  @Test
  void rates_and_sizes_are_positive() {
    assertThatIllegalArgumentException().isThrownBy(() -> bounds(0, new PeerGroup(1, 1, 1)));
    assertThatIllegalArgumentException().isThrownBy(() -> bounds(1));
    assertThatIllegalArgumentException().isThrownBy(() -> new PeerGroup(0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new PeerGroup(1, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new PeerGroup(1, -1, 1));
  }
}

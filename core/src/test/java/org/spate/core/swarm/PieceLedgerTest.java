package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.PieceGeometry;

/** Blocks are pictured by their senders, contents by a letter for each block; small is good. */
class PieceLedgerTest {
  private static final int PIECES = 100;
  private static final int BLOCKS = 4;

  private final PieceLedger ledger =
      new PieceLedger(
          PieceGeometry.plain(
              (long) PIECES * BLOCKS * PickerBoard.BLOCK, BLOCKS * PickerBoard.BLOCK));

  @Test
  void nobody_is_suspected_of_good_pieces() {
    received(0, "ABCA");
    assertThat(passed(0, "good")).isEqualTo(Verdict.NOTHING);
    assertThat(suspects("ABC")).isEmpty();
  }

  @Test
  void whoever_sent_a_failed_piece_alone_is_convicted_at_once() {
    received(0, "AAAA");
    assertThat(failed(0, "goXd")).isEqualTo(convicted("A"));
    assertThat(suspects("A")).isEmpty();
    assertThat(ledger.wantsDigests(0)).isFalse();
  }

  @Test
  void all_senders_of_a_failed_piece_are_on_parole_and_nobody_is_convicted() {
    received(0, "ABCA");
    assertThat(failed(0, "goXd")).isEqualTo(Verdict.NOTHING);
    assertThat(suspects("ABCD")).isEqualTo("ABC");
    assertThat(ledger.wantsDigests(0)).isTrue();
    assertThat(ledger.wantsDigests(1)).isFalse();
  }

  @Test
  void the_good_copy_convicts_the_sender_of_the_bad_block_and_nobody_else() {
    received(0, "ABCA");
    failed(0, "goXd");
    received(0, "DDDD");
    assertThat(passed(0, "good")).isEqualTo(new Verdict(peers("C"), peers("AB")));
    assertThat(suspects("ABCD")).isEmpty();
    assertThat(ledger.wantsDigests(0)).isFalse();
  }

  @Test
  void every_failure_of_a_piece_counts() {
    received(0, "ABCA");
    failed(0, "goXd");
    received(0, "DBEA");
    failed(0, "XoYd");
    received(0, "FFFF");
    assertThat(passed(0, "good")).isEqualTo(new Verdict(peers("CDE"), peers("AB")));
  }

  @Test
  void a_peer_that_sends_a_good_piece_alone_is_off_parole_and_yet_not_forgotten() {
    received(0, "AABB");
    failed(0, "Xood");
    received(1, "AAAA");
    assertThat(passed(1, "good")).isEqualTo(new Verdict(List.of(), peers("A")));
    assertThat(suspects("AB")).isEqualTo("B");
    received(0, "BBBB");
    assertThat(passed(0, "good")).isEqualTo(new Verdict(peers("A"), peers("B")));
  }

  @Test
  void a_peer_stays_on_parole_while_another_failed_piece_names_it() {
    received(0, "ABAB");
    failed(0, "Xood");
    received(1, "BCBC");
    failed(1, "Xood");
    received(0, "DDDD");
    assertThat(passed(0, "good")).isEqualTo(convicted("A"));
    assertThat(suspects("ABCD")).isEqualTo("BC");
    received(1, "DDDD");
    assertThat(passed(1, "good")).isEqualTo(new Verdict(peers("B"), peers("C")));
  }

  @Test
  void nobody_is_convicted_twice() {
    received(0, "AABB");
    failed(0, "Xood");
    received(1, "AABB");
    failed(1, "Xood");
    received(0, "CCCC");
    assertThat(passed(0, "good").convicted()).isEqualTo(peers("A"));
    received(1, "CCCC");
    assertThat(passed(1, "good")).isEqualTo(new Verdict(List.of(), peers("B")));
  }

  @Test
  void blocks_of_unknown_origin_accuse_nobody() {
    received(0, " AAA");
    assertThat(failed(0, "Xood")).isEqualTo(Verdict.NOTHING);
    received(0, "BBBB");
    assertThat(passed(0, "good")).isEqualTo(new Verdict(List.of(), peers("A")));
  }

  @Test
  void a_piece_that_nobody_sent_accuses_nobody() {
    assertThat(failed(0, "Xood")).isEqualTo(Verdict.NOTHING);
  }

  @Test
  void without_digests_there_is_no_proof() {
    received(0, "ABAB");
    ledger.onFailed(0, null);
    received(0, "CCCC");
    assertThat(passed(0, "good")).isEqualTo(new Verdict(List.of(), peers("AB")));
    received(1, "ABAB");
    failed(1, "Xood");
    received(1, "CCCC");
    assertThat(ledger.onPassed(1, null)).isEqualTo(new Verdict(List.of(), peers("AB")));
  }

  @Test
  void digests_of_another_count_are_no_proof_beyond_what_both_have() {
    received(0, "ABAB");
    failed(0, "go");
    received(0, "CCCC");
    assertThat(passed(0, "good!")).isEqualTo(new Verdict(List.of(), peers("AB")));
  }

  @Test
  void forgotten_blocks_accuse_nobody() {
    received(0, "AAAB");
    ledger.forget(0);
    received(0, "BBBB");
    assertThat(failed(0, "Xood")).isEqualTo(convicted("B"));
  }

  @Test
  void evidence_is_bounded_and_the_oldest_goes_first() {
    received(0, "ABAB");
    failed(0, "Xood");
    Verdict verdict = Verdict.NOTHING;
    for (int piece = 1; piece <= PieceLedger.EVIDENCE_MAX; piece++) {
      received(piece, "CDCD");
      verdict = failed(piece, "Xood");
    }
    assertThat(verdict).isEqualTo(new Verdict(List.of(), peers("AB")));
    assertThat(ledger.wantsDigests(0)).isFalse();
    assertThat(suspects("ABCD")).isEqualTo("CD");
  }

  @Test
  void only_liars_are_ever_convicted_and_each_of_them_is() {
    for (int seed = 0; seed < 200; seed++) {
      var random = AvailabilityOrderTest.random(seed);
      var trial = new PieceLedgerTest();
      var found = new StringBuilder();
      for (int piece = 0; piece < 10; piece++) {
        trial.trial(piece, random, found);
      }
      assertThat(found.chars().distinct().sorted().mapToObj(c -> "" + (char) c).toList())
          .as("seed %d", seed)
          .isSubsetOf("Y", "Z");
      assertThat(trial.suspects("ABCDEYZ")).as("seed %d", seed).isEmpty();
    }
  }

  /** Y and Z spoil some of their blocks; the piece is fetched until it passes. */
  private void trial(int piece, RandomGenerator random, StringBuilder found) {
    boolean isGood = false;
    while (!isGood) {
      var senders = new StringBuilder();
      var content = new StringBuilder();
      var liars = new StringBuilder();
      for (int block = 0; block < BLOCKS; block++) {
        char sender = "ABCDEYZ".charAt(random.nextInt(7));
        boolean spoils = sender >= 'Y' && random.nextBoolean();
        senders.append(sender);
        content.append(spoils ? (char) ('A' + random.nextInt(26)) : "good".charAt(block));
        liars.append(spoils ? sender : "");
      }
      received(piece, senders.toString());
      isGood = liars.isEmpty();
      var verdict = isGood ? passed(piece, content.toString()) : failed(piece, content.toString());
      verdict.convicted().forEach(peer -> found.append((char) peer.port()));
    }
    assertThat(ledger.wantsDigests(piece)).isFalse();
  }

  private void received(int piece, String senders) {
    for (int block = 0; block < senders.length(); block++) {
      if (senders.charAt(block) != ' ') {
        ledger.onBlock(piece, block, peer(senders.charAt(block)));
      }
    }
  }

  private Verdict failed(int piece, String content) {
    return ledger.onFailed(piece, digests(content));
  }

  private Verdict passed(int piece, String content) {
    return ledger.onPassed(piece, digests(content));
  }

  private String suspects(String among) {
    var found = new StringBuilder();
    among
        .chars()
        .filter(name -> ledger.isOnParole(peer(name)))
        .forEach(c -> found.append((char) c));
    return found.toString();
  }

  private static long[] digests(String content) {
    return content.chars().asLongStream().toArray();
  }

  private static Verdict convicted(String names) {
    return new Verdict(peers(names), List.of());
  }

  private static List<Endpoint> peers(String names) {
    return names.chars().mapToObj(PieceLedgerTest::peer).toList();
  }

  private static Endpoint peer(int name) {
    return Endpoint.v4(0x7F000001, name);
  }
}

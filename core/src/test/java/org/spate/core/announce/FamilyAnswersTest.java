package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.core.announce.FamilyAnswers.PATIENCE_NANOS;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Machine;

/** One tracker, asked over IPv4 and IPv6 (BEP 7). */
class FamilyAnswersTest {
  private static final Endpoint V4 = Endpoint.of(new byte[] {10, 0, 0, 1}, 6881);
  private static final Endpoint BOTH = Endpoint.of(new byte[] {10, 0, 0, 2}, 6881);
  private static final Endpoint V6 = Endpoint.of(new byte[16], 6881);
  private static final AnnounceReply OVER_4 = AnnounceReply.of(1800, 3, 7, List.of(V4, BOTH));
  private static final AnnounceReply OVER_6 = AnnounceReply.of(900, 4, 2, List.of(BOTH, V6));
  private static final TrackerFailure FAILURE = TrackerFailure.of("no route");

  private final FamilyAnswers answers = new FamilyAnswers(2);

  @Test
  void peersOfBothAreOneListWithoutRepetition() {
    answers.answered(OVER_4, 0);
    assertThat(answers.answer(0)).isNull();
    answers.answered(OVER_6, 1);
    assertThat(answers.answer(1)).isEqualTo(AnnounceReply.of(1800, 4, 7, List.of(V4, BOTH, V6)));
  }

  @Test
  void aGoodAnswerWaitsForTheOtherFamilyAMomentOnly() {
    answers.answered(OVER_4, 5);
    assertThat(answers.deadlineNanos()).isEqualTo(5 + PATIENCE_NANOS);
    assertThat(answers.answer(4 + PATIENCE_NANOS)).isNull();
    assertThat(answers.answer(5 + PATIENCE_NANOS)).isEqualTo(OVER_4);
  }

  @Test
  void aFailureOfOneFamilyWaitsForTheOtherHoweverLong() {
    answers.answered(FAILURE, 0);
    assertThat(answers.deadlineNanos()).isEqualTo(Machine.NEVER);
    assertThat(answers.answer(Long.MAX_VALUE - 1)).isNull();
    answers.answered(OVER_6, 9);
    assertThat(answers.answer(9)).isEqualTo(OVER_6);
  }

  @Test
  void afterAGoodAnswerAFailureChangesNothing() {
    answers.answered(OVER_6, 0);
    answers.answered(FAILURE, 1);
    assertThat(answers.answer(1)).isEqualTo(OVER_6);
  }

  @Test
  void twoFailuresAreTheFirst() {
    answers.answered(FAILURE, 0);
    answers.answered(TrackerFailure.of("another"), 0);
    assertThat(answers.answer(0)).isEqualTo(FAILURE);
  }
}

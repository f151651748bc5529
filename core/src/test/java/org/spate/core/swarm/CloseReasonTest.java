package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spate.core.wire.Violation;

/** What is said of a link that ended. */
class CloseReasonTest {
  @ParameterizedTest
  @EnumSource(Violation.class)
  void whatCannotBeDecodedIsAViolation(Violation violation) {
    assertThat(CloseReason.of(violation).isViolation()).isTrue();
  }

  @Test
  void eachHasWordsOfItsOwn() {
    assertThat(Arrays.stream(CloseReason.values()).map(CloseReason::text))
        .doesNotHaveDuplicates()
        .allMatch(text -> !text.isBlank());
  }

  @ParameterizedTest
  @EnumSource(
      value = CloseReason.class,
      names = {"REMOTE", "PAUSED", "IDLE", "UNREADABLE", "REPLACED"})
  void whatIsNoFaultOfTheOtherSideIsNone(CloseReason reason) {
    assertThat(reason.isViolation()).isFalse();
  }
}

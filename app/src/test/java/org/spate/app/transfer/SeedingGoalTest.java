package org.spate.app.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When there was enough seeding. */
class SeedingGoalTest {
  private static final Duration DAY = Duration.ofDays(1);

  static Stream<Arguments> moments() {
    return Stream.of(
        Arguments.of(new SeedingGoal.None(), 0, 100, Duration.ZERO, true),
        Arguments.of(new SeedingGoal.Endless(), 1_000_000, 100, DAY, false),
        Arguments.of(new SeedingGoal.Ratio(1.5), 149, 100, DAY, false),
        Arguments.of(new SeedingGoal.Ratio(1.5), 150, 100, Duration.ZERO, true),
        Arguments.of(new SeedingGoal.Ratio(0), 0, 100, Duration.ZERO, true),
        Arguments.of(new SeedingGoal.Time(DAY), 0, 100, DAY.minusNanos(1), false),
        Arguments.of(new SeedingGoal.Time(DAY), 0, 100, DAY, true));
  }

  @ParameterizedTest
  @MethodSource("moments")
  void a_goal_is_reached_or_not(
      SeedingGoal goal, long uploaded, long total, Duration seeding, boolean isReached) {
    assertThat(goal.isReached(uploaded, total, seeding)).isEqualTo(isReached);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void a_ratio_is_a_number_from_0_up(double ratio) {
    assertThatThrownBy(() -> new SeedingGoal.Ratio(ratio)).hasMessage("a ratio is 0 or more");
  }
}

package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spate.core.Machine;
import org.spate.core.swarm.Timers.Timer;

class TimersTest {
  private final Timers timers = new Timers();

  @Test
  void nothing_is_due_before_anything_is_set() {
    assertThat(timers.takeDue(Long.MAX_VALUE - 1)).isNull();
    assertThat(timers.earliestNanos(Machine.NEVER)).isEqualTo(Machine.NEVER);
    assertThat(timers.earliestNanos(7)).isEqualTo(7);
  }

  @Test
  void each_is_taken_once_when_its_time_has_come() {
    timers.set(Timer.RECHOKE, 20);
    timers.set(Timer.TICK, 10);

    assertThat(timers.takeDue(9)).isNull();
    assertThat(timers.takeDue(20)).isEqualTo(Timer.TICK);
    assertThat(timers.takeDue(20)).isEqualTo(Timer.RECHOKE);
    assertThat(timers.takeDue(20)).isNull();
  }

  @Test
  void the_earliest_follows_what_is_set_taken_and_cleared() {
    timers.set(Timer.TICK, 10);
    timers.set(Timer.STORAGE_RETRY, 5);
    assertThat(timers.earliestNanos(Machine.NEVER)).isEqualTo(5);
    assertThat(timers.earliestNanos(3)).isEqualTo(3);

    timers.set(Timer.STORAGE_RETRY, Machine.NEVER);
    assertThat(timers.earliestNanos(30)).isEqualTo(10);

    timers.clear();
    assertThat(timers.earliestNanos(Machine.NEVER)).isEqualTo(Machine.NEVER);
  }
}

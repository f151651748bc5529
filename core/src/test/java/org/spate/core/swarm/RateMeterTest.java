package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Meters of rates, in virtual time. */
class RateMeterTest {
  private static final long MILLIS = 1_000_000;
  private static final long SECOND = 1000 * MILLIS;

  private final RateMeter meter = new RateMeter(20 * SECOND);
  private final DrainMeter drain = new DrainMeter();

  /** So many bytes every ten milliseconds. */
  private void flow(int bytes, long fromNanos, long toNanos) {
    for (long now = fromNanos; now < toNanos; now += 10 * MILLIS) {
      meter.add(bytes, now);
    }
  }

  @Test
  void nothingIsNoRate() {
    assertThat(meter.rate(5 * SECOND)).isZero();
  }

  @Test
  void theFirstBytesAreNoInfiniteRate() {
    meter.add(16384, SECOND);
    assertThat(meter.rate(SECOND)).isEqualTo(4 * 16384.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 100, 1000})
  void aSteadyFlowIsKnownSoonAndStaysKnown(int seconds) {
    flow(1000, 0, seconds * SECOND);
    assertThat(meter.rate(seconds * SECOND)).isBetween(78e3, 101e3);
  }

  @Test
  void silenceWearsARateDown() {
    flow(1000, 0, 20 * SECOND);
    double before = meter.rate(20 * SECOND);
    assertThat(meter.rate(30 * SECOND)).isLessThan(before * 0.75).isPositive();
    assertThat(meter.rate(41 * SECOND)).isZero();
  }

  @Test
  void aFlowAfterLongSilenceIsKnownAsSoonAsTheFirst() {
    flow(1000, 0, 20 * SECOND);
    flow(5000, 3600 * SECOND, 3601 * SECOND);
    assertThat(meter.rate(3601 * SECOND)).isBetween(390e3, 510e3);
  }

  @Test
  void itNeverGoesWrongWhateverTheTimes() {
    var dice = new SplittableRandom(1);
    long now = 0;
    long bytes = 0;
    for (int i = 0; i < 100_000; i++) {
      now += dice.nextInt(4) == 0 ? 0 : dice.nextLong(dice.nextInt(50) == 0 ? 60 * SECOND : SECOND);
      bytes = dice.nextInt(1 << 20);
      meter.add(bytes, now);
      assertThat(meter.rate(now)).isFinite().isNotNegative();
    }
  }

  @Test
  void aDrainIsUnknownUntilThereIsEvidence() {
    assertThat(drain.best()).isEqualTo(-1);
    drain.start(0);
    drain.add(1000, 10 * MILLIS);
    assertThat(drain.best()).isEqualTo(-1);
    drain.add(4000, 50 * MILLIS);
    assertThat(drain.best()).isCloseTo(100e3, within(1.0));
  }

  @Test
  void timeWithNothingToDrainDoesNotCount() {
    drain.start(0);
    drain.add(10_000, 100 * MILLIS);
    drain.stop();
    drain.start(3600 * SECOND);
    drain.add(10_000, 3600 * SECOND + 100 * MILLIS);
    assertThat(drain.best()).isCloseTo(100e3, within(1.0));
    drain.stop();
    drain.add(10_000, 3700 * SECOND);
    assertThat(drain.best()).isCloseTo(100e3, within(1.0));
  }

  private void drainForTwoSeconds(int bytesPerMilli) {
    long start = 100 * SECOND;
    drain.start(start);
    for (int i = 1; i <= 2000; i++) {
      drain.add(bytesPerMilli, start + i * MILLIS);
    }
    drain.stop();
  }

  @Test
  void theBestOfADrainFades() {
    drainForTwoSeconds(100);
    drainForTwoSeconds(10);
    assertThat(drain.best()).isBetween(80e3, 95e3);
    for (int i = 0; i < 20; i++) {
      drainForTwoSeconds(10);
    }
    assertThat(drain.best()).isCloseTo(10e3, within(10.0));
  }

  @Test
  void thatItWasSlowerWhileOthersTookSomeTooSaysNothing() {
    drainForTwoSeconds(100);
    double best = drain.best();
    for (int second = 200; second < 260; second++) {
      drain.start(second * SECOND);
      drain.addShared(10_000, second * SECOND + 900 * MILLIS);
      drain.stop();
    }
    assertThat(drain.best()).isEqualTo(best);
  }
}

package org.spate.app.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where values and ticks lie on an axis, and how they are written. */
class ScaleTest {

  @Test
  void a_linear_axis_begins_at_zero_and_has_round_ticks() {
    var scale = new Scale(Axis.linear("s"), new double[] {3, 33}, 0, 100);
    assertThat(scale.pixel(0)).isEqualTo(0);
    assertThat(scale.pixel(33)).isBetween(90.0, 100.0);
    assertThat(scale.ticks()).containsExactly(0.0, 10.0, 20.0, 30.0);
  }

  @Test
  void a_logarithmic_axis_gives_each_decade_the_same_room() {
    var scale = new Scale(Axis.logarithmic("N"), new double[] {1, 10_000, 0, -5}, 500, 0);
    assertThat(scale.ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0, 10_000.0);
    assertThat(scale.pixel(1) - scale.pixel(10))
        .isCloseTo(scale.pixel(100) - scale.pixel(1000), within(1e-9));
    assertThat(scale.isShown(0)).isFalse();
  }

  @Test
  void axes_without_values_can_be_drawn_too() {
    for (var axis : new Axis[] {Axis.linear("x"), Axis.logarithmic("x")}) {
      for (var values : new double[][] {{}, {0}, {5}, {Double.NaN}}) {
        var scale = new Scale(axis, values, 0, 100);
        assertThat(scale.ticks()).isNotEmpty().allMatch(tick -> scale.pixel(tick) >= -1e-9);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.25, 0.25", "9999, 9999", "20000, 20k", "1500000, 1.5M", "2e9, 2G"})
  void labels_are_short(double value, String label) {
    assertThat(Scale.label(value)).isEqualTo(label);
  }
}

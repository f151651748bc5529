package org.spate.app.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, rates and durations as people write and read them. */
class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "16384, 16384",
    "500k, 500000",
    "500K, 500000",
    "500kB, 500000",
    "2MiB, 2097152",
    "2Mi, 2097152",
    "2 MiB, 2097152",
    "1.5G, 1500000000",
    "1.5GiB, 1610612736",
    "0.5Ki, 512",
    "7EiB, 8070450532247928832",
    "100B, 100",
    "1.9B, 1",
  })
  void a_size_is_read(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "k",
        "-1",
        "+1",
        "1,5k",
        "1..5k",
        "1k5",
        "1Mbit",
        "2mb",
        "1kk",
        "1MiBB",
        "1B/s",
        "0x10",
        "9EB9",
        "12345678901234567890",
        "1e3",
        "1.k",
        ".5k",
        "٣"
      })
  void what_is_no_size_is_refused_and_named(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is not a size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10EiB", "9999999999999999999", "10000000000000T"})
  void a_size_that_does_not_fit_is_refused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).hasMessageContaining("too large");
  }

  @ParameterizedTest
  @CsvSource({
    "500k, 500000",
    "2MiB, 2097152",
    "2MiB/s, 2097152",
    "1000B/s, 1000",
    "8Mbit, 1000000",
    "8Mbit/s, 1000000",
    "500kbit, 62500",
    "8Mibit, 1048576",
    "80bit, 10",
    "0, 0",
  })
  void a_rate_is_read(String text, long bytesPerSecond) {
    assertThat(Rate.parse(text).bytesPerSecond()).isEqualTo(bytesPerSecond);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast", "8mbit", "8Mbits", "8Mbps", "-8Mbit", "8Mbit/h", "/s"})
  void what_is_no_rate_is_refused_and_named(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is not a rate");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "1536, 1.50 KiB",
    "10239, 10.0 KiB",
    "102400, 100 KiB",
    "1023999, 0.98 MiB",
    "1048575, 1.00 MiB",
    "1610612736, 1.50 GiB",
    "9223372036854775807, 8.00 EiB",
  })
  void a_size_is_shown(long bytes, String text) {
    assertThat(ByteSize.show(bytes)).isEqualTo(text);
    assertThat(Rate.show(bytes)).isEqualTo(text + "/s");
  }

  /** Columns of figures must not move, whatever the figures are. */
  @Test
  void what_is_shown_is_short_and_close_to_the_truth() {
    for (long seed = 0; seed < 1000; seed++) {
      var dice = new Random(seed);
      long bytes = dice.nextLong() >>> (1 + dice.nextInt(62));
      String shown = ByteSize.show(bytes);
      assertThat(shown.length()).as("seed %d: %s", seed, shown).isLessThanOrEqualTo(8);
      long again = ByteSize.parse(shown).bytes();
      assertThat((double) again)
          .as("seed %d: %s", seed, shown)
          .isBetween(bytes * 0.99, bytes * 1.01 + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"90, 90", "90s, 90", "30m, 1800", "1h30m, 5400", "2d, 172800", "1d1h1m1s, 90061"})
  void a_duration_is_read(String text, long seconds) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "-1s", "1h30", "30m1h", "1m1m", "1.5h", "1 h", "1w", "PT1H"})
  void what_is_no_duration_is_refused_and_named(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is not a duration");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "59, 59s",
    "60, 1m00s",
    "187, 3m07s",
    "7500, 2h05m",
    "356400, 4d03h",
    "-5, 0s",
  })
  void a_duration_is_shown(long seconds, String text) {
    assertThat(Durations.show(Duration.ofSeconds(seconds))).isEqualTo(text);
  }
}

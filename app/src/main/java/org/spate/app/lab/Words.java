package org.spate.app.lab;

import java.time.Duration;
import java.util.Locale;
import org.spate.app.console.ByteSize;
import org.spate.app.console.Durations;

/** Figures of the laboratory as people read them. */
public final class Words {
  private static final double CLOCK_FROM_SECONDS = 120;
  private static final long WHOLE_FROM_SECONDS = 10_000;

  private Words() {}

  static String size(long bytes) {
    return ByteSize.show(bytes);
  }

  /** Of a sum that may be beyond what files can be; Java's cast stops at the largest long. */
  static String sum(double bytes) {
    return ByteSize.show((long) bytes);
  }

  /** In the bits that access lines are sold by, and in bytes. */
  static String rate(long bytesPerSecond) {
    double bits = bytesPerSecond * 8.0;
    String unit = bits >= 1e9 ? "Gbit/s" : bits >= 1e6 ? "Mbit/s" : "kbit/s";
    double scaled = bits / (bits >= 1e9 ? 1e9 : bits >= 1e6 ? 1e6 : 1e3);
    return number(scaled, scaled >= 100 || scaled == Math.rint(scaled) ? 0 : 2) + " " + unit;
  }

  static String seconds(double seconds) {
    return number(seconds, seconds >= WHOLE_FROM_SECONDS ? 0 : seconds >= 100 ? 1 : 2) + " s";
  }

  /** A long time also in larger units. */
  static String time(double seconds) {
    return seconds < CLOCK_FROM_SECONDS || seconds > Integer.MAX_VALUE
        ? seconds(seconds)
        : seconds(seconds) + " (" + Durations.show(Duration.ofSeconds((long) seconds)) + ")";
  }

  static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  static String dollars(double amount) {
    return "$" + String.format(Locale.ROOT, amount < 1 ? "%.4f" : "%,.2f", amount);
  }
}

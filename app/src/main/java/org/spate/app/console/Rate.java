package org.spate.app.console;

/**
 * Bytes a second as people write them: a {@link ByteSize} ({@code 500k}, {@code 2MiB}) or bits
 * ({@code 8Mbit}, {@code 500kbit}); {@code /s} may follow.
 *
 * @param bytesPerSecond 0 and up
 */
public record Rate(long bytesPerSecond) {

  public Rate {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate is never negative");
    }
  }

  /** Parses, or throws {@link IllegalArgumentException} with a message for the user. */
  public static Rate parse(String text) {
    var quantity = Quantity.parse(text, "a rate like 500k, 2MiB/s or 8Mbit");
    String unit = quantity.unit();
    if (unit.endsWith("/s")) {
      unit = unit.substring(0, unit.length() - 2);
    }
    if (unit.endsWith("bit")) {
      long bits = quantity.times(quantity.prefix(unit.substring(0, unit.length() - 3)));
      return new Rate(bits / 8);
    }
    if (unit.endsWith("B")) {
      unit = unit.substring(0, unit.length() - 1);
    }
    return new Rate(quantity.times(quantity.prefix(unit)));
  }

  @Override
  public String toString() {
    return show(bytesPerSecond);
  }

  /** With a binary prefix: {@code 1.50 MiB/s}. */
  public static String show(long bytesPerSecond) {
    return Quantity.show(bytesPerSecond, "B/s");
  }
}

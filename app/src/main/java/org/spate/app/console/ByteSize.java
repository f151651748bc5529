package org.spate.app.console;

/**
 * A number of bytes as people write it: {@code 16384}, {@code 500k}, {@code 2MiB}, {@code 1.5G}.
 * Without an {@code i} the prefixes are powers of 1000, with it powers of 1024; a final {@code B}
 * may be left out.
 *
 * @param bytes 0 and up
 */
public record ByteSize(long bytes) {

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is never negative");
    }
  }

  /** Parses, or throws {@link IllegalArgumentException} with a message for the user. */
  public static ByteSize parse(String text) {
    var quantity = Quantity.parse(text, "a size like 500k, 2MiB or 1.5G");
    String unit = quantity.unit();
    if (unit.endsWith("B")) {
      unit = unit.substring(0, unit.length() - 1);
    }
    return new ByteSize(quantity.times(quantity.prefix(unit)));
  }

  /** With a binary prefix and three or four digits: {@code 1.50 GiB}. */
  @Override
  public String toString() {
    return show(bytes);
  }

  /** See {@link #toString()}. */
  public static String show(long bytes) {
    return Quantity.show(bytes, "B");
  }
}

package org.spate.app.lab;

import org.jspecify.annotations.Nullable;
import org.spate.app.console.Printable;
import org.spate.app.console.Rate;

/**
 * Reads the rates of one plan or scenario, all of them in bytes or all of them in bits: where both
 * appear side by side, one of them is usually a mistake by a factor of eight.
 */
public final class Rates {
  private @Nullable String first; // its name and text
  private boolean isFirstInBits;

  /** Bytes a second, above 0. Throws {@link IllegalArgumentException} with a message for people. */
  public long positive(String name, String text) {
    if (text.startsWith("-")) {
      throw refusal(name, "must be more than 0, not " + Printable.of(text));
    }
    long rate = parse(name, text);
    if (rate == 0) {
      throw refusal(name, "must be at least a byte a second, not " + Printable.of(text));
    }
    boolean isInBits = text.contains("bit");
    if (first == null) {
      first = name + " " + text;
      isFirstInBits = isInBits;
    } else if (isInBits != isFirstInBits) {
      throw new IllegalArgumentException(
          "%s and %s %s mix bits and bytes: write all rates in bytes (1M) or all in bits (8Mbit)"
              .formatted(first, name, text));
    }
    return rate;
  }

  private static long parse(String name, String text) {
    try {
      return Rate.parse(text).bytesPerSecond();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static IllegalArgumentException refusal(String name, String problem) {
    return new IllegalArgumentException(name + ": " + problem);
  }
}

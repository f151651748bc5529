package org.spate.app.console;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A decimal number and the unit behind it, as typed.
 *
 * @param unit the letters as typed; may be empty
 * @param expected what should have been typed, for the message
 */
record Quantity(String text, BigDecimal number, String unit, String expected) {
  /** Digits before the unit; more would only serve to overflow. */
  private static final int DIGITS_MAX = 19;

  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([A-Za-z/]*)");
  private static final String PREFIXES = "kMGTPE";

  static Quantity parse(String text, String expected) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches() || matcher.group(1).length() > DIGITS_MAX) {
      throw refusal(text, expected);
    }
    return new Quantity(text, new BigDecimal(matcher.group(1)), matcher.group(2), expected);
  }

  /** What a prefix multiplies by: {@code k} and {@code K} 1000, {@code Ki} 1024, nothing 1. */
  long prefix(String prefix) {
    if (prefix.isEmpty()) {
      return 1;
    }
    char letter = prefix.charAt(0) == 'K' ? 'k' : prefix.charAt(0);
    int power = PREFIXES.indexOf(letter) + 1;
    boolean isBinary = prefix.length() == 2 && prefix.charAt(1) == 'i';
    if (power == 0 || (prefix.length() > 1 && !isBinary)) {
      throw refusal(text, expected);
    }
    long multiple = 1;
    for (int i = 0; i < power; i++) {
      multiple *= isBinary ? 1024 : 1000;
    }
    return multiple;
  }

  /** The number times a unit, rounded down. */
  long times(long multiple) {
    try {
      return number
          .multiply(BigDecimal.valueOf(multiple))
          .setScale(0, RoundingMode.DOWN)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + Printable.of(text) + "' is too large", e);
    }
  }

  static IllegalArgumentException refusal(String text, String expected) {
    return new IllegalArgumentException("'" + Printable.of(text) + "' is not " + expected);
  }

  /** A count with a binary prefix and at least three digits. */
  static String show(long count, String unit) {
    if (count < 1024) {
      return count + " " + unit;
    }
    double scaled = count;
    int power = 0;
    // 999.5 would be shown as 1000: one prefix up reads better and keeps the columns narrow.
    while (scaled >= 999.5 && power < PREFIXES.length()) {
      scaled /= 1024;
      power++;
    }
    int decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
    char prefix = Character.toUpperCase(PREFIXES.charAt(power - 1));
    return String.format(Locale.ROOT, "%." + decimals + "f %ci%s", scaled, prefix, unit);
  }
}

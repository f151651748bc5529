package org.spate.app.lab;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.spate.app.console.ByteSize;
import org.spate.app.console.Printable;

/** Reads the values of scenarios that are no rates; refuses with a message for people. */
final class Values {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|us|s|m|h|d)");
  private static final Pattern COUNT = Pattern.compile("\\d{1,9}");

  private Values() {}

  /** A span of time like {@code 5ms}, {@code 1.5s}, {@code 10m}. */
  static long nanos(String text) {
    var matcher = SPAN.matcher(text);
    if (!matcher.matches()) {
      throw refusal(text, "a span of time like 5ms, 1.5s, 10m, 2h or 7d");
    }
    long unit =
        switch (matcher.group(2)) {
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> 86_400_000_000_000L;
        };
    var nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE / 4)) > 0) {
      throw refusal(text, "a span of time that fits into two centuries");
    }
    return nanos.longValue();
  }

  /** A span, or {@code ever}. */
  static long nanosOrEver(String text) {
    return text.equals("ever") ? Long.MAX_VALUE : nanos(text);
  }

  static int count(String text) {
    if (!COUNT.matcher(text).matches()) {
      throw refusal(text, "a whole number of 0 or more");
    }
    return Integer.parseInt(text);
  }

  static int positive(String text) {
    int count = COUNT.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (count == 0) {
      throw refusal(text, "a whole number of 1 or more");
    }
    return count;
  }

  static long seed(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw refusal(text, "a whole number");
    }
  }

  static double decimal(String text) {
    try {
      double value = Double.parseDouble(text);
      if (value >= 0 && value <= 1e12) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Told below, like a number out of range.
    }
    throw refusal(text, "a number of 0 or more, like 0.5");
  }

  static long size(String text) {
    long bytes = ByteSize.parse(text).bytes();
    if (bytes == 0) {
      throw new IllegalArgumentException("must be more than 0");
    }
    return bytes;
  }

  static int smallSize(String text) {
    long bytes = size(text);
    if (bytes > 1 << 30) {
      throw new IllegalArgumentException("must be at most 1 GiB, not " + Printable.of(text));
    }
    return (int) bytes;
  }

  static boolean flag(String text) {
    return switch (text) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw refusal(text, "yes or no");
    };
  }

  /** One of the constants, in lower case and with hyphens. */
  static <E extends Enum<E>> E choice(String text, Class<E> type) {
    var names = new ArrayList<String>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    throw refusal(text, "one of: " + String.join(", ", names));
  }

  /** The values of a {@code --vary}: parted by semicolons where there is one, else by commas. */
  static List<String> list(String text) {
    var values = new ArrayList<String>();
    for (String value : text.split(text.indexOf(';') >= 0 ? ";" : ",", -1)) {
      if (value.isBlank()) {
        throw refusal(text, "a list of values like 10,100,1000");
      }
      values.add(value.strip());
    }
    return values;
  }

  static IllegalArgumentException refusal(String text, String expected) {
    return new IllegalArgumentException("'" + Printable.of(text) + "' is not " + expected);
  }
}

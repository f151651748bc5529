package org.spate.app.console;

import java.time.Duration;
import java.util.regex.Pattern;

/** Spans of time as people write them: {@code 90s}, {@code 30m}, {@code 1h30m}, {@code 2d}. */
public final class Durations {
  private static final Pattern PART = Pattern.compile("(\\d{1,9})([smhd]?)");

  private Durations() {}

  /** Parses (a bare number is seconds), or throws {@link IllegalArgumentException}. */
  public static Duration parse(String text) {
    var matcher = PART.matcher(text);
    long seconds = 0;
    long unitBefore = Long.MAX_VALUE;
    int end = 0;
    while (end < text.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw refusal(text);
      }
      long unit = secondsIn(matcher.group(2));
      boolean isBareNumber = matcher.group(2).isEmpty();
      if (unit >= unitBefore || (isBareNumber && matcher.group().length() != text.length())) {
        throw refusal(text);
      }
      seconds += Long.parseLong(matcher.group(1)) * unit;
      unitBefore = unit;
      end = matcher.end();
    }
    if (text.isEmpty()) {
      throw refusal(text);
    }
    return Duration.ofSeconds(seconds);
  }

  private static long secondsIn(String unit) {
    return switch (unit) {
      case "d" -> 86_400;
      case "h" -> 3_600;
      case "m" -> 60;
      default -> 1;
    };
  }

  /** The two largest units: {@code 42s}, {@code 3m07s}, {@code 2h05m}, {@code 4d03h}. */
  public static String show(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return pair(seconds / 60, 'm', seconds % 60, 's');
    }
    if (seconds < 86_400) {
      return pair(seconds / 3_600, 'h', seconds % 3_600 / 60, 'm');
    }
    return pair(seconds / 86_400, 'd', seconds % 86_400 / 3_600, 'h');
  }

  private static String pair(long large, char largeUnit, long small, char smallUnit) {
    return "" + large + largeUnit + (small < 10 ? "0" : "") + small + smallUnit;
  }

  private static IllegalArgumentException refusal(String text) {
    return Quantity.refusal(text, "a duration like 90s, 30m, 1h30m or 2d");
  }
}

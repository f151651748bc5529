package org.spate.app;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.spate.app.console.Printable;

/**
 * The date of a torrent as people write it: seconds since 1970, a day ({@code 2026-01-31}, in UTC)
 * or a moment ({@code 2026-01-31T12:00:00Z}).
 */
record CreationDate(long epochSeconds) {

  /** Parses, or throws {@link IllegalArgumentException} with a message for the user. */
  static CreationDate parse(String text) {
    if (text.matches("[0-9]{1,12}")) {
      return new CreationDate(Long.parseLong(text));
    }
    try {
      long seconds =
          text.contains("T")
              ? Instant.parse(text).getEpochSecond()
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
      if (seconds >= 0) {
        return new CreationDate(seconds);
      }
    } catch (DateTimeException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "'"
            + Printable.of(text)
            + "' is not a date like 2026-01-31, 2026-01-31T12:00:00Z or seconds since 1970");
  }
}

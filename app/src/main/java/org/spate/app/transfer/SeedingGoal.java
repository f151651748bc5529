package org.spate.app.transfer;

import java.time.Duration;

/** How long a complete download goes on seeding. */
public sealed interface SeedingGoal {

  /** Not at all. */
  record None() implements SeedingGoal {}

  /** Until somebody interrupts it. */
  record Endless() implements SeedingGoal {}

  /** Until so many times the torrent's size have been sent, earlier sessions included. */
  record Ratio(double ratio) implements SeedingGoal {
    public Ratio {
      if (!(ratio >= 0 && ratio < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a ratio is 0 or more");
      }
    }
  }

  /** So long. */
  record Time(Duration duration) implements SeedingGoal {}

  /**
   * Whether that is enough.
   *
   * @param uploadedBytes sent, ever
   * @param totalBytes what was wanted
   * @param seeding since when
   */
  default boolean isReached(long uploadedBytes, long totalBytes, Duration seeding) {
    return switch (this) {
      case None() -> true;
      case Endless() -> false;
      case Ratio(double ratio) -> uploadedBytes >= ratio * totalBytes;
      case Time(var duration) -> seeding.compareTo(duration) >= 0;
    };
  }
}

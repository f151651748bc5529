package org.spate.core.announce;

/**
 * How an {@link Announcer} behaves; all times in seconds.
 *
 * @param numwant how many peers to ask for
 * @param intervalMinSeconds the least time between two regular announces, whatever the tracker says
 * @param intervalMaxSeconds the longest wait for the next one, whatever the tracker says
 * @param minIntervalDefaultSeconds the least time before asking for more peers when the tracker
 *     names no minimum interval
 * @param backOffFirstSeconds the wait after the first failure of a tracker; doubles with each more
 * @param backOffMaxSeconds where the doubling ends
 * @param patienceSeconds how long one tracker may take before the next is asked as well
 * @param stopTimeoutSeconds how long the {@code stopped} announces may hold up a shutdown
 * @param allTiers announce to every tier, not only to the first that answers
 * @param allTrackers announce to every tracker of a tier, not only to the first that answers
 */
public record AnnouncerSettings(
    int numwant,
    int intervalMinSeconds,
    int intervalMaxSeconds,
    int minIntervalDefaultSeconds,
    int backOffFirstSeconds,
    int backOffMaxSeconds,
    int patienceSeconds,
    int stopTimeoutSeconds,
    boolean allTiers,
    boolean allTrackers) {

  public static final AnnouncerSettings DEFAULT =
      new AnnouncerSettings(50, 60, 86_400, 300, 10, 3_600, 15, 5, false, false);

  public AnnouncerSettings {
    if (numwant < 0
        || intervalMinSeconds < 1
        || intervalMaxSeconds < intervalMinSeconds
        || minIntervalDefaultSeconds < 1
        || backOffFirstSeconds < 1
        || backOffMaxSeconds < backOffFirstSeconds
        || patienceSeconds < 1
        || stopTimeoutSeconds < 0) {
      throw new IllegalArgumentException("announcer settings out of range");
    }
  }

  /** The same with announces to all tiers and all trackers in each. */
  public AnnouncerSettings toAll() {
    return new AnnouncerSettings(
        numwant,
        intervalMinSeconds,
        intervalMaxSeconds,
        minIntervalDefaultSeconds,
        backOffFirstSeconds,
        backOffMaxSeconds,
        patienceSeconds,
        stopTimeoutSeconds,
        true,
        true);
  }
}

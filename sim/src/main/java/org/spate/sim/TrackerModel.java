package org.spate.sim;

/**
 * The tracker of a scenario.
 *
 * @param peersMax how many random peers an announce is answered with at most
 * @param intervalSeconds what it tells as the interval
 * @param minIntervalSeconds what it tells as the minimum interval
 * @param delayNanos from an announce to its answer
 */
public record TrackerModel(
    int peersMax, int intervalSeconds, int minIntervalSeconds, long delayNanos) {
  public static final TrackerModel DEFAULT = new TrackerModel(50, 1_800, 60, 20_000_000L);

  public TrackerModel {
    Checks.notNegative(peersMax, "peers in an answer");
    Checks.positive(intervalSeconds, "interval");
    Checks.notNegative(minIntervalSeconds, "minimum interval");
    Checks.notNegative(delayNanos, "delay");
  }
}

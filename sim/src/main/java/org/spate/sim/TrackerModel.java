package org.spate.sim;

/**
 * The tracker of a scenario.
 *
 * @param peersMax how many random peers an announce is answered with at most
 * @param intervalNanos between two regular announces
 * @param minIntervalNanos the least time between announces by nodes that want more peers
 * @param delayNanos from an announce to its answer
 */
public record TrackerModel(
    int peersMax, long intervalNanos, long minIntervalNanos, long delayNanos) {
  public static final TrackerModel DEFAULT =
      new TrackerModel(50, 1_800_000_000_000L, 60_000_000_000L, 20_000_000L);

  public TrackerModel {
    Checks.notNegative(peersMax, "peers in an answer");
    Checks.positive(intervalNanos, "interval");
    Checks.positive(minIntervalNanos, "least interval");
    Checks.notNegative(delayNanos, "delay");
  }
}

package org.spate.sim;

/** What goes wrong in a scenario, and when. */
public sealed interface Fault {
  long atNanos();

  /** So many nodes of a class, chosen at random, are gone without a word to the tracker. */
  record Crash(String nodeClass, int count, long atNanos) implements Fault {}

  /**
   * So many nodes of a class neither send nor receive for a while, their links standing; {@code
   * Long.MAX_VALUE} for ever.
   */
  record Stall(String nodeClass, int count, long atNanos, long durationNanos) implements Fault {}

  /** For a while only nodes that share a group reach each other. */
  record Partition(long atNanos, long durationNanos) implements Fault {}

  /** For a while announces fail. */
  record TrackerDown(long atNanos, long durationNanos) implements Fault {}
}

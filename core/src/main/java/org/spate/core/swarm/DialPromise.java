package org.spate.core.swarm;

import java.util.ArrayDeque;

/**
 * How many links the dials that are under way will come to, as far as those before tell. Most
 * addresses that are heard of are dead, and a dead one holds its dial until time is up; whoever
 * counts on all of them waits for the dead.
 */
final class DialPromise {
  /** Who lives has answered by then. */
  private static final long ANSWER_NANOS = 2_000_000_000L;

  /** So many dials tell what is to be expected; older ones count half, a quarter, and so on. */
  private static final int REMEMBERED_MAX = 200;

  private final ArrayDeque<Long> young = new ArrayDeque<>(); // when they began
  private int dialled;
  private int links;

  void onDial(long nowNanos) {
    young.add(nowNanos);
  }

  void onLink() {
    links++;
  }

  /** Time has passed. */
  void pass(long nowNanos) {
    while (!young.isEmpty() && nowNanos - young.peek() > ANSWER_NANOS) {
      young.remove();
      dialled++;
    }
    if (dialled > REMEMBERED_MAX) {
      dialled /= 2;
      links /= 2;
    }
  }

  /**
   * What may come of the dials that are under way.
   *
   * @param dials how many those are
   */
  double links(int dials) {
    double part = Math.min(1, (links + 1.0) / (dialled + 1.0));
    return Math.min(dials, young.size()) * part;
  }
}

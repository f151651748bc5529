package org.spate.sim;

import java.util.ArrayList;
import java.util.List;

/** Takes points of a run's curves at equal distances that double when there are too many. */
final class Curves {
  private static final int POINTS_MAX = 400;
  private static final long FIRST_INTERVAL_NANOS = 250_000_000L;

  /** Sums since the start, so that points can be left out later. */
  private record Point(
      long nanos, double sent, double capacity, int copiesMin, double copiesMean, int completed) {}

  private final List<Point> points = new ArrayList<>();
  private long intervalNanos = FIRST_INTERVAL_NANOS;
  private long lastNanos;
  private double capacity;

  /** Takes a point; returns when the next is due. */
  long take(World world, SimNode[] nodes, Ledger ledger) {
    double sent = 0;
    double rate = 0;
    for (var node : nodes) {
      sent += node.access().wireBytesSent;
      rate += node.isOnline() ? node.kind().upload() : 0;
    }
    long now = world.nowNanos();
    capacity += rate * (now - lastNanos) / 1e9;
    lastNanos = now;
    points.add(
        new Point(
            now, sent, capacity, ledger.copiesMin(), ledger.copiesMean(), ledger.completed()));
    if (points.size() == POINTS_MAX) {
      thinOut();
    }
    return now + intervalNanos;
  }

  List<Sample> samples() {
    var samples = new ArrayList<Sample>();
    for (int i = 1; i < points.size(); i++) {
      var last = points.get(i - 1);
      var point = points.get(i);
      double possible = point.capacity - last.capacity;
      samples.add(
          new Sample(
              point.nanos / 1e9,
              possible == 0 ? 0 : (point.sent - last.sent) / possible,
              point.copiesMin,
              point.copiesMean,
              point.completed));
    }
    return samples;
  }

  private void thinOut() {
    var kept = new ArrayList<Point>();
    for (int i = 0; i < points.size(); i += 2) {
      kept.add(points.get(i));
    }
    points.clear();
    points.addAll(kept);
    intervalNanos *= 2;
  }
}

package org.spate.sim;

import java.util.List;
import org.spate.core.Endpoint;

/** When a node announces: at the start, at intervals, when it wants peers, at its last piece. */
final class SimAnnouncer {
  private static final long RETRY_NANOS = 10_000_000_000L;
  private static final long RETRY_MAX_NANOS = 3_600_000_000_000L;

  private final SimNode node;
  private final SimTracker tracker;
  private final World world;
  private List<Endpoint> answer = List.of();
  private boolean wantsPeers;
  private boolean failed;
  private boolean waiting;
  private boolean stopped;
  private int failures;
  private long earliestNanos;
  private long dueNanos = World.NEVER;

  SimAnnouncer(SimNode node, SimTracker tracker, World world) {
    this.node = node;
    this.tracker = tracker;
    this.world = world;
  }

  void start() {
    announce();
  }

  void wantPeers() {
    if (!wantsPeers && !stopped) {
      wantsPeers = true;
      if (!waiting) {
        due(Math.max(earliestNanos, world.nowNanos()));
      }
    }
  }

  void stop() {
    stopped = true;
    dueNanos = World.NEVER;
    if (tracker.isUp(world.nowNanos())) {
      tracker.remove(node);
    }
  }

  /** The process is gone; the tracker does not know. */
  void crash() {
    stopped = true;
    dueNanos = World.NEVER;
  }

  void onDue() {
    if (world.nowNanos() == dueNanos && !waiting) {
      announce();
    }
  }

  /** The answer's peers, or none if the tracker was down. */
  List<Endpoint> onReplied() {
    waiting = false;
    if (stopped) {
      return List.of();
    }
    long now = world.nowNanos();
    if (failed) {
      due(now + Math.min(RETRY_NANOS << Math.min(failures++, 16), RETRY_MAX_NANOS));
      return List.of();
    }
    failures = 0;
    wantsPeers = false;
    earliestNanos = now + tracker.model().minIntervalNanos();
    due(now + tracker.model().intervalNanos());
    var peers = answer;
    answer = List.of();
    return peers;
  }

  private void announce() {
    dueNanos = World.NEVER;
    waiting = true;
    failed = !tracker.isUp(world.nowNanos());
    if (!failed) {
      answer = tracker.peersFor(node);
      tracker.add(node);
    }
    world.schedule(
        EventKind.TRACKER_REPLIED, node.id(), world.nowNanos() + tracker.model().delayNanos());
  }

  private void due(long atNanos) {
    if (atNanos < dueNanos) {
      dueNanos = atNanos;
      world.schedule(EventKind.ANNOUNCE_DUE, node.id(), atNanos);
    }
  }
}

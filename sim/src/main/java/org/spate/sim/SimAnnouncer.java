package org.spate.sim;

import java.util.ArrayDeque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.Announcer;
import org.spate.core.announce.AnnouncerSettings;
import org.spate.core.announce.Standing;
import org.spate.core.announce.TrackerFailure;

/** A node's announcer, which is the core's own, between its machine and the simulated tracker. */
final class SimAnnouncer {
  private static final String URL = "http://tracker.invalid/announce";
  private static final TrackerFailure DOWN = TrackerFailure.of("down");

  private final SimNode node;
  private final SimTracker tracker;
  private final World world;
  private final Announcer announcer;
  private final ArrayDeque<Object> answers = new ArrayDeque<>(2); // replies and failures
  private boolean crashed;
  private long deadlineNanos = World.NEVER; // the deadline that is in the queue

  SimAnnouncer(
      SimNode node,
      PeerId peerId,
      Standing standing,
      SimTracker tracker,
      Surroundings surroundings,
      RandomGenerator random) {
    this.node = node;
    this.tracker = tracker;
    this.world = surroundings.time();
    this.announcer =
        new Announcer(
            surroundings.torrent().infoHash().primary(),
            peerId,
            List.of(List.of(URL)),
            standing,
            AnnouncerSettings.DEFAULT,
            random);
  }

  void start() {
    announcer.start(world.nowNanos());
    settle();
  }

  void wantPeers() {
    announcer.wantPeers(world.nowNanos());
    settle();
  }

  void completed() {
    announcer.completed(world.nowNanos());
    settle();
  }

  void stop() {
    announcer.stop(world.nowNanos());
    settle();
  }

  /** The process is gone; the tracker does not know. */
  void crash() {
    crashed = true;
  }

  void onDue() {
    if (deadlineNanos <= world.nowNanos() && !crashed) {
      deadlineNanos = World.NEVER;
      if (announcer.deadlineNanos() <= world.nowNanos()) {
        announcer.advance(world.nowNanos());
      }
      settle();
    }
  }

  /** The peers of the oldest answer that is under way, which has arrived now. */
  List<Endpoint> onReplied() {
    var answer = answers.remove();
    if (crashed) {
      return List.of();
    }
    List<Endpoint> peers = List.of();
    if (answer instanceof AnnounceReply reply) {
      announcer.announced(URL, reply, world.nowNanos());
      peers = reply.peers();
    } else {
      announcer.failed(URL, DOWN, world.nowNanos());
    }
    settle();
    return peers;
  }

  private void settle() {
    for (var send = announcer.poll(); send != null; send = announcer.poll()) {
      long now = world.nowNanos();
      answers.add(tracker.isUp(now) ? tracker.announce(node, send.request()) : DOWN);
      world.schedule(EventKind.TRACKER_REPLIED, node.id(), now + tracker.model().delayNanos());
    }
    if (announcer.deadlineNanos() < deadlineNanos) {
      deadlineNanos = Math.max(announcer.deadlineNanos(), world.nowNanos());
      world.schedule(EventKind.ANNOUNCE_DUE, node.id(), deadlineNanos);
    }
  }
}

package org.spate.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.AnnounceRequest;

/** The tracker's store: who is in the swarm, and random samples of them. */
final class SimTracker {
  private final TrackerModel model;
  private final RandomGenerator random;
  private final ArrayList<SimNode> registered = new ArrayList<>();
  private final int[] place; // by node: where it stands in the list, or -1
  private long downUntilNanos;

  SimTracker(TrackerModel model, int nodeCount, RandomGenerator random) {
    this.model = model;
    this.random = random;
    this.place = new int[nodeCount];
    Arrays.fill(place, -1);
  }

  TrackerModel model() {
    return model;
  }

  void failUntil(long nanos) {
    downUntilNanos = nanos;
  }

  boolean isUp(long nowNanos) {
    return nowNanos >= downUntilNanos;
  }

  AnnounceReply announce(SimNode node, AnnounceRequest request) {
    if (request.event() == AnnounceEvent.STOPPED) {
      remove(node);
      return reply(List.of());
    }
    var peers = peersFor(node, Math.min(request.numwant(), model.peersMax()));
    add(node);
    return reply(peers);
  }

  private AnnounceReply reply(List<Endpoint> peers) {
    return new AnnounceReply(
        model.intervalSeconds(),
        model.minIntervalSeconds(),
        AnnounceReply.UNKNOWN,
        AnnounceReply.UNKNOWN,
        peers,
        List.of(),
        null,
        null);
  }

  private void add(SimNode node) {
    if (place[node.id()] < 0) {
      place[node.id()] = registered.size();
      registered.add(node);
    }
  }

  private void remove(SimNode node) {
    int at = place[node.id()];
    if (at >= 0) {
      var last = registered.removeLast();
      if (last != node) {
        registered.set(at, last);
        place[last.id()] = at;
      }
      place[node.id()] = -1;
    }
  }

  private List<Endpoint> peersFor(SimNode asking, int most) {
    int wanted = Math.min(most + 1, registered.size()); // one of them may be itself
    var chosen = LinkedHashSet.<Integer>newLinkedHashSet(wanted);
    for (int i = registered.size() - wanted; i < registered.size(); i++) {
      // Floyd's sampling: every subset equally likely, one number drawn for each member.
      int pick = random.nextInt(i + 1);
      if (!chosen.add(pick)) {
        chosen.add(i);
      }
    }
    var peers = new ArrayList<Endpoint>(wanted);
    for (int pick : chosen) {
      if (registered.get(pick) != asking && peers.size() < most) {
        peers.add(registered.get(pick).endpoint());
      }
    }
    return peers;
  }
}

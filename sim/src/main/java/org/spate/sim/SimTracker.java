package org.spate.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;

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

  void add(SimNode node) {
    if (place[node.id()] < 0) {
      place[node.id()] = registered.size();
      registered.add(node);
    }
  }

  void remove(SimNode node) {
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

  /** Random others, at most as many as the tracker gives. */
  List<Endpoint> peersFor(SimNode asking) {
    int wanted = Math.min(model.peersMax() + 1, registered.size()); // one of them may be itself
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
      if (registered.get(pick) != asking && peers.size() < model.peersMax()) {
        peers.add(registered.get(pick).endpoint());
      }
    }
    return peers;
  }
}

package org.spate.app.lab;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.sim.NodeClass;
import org.spate.sim.PeerGroup;

/** The classes of a scenario, and what the keys for all of its seeds or leechers make of them. */
final class Population {
  private final List<NodeClass> classes;

  Population(List<NodeClass> classes) {
    this.classes = new ArrayList<>(classes);
  }

  List<NodeClass> classes() {
    return List.copyOf(classes);
  }

  /** Those who come without the file and mean to have it. */
  List<NodeClass> leechers() {
    return classes.stream().filter(Population::isLeecher).toList();
  }

  private static boolean isLeecher(NodeClass kind) {
    return !kind.seeds() && !kind.behaviour().isHostile();
  }

  void seedUpload(@Nullable Long upload) {
    if (upload != null) {
      classes.replaceAll(k -> k.seeds() ? with(k, k.name(), k.count(), upload, k.download()) : k);
    }
  }

  void peerRates(@Nullable Long upload, @Nullable Long download) {
    classes.replaceAll(
        k ->
            isLeecher(k)
                ? with(
                    k,
                    k.name(),
                    k.count(),
                    upload == null ? k.upload() : upload,
                    download == null ? k.download() : download)
                : k);
  }

  void peers(Receivers receivers) {
    switch (receivers) {
      case Receivers.Count(int count) -> scale(count);
      case Receivers.Classes(var groups) -> replace(groups);
    }
  }

  /** So many leechers, mixed as they were; at least one of each class. */
  private void scale(int wanted) {
    long total = leechers().stream().mapToLong(NodeClass::count).sum();
    if (wanted < leechers().size()) {
      throw new IllegalArgumentException(
          "peers: fewer than the " + leechers().size() + " classes of leechers");
    }
    long seen = 0;
    int given = 0;
    int left = leechers().size();
    for (int i = 0; i < classes.size(); i++) {
      var kind = classes.get(i);
      if (isLeecher(kind)) {
        seen += kind.count();
        left--;
        int upTo = Math.clamp(seen * wanted / total, given + 1, wanted - left);
        classes.set(i, with(kind, kind.name(), upTo - given, kind.upload(), kind.download()));
        given = upTo;
      }
    }
  }

  /** Other classes, all of which behave as the first did. */
  private void replace(List<PeerGroup> groups) {
    var model = leechers().getFirst();
    classes.removeIf(Population::isLeecher);
    for (int i = 0; i < groups.size(); i++) {
      var group = groups.get(i);
      classes.add(with(model, "class " + (i + 1), group.count(), group.upload(), group.download()));
    }
  }

  private static NodeClass with(NodeClass kind, String name, int count, long up, long down) {
    return new NodeClass(
        name,
        count,
        kind.seeds(),
        up,
        down,
        kind.latencyNanos(),
        kind.behaviour(),
        kind.arrival(),
        kind.departure(),
        kind.groups(),
        kind.settings());
  }
}

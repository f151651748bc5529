package org.spate.app.transfer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spate.core.swarm.PeerSource;
import org.spate.core.swarm.Route;
import org.spate.core.swarm.SwarmStatus;

/**
 * Where the neighbours of a transfer come from, and how they are reached; web servers do not count.
 */
record PeerSummary(
    Map<PeerSource, Integer> sources,
    Map<Route.Transport, Integer> transports,
    int encrypted,
    int proxied,
    int punched) {

  static PeerSummary of(SwarmStatus swarm) {
    var sources = new EnumMap<PeerSource, Integer>(PeerSource.class);
    var transports = new EnumMap<Route.Transport, Integer>(Route.Transport.class);
    int encrypted = 0;
    int proxied = 0;
    int punched = 0;
    for (var peer : swarm.peers()) {
      if (peer.source() == PeerSource.WEB_SEED) {
        continue;
      }
      var route = peer.route();
      sources.merge(peer.source(), 1, Integer::sum);
      transports.merge(route.transport(), 1, Integer::sum);
      encrypted += route.encryption() == Route.Encryption.PLAIN ? 0 : 1;
      proxied += route.isProxied() ? 1 : 0;
      punched += route.isPunched() ? 1 : 0;
    }
    return new PeerSummary(sources, transports, encrypted, proxied, punched);
  }

  int count() {
    return sources.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Like {@code 3 peers: 2 tracker, 1 dht; 2 tcp, 1 utp; 1 encrypted}. */
  String text() {
    var how = new ArrayList<String>();
    transports.forEach((transport, count) -> how.add(count + " " + word(transport)));
    var reached = new ArrayList<String>();
    add(reached, encrypted, "encrypted");
    add(reached, proxied, "by proxy");
    add(reached, punched, "by holepunch");
    var where = new ArrayList<String>();
    sources.forEach((source, count) -> where.add(count + " " + word(source)));
    var parts = new ArrayList<>(List.of(String.join(", ", where), String.join(", ", how)));
    if (!reached.isEmpty()) {
      parts.add(String.join(", ", reached));
    }
    return (count() == 1 ? "1 peer: " : count() + " peers: ") + String.join("; ", parts);
  }

  private static void add(List<String> words, int count, String word) {
    if (count > 0) {
      words.add(count + " " + word);
    }
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

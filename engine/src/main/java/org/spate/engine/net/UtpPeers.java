package org.spate.engine.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spate.core.Endpoint;

/** The addresses that were last reached by uTP, a bounded number. Safe for several threads. */
final class UtpPeers {
  private static final int PEERS_MAX = 4_000;

  private final Map<Endpoint, Boolean> latestLast =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Endpoint, Boolean> eldest) {
          return size() > PEERS_MAX;
        }
      };

  synchronized void add(Endpoint remote) {
    latestLast.remove(remote);
    latestLast.put(remote, true);
  }

  synchronized boolean contains(Endpoint remote) {
    return latestLast.containsKey(remote);
  }
}

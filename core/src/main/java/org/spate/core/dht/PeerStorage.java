package org.spate.core.dht;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * The peers that announced themselves to a node (BEP 5): for half an hour, one for each address and
 * info-hash (BEP 33), and never more than the bounds say.
 */
final class PeerStorage {
  static final int INFO_HASHES_MAX = 2_000;
  static final int PEERS_PER_INFO_HASH_MAX = 1_000;
  static final int PEERS_MAX = 20_000;

  /** Info-hashes that one address may be stored under: nobody fills the storage alone. */
  static final int INFO_HASHES_PER_HOST_MAX = 100;

  static final long LIFETIME_NANOS = 30 * 60 * 1_000_000_000L;
  static final int SAMPLE_INTERVAL_SECONDS = 3_600;

  private static final int SAMPLES_MAX = 20;

  private final RandomGenerator random;
  private final Map<Hash160, Map<Endpoint, Stored>> swarms = new LinkedHashMap<>();
  private final Map<Endpoint, Integer> countByHost = new HashMap<>();
  private int peerCount;

  PeerStorage(RandomGenerator random) {
    this.random = random;
  }

  private record Stored(Endpoint peer, boolean isSeed, long endNanos) {}

  /** Whether another peer of this swarm would be stored; if not, no token is given (BEP 33). */
  boolean hasRoom(Hash160 infoHash) {
    var swarm = swarms.get(infoHash);
    return peerCount < PEERS_MAX
        && (swarm == null
            ? swarms.size() < INFO_HASHES_MAX
            : swarm.size() < PEERS_PER_INFO_HASH_MAX);
  }

  /** Stores a peer, or updates the one of the same address; false if there is no room. */
  boolean store(Hash160 infoHash, Endpoint peer, boolean isSeed, long nowNanos) {
    // Machines of one local network may share an address as others see it; then ports tell.
    var key = Reach.isLocal(peer) ? peer : Reach.host(peer);
    var swarm = swarms.get(infoHash);
    boolean isKnown = swarm != null && swarm.containsKey(key);
    if (!isKnown) {
      var host = Reach.host(peer);
      int count = countByHost.getOrDefault(host, 0);
      if (!hasRoom(infoHash) || (count >= INFO_HASHES_PER_HOST_MAX && !Reach.isLocal(peer))) {
        return false;
      }
      countByHost.put(host, count + 1);
      peerCount++;
    }
    if (swarm == null) {
      swarm = new LinkedHashMap<>();
      swarms.put(infoHash, swarm);
    }
    swarm.put(key, new Stored(peer, isSeed, nowNanos + LIFETIME_NANOS));
    return true;
  }

  /** Some of the peers, chosen by lot; seeds only where nothing else is there, if told so. */
  List<Endpoint> some(Hash160 infoHash, boolean noSeed, int countMax) {
    var swarm = swarms.get(infoHash);
    if (swarm == null || countMax <= 0) {
      return List.of();
    }
    var chosen = new ArrayList<Endpoint>();
    var seeds = new ArrayList<Endpoint>();
    for (var stored : swarm.values()) {
      (noSeed && stored.isSeed() ? seeds : chosen).add(stored.peer());
    }
    var best = shuffled(chosen, countMax);
    if (best.size() < countMax) {
      best.addAll(shuffled(seeds, countMax - best.size()));
    }
    return best;
  }

  private <T> List<T> shuffled(List<T> all, int countMax) {
    int count = Math.min(countMax, all.size());
    for (int i = 0; i < count; i++) {
      int other = i + random.nextInt(all.size() - i);
      var swapped = all.get(i);
      all.set(i, all.get(other));
      all.set(other, swapped);
    }
    return new ArrayList<>(all.subList(0, count));
  }

  /** The swarm as two filters (BEP 33), or null if there is none here. */
  Reply.@Nullable Scrape scrape(Hash160 infoHash) {
    var swarm = swarms.get(infoHash);
    if (swarm == null) {
      return null;
    }
    var seeds = new BloomFilter();
    var peers = new BloomFilter();
    for (var stored : swarm.values()) {
      (stored.isSeed() ? seeds : peers).add(stored.peer());
    }
    return new Reply.Scrape(seeds, peers);
  }

  /** Some info-hashes by lot (BEP 51), as many as fit into an answer. */
  Reply.Samples samples() {
    var some = shuffled(new ArrayList<>(swarms.keySet()), SAMPLES_MAX);
    return new Reply.Samples(some, SAMPLE_INTERVAL_SECONDS, swarms.size());
  }

  /** Forgets who has not announced for half an hour. */
  void expire(long nowNanos) {
    for (var swarm : swarms.values()) {
      swarm.values().removeIf(stored -> isOver(stored, nowNanos));
    }
    swarms.values().removeIf(Map::isEmpty);
  }

  private boolean isOver(Stored stored, long nowNanos) {
    boolean isOver = stored.endNanos() - nowNanos <= 0;
    if (isOver) {
      peerCount--;
      countByHost.computeIfPresent(
          Reach.host(stored.peer()), (_, count) -> count == 1 ? null : (Integer) (count - 1));
    }
    return isOver;
  }

  int infoHashCount() {
    return swarms.size();
  }

  int peerCount() {
    return peerCount;
  }
}

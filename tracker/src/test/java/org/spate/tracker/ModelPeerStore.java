package org.spate.tracker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Families;
import org.spate.core.tracker.Scrape;

/** What a store is to do, in the simplest words: maps, and answers that name every peer. */
final class ModelPeerStore {
  static final class Peer {
    PeerId id;
    boolean isSeed;
    boolean hasCompleted;
    long seenNanos;
  }

  static final class Swarm {
    final Map<Endpoint, Peer> peers = new LinkedHashMap<>();
    int downloaded;
  }

  final Map<Hash160, Swarm> swarms = new LinkedHashMap<>();

  void announce(Announcement announcement, long nowNanos) {
    var swarm = swarms.get(announcement.infoHash());
    if (announcement.event() == AnnounceEvent.STOPPED) {
      if (swarm != null) {
        swarm.peers.remove(announcement.peer());
        forgetEmpty();
      }
      return;
    }
    swarm = swarms.computeIfAbsent(announcement.infoHash(), _ -> new Swarm());
    var peer = swarm.peers.computeIfAbsent(announcement.peer(), _ -> new Peer());
    peer.id = announcement.peerId();
    peer.isSeed = announcement.isSeed();
    peer.seenNanos = nowNanos;
    if (announcement.event() == AnnounceEvent.COMPLETED && !peer.hasCompleted) {
      peer.hasCompleted = true;
      swarm.downloaded++;
    }
  }

  /** Whom the asker may be told. */
  List<Endpoint> tellable(Announcement asker, long expiredBeforeNanos) {
    var swarm = swarms.get(asker.infoHash());
    var peers = new ArrayList<Endpoint>();
    if (swarm != null && asker.event() != AnnounceEvent.STOPPED) {
      swarm.peers.forEach(
          (endpoint, peer) -> {
            boolean isWanted =
                !peer.id.equals(asker.peerId())
                    && !(asker.isSeed() && peer.isSeed)
                    && peer.seenNanos - expiredBeforeNanos >= 0
                    && (asker.families() != (endpoint.isV4() ? Families.V6 : Families.V4));
            if (isWanted) {
              peers.add(endpoint);
            }
          });
    }
    return peers;
  }

  /** Whether the asker's swarm has no dead peers, which a store may draw in vain. */
  boolean isAllAlive(Announcement asker, long expiredBeforeNanos) {
    var swarm = swarms.get(asker.infoHash());
    return swarm == null
        || swarm.peers.values().stream().allMatch(p -> p.seenNanos - expiredBeforeNanos >= 0);
  }

  void expire(long expiredBeforeNanos) {
    swarms
        .values()
        .forEach(swarm -> swarm.peers.values().removeIf(p -> p.seenNanos - expiredBeforeNanos < 0));
    forgetEmpty();
  }

  private void forgetEmpty() {
    swarms.values().removeIf(swarm -> swarm.peers.isEmpty());
  }

  int peerCount() {
    return swarms.values().stream().mapToInt(swarm -> swarm.peers.size()).sum();
  }

  Scrape scrapeAll() {
    var scrape = new Scrape(swarms.size());
    swarms.keySet().forEach(scrape::add);
    return scrape;
  }
}

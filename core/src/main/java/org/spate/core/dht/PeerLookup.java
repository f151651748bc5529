package org.spate.core.dht;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * Finds the peers of a swarm at one node, counts them (BEP 33), and may announce one of its own.
 */
final class PeerLookup implements Lookup.Purpose {
  /** More peers of one swarm are not listened to. */
  static final int PEERS_MAX = 2_000;

  private static final int OWN_MAX = 100;

  private final Hash160 infoHash;
  private final @Nullable Announcement announcement;
  private final boolean isScrape;
  private final Lookup.Port port;
  private final Findings findings;
  private final Consumer<List<Endpoint>> onPeers;
  private final LongConsumer whenDone;
  private final Set<Endpoint> seen = new HashSet<>();

  /** Our own peer, as an announce tells of it. */
  record Announcement(int port, boolean isSeed) {}

  /**
   * @param isScrape whether to count; libtorrent then names no peers
   */
  PeerLookup(
      Hash160 infoHash,
      @Nullable Announcement announcement,
      boolean isScrape,
      Lookup.Port port,
      Findings findings,
      Consumer<List<Endpoint>> onPeers,
      LongConsumer whenDone) {
    this.infoHash = infoHash;
    this.announcement = announcement;
    this.isScrape = isScrape;
    this.port = port;
    this.findings = findings;
    this.onPeers = onPeers;
    this.whenDone = whenDone;
  }

  /** What a node of ours holds of the swarm itself: a small DHT may store it nowhere else. */
  static void tellOwn(DhtNode node, Hash160 infoHash, Consumer<List<Endpoint>> onPeers) {
    var own = node.responder().peers().some(infoHash, false, OWN_MAX);
    if (!own.isEmpty()) {
      onPeers.accept(own);
    }
  }

  @Override
  public Query query() {
    boolean isSeed = announcement != null && announcement.isSeed();
    return new Query.GetPeers(infoHash, Want.UNSAID, isSeed, isScrape);
  }

  @Override
  public void onReply(NodeInfo from, Reply reply, long nowNanos) {
    var peers = new ArrayList<Endpoint>();
    for (var peer : reply.peers()) {
      if (Reach.mayName(from.endpoint(), peer) && seen.size() < PEERS_MAX && seen.add(peer)) {
        peers.add(peer);
      }
    }
    if (!peers.isEmpty()) {
      onPeers.accept(peers);
    }
    if (reply.scrape() != null) {
      findings.count(reply.scrape());
    }
  }

  int peerCount() {
    return seen.size();
  }

  @Override
  public void onEnd(int asked, List<Lookup.Answer> answered, long nowNanos) {
    findings.asked += asked;
    findings.answered += answered.size();
    Storing.begin(port, answered, this::announce, findings, whenDone, nowNanos);
  }

  private @Nullable Query announce(Lookup.Answer answer) {
    var token = answer.token();
    return announcement == null || token == null
        ? null
        : new Query.AnnouncePeer(infoHash, announcement.port(), announcement.isSeed(), token);
  }
}

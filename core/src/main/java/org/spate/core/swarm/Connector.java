package org.spate.core.swarm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;
import org.spate.core.wire.PeerMessage;

/** Decides which links there are: whom to dial, whom to let in, whom to let go. */
final class Connector {
  private static final long SECOND = 1_000_000_000L;

  /** A link with nothing to say says so every two minutes (BEP 3); a little before, here. */
  private static final long KEEP_ALIVE_NANOS = 110 * SECOND;

  private static final long IDLE_NANOS = 130 * SECOND;

  /** Pieces are told right after the handshake; by now we know whether a link is of any use. */
  private static final long ACQUAINTED_NANOS = 5 * SECOND;

  /** No more often than this does discovery hear that peers are wanted. */
  private static final long WANT_PEERS_NANOS = 30 * SECOND;

  /** Messages without news that a neighbour may send in a burst, and those forgiven a second. */
  private static final int NUISANCE_MAX = 2000;

  private static final int NUISANCE_FORGIVEN = 100;

  private final Neighbours neighbours;
  private final PeerTable table;
  private final Outbox out;
  private final PeerId self;
  private SwarmSettings settings;
  private int dials;
  private long wantedPeersNanos;
  private boolean wantedPeers;

  Connector(
      Neighbours neighbours, PeerTable table, Outbox out, SwarmSettings settings, PeerId self) {
    this.neighbours = neighbours;
    this.table = table;
    this.out = out;
    this.settings = settings;
    this.self = self;
  }

  void settings(SwarmSettings changed) {
    settings = changed;
  }

  void onFound(List<Endpoint> peers, PeerSource source, long nowNanos) {
    for (var remote : peers) {
      table.add(remote, source, nowNanos);
    }
  }

  /** Dials as many as are due, wanted and allowed. */
  void dial(long nowNanos) {
    while (dials < settings.dialsMax() && neighbours.count() + dials < settings.linksWanted()) {
      var remote = table.next(nowNanos);
      if (remote == null) {
        return;
      }
      dials++;
      out.add(new SwarmOutput.Dial(remote));
    }
  }

  void onDialFailed(Endpoint remote, long nowNanos) {
    dials = Math.max(0, dials - 1);
    table.onDialFailed(remote, nowNanos);
  }

  /** Asks discovery for more, if there are fewer neighbours than wanted and nobody to dial. */
  void lookForPeers(long nowNanos) {
    boolean few = neighbours.count() + dials < settings.linksWanted();
    boolean due = !wantedPeers || nowNanos - wantedPeersNanos >= WANT_PEERS_NANOS;
    if (few && due && table.nextNanos() - nowNanos > WANT_PEERS_NANOS) {
      wantedPeers = true;
      wantedPeersNanos = nowNanos;
      out.add(new SwarmOutput.WantPeers());
    }
  }

  /** Why a new link is not welcome, or null. */
  @Nullable CloseReason refusal(SwarmInput.LinkOpened opened) {
    if (opened.handshake().peerId().equals(self)) {
      return CloseReason.SELF;
    }
    if (table.isBanned(opened.remote())) {
      return CloseReason.BANNED;
    }
    var twin = neighbours.twin(opened.handshake().peerId(), opened.remote());
    if (twin != null && !loses(twin, opened)) {
      return CloseReason.DUPLICATE;
    }
    return neighbours.count() >= settings.linksMax() ? CloseReason.TOO_MANY_LINKS : null;
  }

  void onRefused(SwarmInput.LinkOpened opened, CloseReason reason, long nowNanos) {
    if (!opened.incoming()) {
      dials = Math.max(0, dials - 1);
      table.onClosed(opened.remote(), reason, nowNanos);
    }
  }

  /** The link that a new and better one to the same peer replaces, or null. */
  @Nullable Peer loser(SwarmInput.LinkOpened opened) {
    return neighbours.twin(opened.handshake().peerId(), opened.remote());
  }

  /**
   * Two peers that dial each other at once must not each close the link that the other keeps: the
   * one dialled by the greater peer id stays.
   */
  private boolean loses(Peer twin, SwarmInput.LinkOpened opened) {
    if (twin.incoming == opened.incoming()) {
      return false;
    }
    boolean weAreGreater = self.value().compareTo(opened.handshake().peerId().value()) > 0;
    return weAreGreater != opened.incoming();
  }

  Peer welcome(SwarmInput.LinkOpened opened, int pieceCount, long nowNanos) {
    var source = opened.incoming() ? PeerSource.INCOMING : table.source(opened.remote());
    if (!opened.incoming()) {
      dials = Math.max(0, dials - 1);
    }
    table.onConnected(opened.remote());
    var peer = new Peer(opened, source, pieceCount, nowNanos);
    neighbours.add(peer);
    return peer;
  }

  void onClosed(Peer peer, CloseReason reason, long nowNanos) {
    table.onClosed(peer.remote, reason, nowNanos);
  }

  /** Every second, for each neighbour: why it must go, or null. */
  @Nullable CloseReason check(Peer peer, boolean finished, long nowNanos) {
    if (nowNanos - peer.lastReceivedNanos > IDLE_NANOS) {
      return CloseReason.IDLE;
    }
    if (peer.nuisance > NUISANCE_MAX) {
      return CloseReason.MESSAGE_FLOOD;
    }
    peer.nuisance = Math.max(0, peer.nuisance - NUISANCE_FORGIVEN);
    boolean servesNobody = peer.isSeed() || peer.uploadOnly;
    if (finished
        && servesNobody
        && !peer.peerInterested
        && nowNanos - peer.connectedNanos > ACQUAINTED_NANOS) {
      return CloseReason.USELESS;
    }
    if (nowNanos - peer.lastSentNanos > KEEP_ALIVE_NANOS) {
      out.send(peer, new PeerMessage.KeepAlive(), nowNanos);
    }
    return null;
  }
}

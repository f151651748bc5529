package org.spate.core.swarm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;
import org.spate.core.PeerId;
import org.spate.core.wire.PeerMessage;

/** Decides which links there are: whom to dial, whom to let in, whom to let go. */
final class Connector {
  private static final long SECOND = 1_000_000_000L;

  /**
   * A link with nothing to say says so every two minutes (BEP 3); here when first looked at after
   * this.
   */
  private static final long KEEP_ALIVE_NANOS = 100 * SECOND;

  private static final long IDLE_NANOS = 130 * SECOND;

  /** Pieces are told right after the handshake; by now we know whether a link is of any use. */
  private static final long ACQUAINTED_NANOS = 5 * SECOND;

  /** A link that ends sooner was as good as none: its address is left alone ever longer. */
  private static final long OF_USE_NANOS = 60 * SECOND;

  /** No more often than this does discovery hear that peers are wanted. */
  private static final long WANT_PEERS_NANOS = 30 * SECOND;

  /** Messages without news that a neighbour may send in a burst, and those forgiven a second. */
  static final int NUISANCE_MAX = 2000;

  private static final int NUISANCE_FORGIVEN = 100;

  private final Neighbours neighbours;
  private final Strangers strangers;
  private final PeerTable table;
  private final Outbox out;
  private final PeerId self;
  private SwarmSettings settings;
  private final DialPromise promise = new DialPromise();
  private int dials;
  private long wantedPeersNanos;
  private boolean wantedPeers;
  private @Nullable Endpoint selfTold;
  private @Nullable Endpoint selfTeller;
  private boolean isSelfKnown;

  // Dialling is asked for after every event, and few bring anything that may lead to a dial.
  private boolean stirred = true;
  private long nextDialNanos = Machine.NEVER;

  Connector(
      Neighbours neighbours, PeerTable table, Outbox out, SwarmSettings settings, PeerId self) {
    this.neighbours = neighbours;
    this.strangers = new Strangers(neighbours);
    this.table = table;
    this.out = out;
    this.settings = settings;
    this.self = self;
  }

  void settings(SwarmSettings changed) {
    stirred = true;
    settings = changed;
  }

  void onFound(List<Endpoint> peers, PeerSource source, long nowNanos) {
    if (settings.isPrivate() && !source.isForPrivate()) {
      return;
    }
    stirred = true;
    for (var remote : peers) {
      table.add(remote, source, nowNanos);
    }
  }

  /** Dials as many as are due, wanted and allowed. */
  void dial(long nowNanos) {
    boolean isDue = nextDialNanos != Machine.NEVER && nextDialNanos - nowNanos <= 0;
    if (!stirred && !isDue) {
      return;
    }
    stirred = false;
    nextDialNanos = Machine.NEVER;
    promise.pass(nowNanos);
    while (dials < settings.dialsMax() && isFew()) {
      var remote = table.next(nowNanos);
      if (remote == null) {
        nextDialNanos = table.nextNanos();
        return;
      }
      dials++;
      promise.onDial(nowNanos);
      out.add(new SwarmOutput.Dial(remote));
    }
  }

  /** Dials somebody who dials us right now; false if that is not wanted. */
  boolean punch(Endpoint remote, long nowNanos) {
    if (dials >= settings.dialsMax() || !isFew() || !table.take(remote, nowNanos)) {
      return false;
    }
    dials++;
    promise.onDial(nowNanos);
    out.add(new SwarmOutput.Punch(remote));
    return true;
  }

  /** Whether there are fewer neighbours of use than wanted, also if those come that may. */
  boolean isFew() {
    double expected = neighbours.count() - strangers.count() + promise.links(dials);
    return expected < settings.linksWanted();
  }

  /** Every second: who is of use? */
  void everySecond(boolean isSeed, long nowNanos) {
    stirred = true;
    strangers.everySecond(isSeed, nowNanos);
  }

  void onDialFailed(Endpoint remote, long nowNanos) {
    dialEnded();
    boolean isHere = neighbours.all().stream().anyMatch(peer -> remote.equals(peer.dialable));
    if (!isHere) {
      table.onDialFailed(remote, nowNanos); // else another dial of the same came to something
    }
  }

  private void dialEnded() {
    dials = Math.max(0, dials - 1);
    stirred = true;
  }

  /** Asks discovery for more, if there are fewer neighbours than wanted and nobody to dial. */
  void lookForPeers(long nowNanos) {
    boolean few = isFew();
    boolean due = !wantedPeers || nowNanos - wantedPeersNanos >= WANT_PEERS_NANOS;
    if (few && due && table.nextNanos() - nowNanos > WANT_PEERS_NANOS) {
      wantedPeers = true;
      wantedPeersNanos = nowNanos;
      out.add(new SwarmOutput.WantPeers());
    }
  }

  /** Why a new link is not welcome, or null. */
  @Nullable CloseReason refusal(SwarmInput.LinkOpened opened, long nowNanos) {
    if (opened.handshake().peerId().equals(self)) {
      return CloseReason.SELF;
    }
    if (table.isBanned(opened.remote())) {
      return CloseReason.BANNED;
    }
    var twin = twin(opened);
    if (twin != null && !loses(twin, opened)) {
      return CloseReason.DUPLICATE;
    }
    boolean isFull = neighbours.count() >= settings.linksMax();
    return isFull && twin == null && victim(opened, nowNanos) == null
        ? CloseReason.TOO_MANY_LINKS
        : null;
  }

  /** Whose place a welcome link takes when all are taken, or null. */
  @Nullable Peer victim(SwarmInput.LinkOpened opened, long nowNanos) {
    return neighbours.count() < settings.linksMax() || twin(opened) != null
        ? null
        : strangers.worst(!opened.incoming(), nowNanos);
  }

  void onRefused(SwarmInput.LinkOpened opened, CloseReason reason, long nowNanos) {
    if (!opened.incoming()) {
      dialEnded();
      var twin = twin(opened);
      if (reason == CloseReason.DUPLICATE && twin != null && twin.dialable == null) {
        twin.dialable = opened.remote(); // known now, and not to be dialled while it is here
      } else {
        table.onClosed(opened.remote(), reason, false, nowNanos);
      }
    }
  }

  private @Nullable Peer twin(SwarmInput.LinkOpened opened) {
    return neighbours.twin(opened.handshake().peerId(), opened.remote());
  }

  /** The link that a new and better one to the same peer replaces, or null. */
  @Nullable Peer loser(SwarmInput.LinkOpened opened) {
    return twin(opened);
  }

  /**
   * Two peers that dial each other at once must not each close the link that the other keeps: the
   * one dialled by the greater peer id stays. From another address anybody could claim its id.
   */
  private boolean loses(Peer twin, SwarmInput.LinkOpened opened) {
    if (twin.incoming == opened.incoming() || !twin.remote.sameAddress(opened.remote())) {
      return false;
    }
    boolean weAreGreater = self.value().compareTo(opened.handshake().peerId().value()) > 0;
    return weAreGreater != opened.incoming();
  }

  /** A link that another machine has led so far. */
  Peer inherit(SwarmInput.LinkOpened opened, PeerSource source, int pieceCount, long nowNanos) {
    if (!opened.incoming()) {
      table.add(opened.remote(), source, nowNanos);
      table.onConnected(opened.remote());
    }
    var peer = new Peer(opened, source, pieceCount, nowNanos);
    neighbours.add(peer);
    return peer;
  }

  /**
   * @param loser the link that this one replaces, or null; still to be closed
   */
  Peer welcome(SwarmInput.LinkOpened opened, @Nullable Peer loser, int pieceCount, long nowNanos) {
    var source = opened.incoming() ? PeerSource.INCOMING : table.source(opened.remote());
    if (!opened.incoming()) {
      dialEnded();
      promise.onLink();
      table.onConnected(opened.remote());
    }
    var peer = new Peer(opened, source, pieceCount, nowNanos);
    neighbours.add(peer);
    if (loser != null && (peer.incoming || peer.remote.equals(loser.dialable))) {
      peer.dialable = loser.dialable;
      loser.dialable = null;
    }
    return peer;
  }

  /** An incoming neighbour has told its port (BEP 10): it need not be dialled while it is here. */
  void onListenPort(Peer peer, int port) {
    if (peer.dialable == null && port != 0) {
      var remote = peer.remote.withPort(port);
      if (table.onConnected(remote)) {
        peer.dialable = remote;
      }
    }
  }

  /** How a neighbour sees us: believed when another one, elsewhere, says the same. */
  void onOurAddress(Peer peer, @Nullable Endpoint address) {
    if (address == null || settings.listenPort() == 0 || isSelfKnown) {
      return;
    }
    var teller = selfTeller;
    if (address.equals(selfTold) && teller != null && !teller.sameAddress(peer.remote)) {
      isSelfKnown = true;
      table.self(address.withPort(settings.listenPort()));
    }
    selfTold = address;
    selfTeller = peer.remote;
  }

  void onClosed(Peer peer, CloseReason reason, long nowNanos) {
    stirred = true;
    if (peer.dialable != null) {
      boolean wasOfUse = nowNanos - peer.connectedNanos > OF_USE_NANOS;
      table.onClosed(peer.dialable, reason, wasOfUse, nowNanos);
    }
  }

  /** Whether it has had the time to tell its pieces. */
  boolean isAcquainted(Peer peer, long nowNanos) {
    return nowNanos - peer.connectedNanos > ACQUAINTED_NANOS;
  }

  /** Forgives with time; returns whether there are too many messages without news left. */
  static boolean isFlooding(Peer peer, long nowNanos) {
    long seconds = (nowNanos - peer.forgivenNanos) / SECOND;
    if (seconds > 0) {
      peer.nuisance = (int) Math.max(0, peer.nuisance - seconds * NUISANCE_FORGIVEN);
      peer.forgivenNanos += seconds * SECOND;
    }
    return peer.nuisance > NUISANCE_MAX;
  }

  /** Every ten seconds, for each neighbour: why it must go, or null. */
  @Nullable CloseReason check(Peer peer, boolean finished, long nowNanos) {
    if (peer.web != null) {
      return null; // it costs nothing while it is not asked
    }
    boolean takesNothing = peer.inFlight > 0 && nowNanos - peer.lastTakenNanos > IDLE_NANOS;
    if (takesNothing || nowNanos - peer.lastReceivedNanos > IDLE_NANOS) {
      return CloseReason.IDLE;
    }
    boolean servesNobody = peer.isSeed() || peer.uploadOnly;
    if (finished && servesNobody && !peer.peerInterested && isAcquainted(peer, nowNanos)) {
      return CloseReason.USELESS;
    }
    if (nowNanos - peer.lastSentNanos > KEEP_ALIVE_NANOS) {
      out.send(peer, new PeerMessage.KeepAlive(), nowNanos);
    }
    return null;
  }
}

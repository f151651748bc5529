package org.spate.core.swarm;

import java.util.random.RandomGenerator;
import org.spate.core.Machine;
import org.spate.core.wire.PeerMessage;

/**
 * Tells neighbours that our uplink is idle, by suggesting a piece (BEP 6): one that waits in
 * somebody else's queue may then change over to ours. Nobody else can know, and an uplink that
 * idles while others have queues is what keeps a swarm from its bound.
 */
final class Suggester {
  /** Between one suggestion and the next; twice as long after each that came to nothing. */
  private static final long PAUSE_MIN_NANOS = 100_000_000L;

  private static final long PAUSE_MAX_NANOS = 3_200_000_000L;

  /** Neighbours told at once: most have nothing that waits. */
  private static final int AT_ONCE = 10;

  private final PieceSet have;
  private final Neighbours neighbours;
  private final Uploader uploader;
  private final Outbox out;
  private final RandomGenerator random;
  private long dueNanos = Machine.NEVER;
  private long notBeforeNanos;
  private long pauseNanos = PAUSE_MIN_NANOS;

  Suggester(
      PieceSet have, Neighbours neighbours, Uploader uploader, Outbox out, RandomGenerator random) {
    this.have = have;
    this.neighbours = neighbours;
    this.uploader = uploader;
    this.out = out;
    this.random = random;
  }

  long dueNanos() {
    return dueNanos;
  }

  /** After every event. */
  void settle(long nowNanos) {
    if (!uploader.isIdle()) {
      pauseNanos = PAUSE_MIN_NANOS;
      notBeforeNanos = nowNanos;
      dueNanos = Machine.NEVER;
    } else if (notBeforeNanos - nowNanos <= 0) {
      boolean told = suggest(nowNanos);
      notBeforeNanos = nowNanos + pauseNanos;
      dueNanos = told ? notBeforeNanos : Machine.NEVER; // else when something happens
      pauseNanos = Math.min(pauseNanos * 2, PAUSE_MAX_NANOS);
    }
  }

  /** To some neighbours drawn by lot; returns false if nobody can be told. */
  private boolean suggest(long nowNanos) {
    int able = 0;
    for (var peer : neighbours.all()) {
      able += isAble(peer) ? 1 : 0;
    }
    boolean told = false;
    int left = Math.min(able, AT_ONCE);
    for (var peer : neighbours.all()) {
      if (left > 0 && isAble(peer) && random.nextInt(able--) < left) {
        left--;
        told |= suggest(peer, nowNanos);
      }
    }
    return told;
  }

  private static boolean isAble(Peer peer) {
    return peer.fast && !peer.amChoking && peer.peerInterested;
  }

  private boolean suggest(Peer peer, long nowNanos) {
    int piece = pieceFor(peer);
    if (piece >= 0) {
      out.send(peer, new PeerMessage.SuggestPiece(piece), nowNanos);
    }
    return piece >= 0;
  }

  /** A piece that we have and it has not, from a place drawn by lot; -1 if there is none. */
  private int pieceFor(Peer peer) {
    int start = random.nextInt(have.pieceCount());
    int piece = have.nextNotIn(peer.has, start);
    return piece >= 0 ? piece : have.nextNotIn(peer.has, 0);
  }
}

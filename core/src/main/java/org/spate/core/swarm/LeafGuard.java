package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;
import org.spate.core.swarm.HashSource.LeafRequest;
import org.spate.core.wire.PeerMessage;

/**
 * Knows the hash of each block where that is worth asking for, so that who sends a wrong block of a
 * v2 torrent is cut off at once (BEP 52) and not after a whole piece. That is: for the pieces asked
 * of a neighbour from whom no good piece has come yet, or that is on parole, and for pieces that
 * have failed. An honest swarm pays for the first piece of each neighbour and no more.
 *
 * <p>Anybody may be asked, since an answer proves itself; others come before the one that is
 * guarded against.
 */
final class LeafGuard {
  /** Most pieces guarded at once; beyond it the oldest is left to its piece's hash. */
  static final int GUARDED_MAX = 64;

  /** After so long another neighbour is asked. */
  static final long PATIENCE_NANOS = 5_000_000_000L;

  private static final class Guarded {
    final LeafRequest request;
    final List<Integer> asked = new ArrayList<>(); // links, the last one may still answer
    final int suspect;
    boolean isAsking;
    long askedNanos;
    byte @Nullable [] leaves;
    boolean hasConvicted;

    Guarded(LeafRequest request, int suspect) {
      this.request = request;
      this.suspect = suspect;
    }

    boolean isAbout(Hash256 root, int baseLayer, int index, int length) {
      return request.piecesRoot().equals(root)
          && request.range().baseLayer() == baseLayer
          && request.range().index() == index
          && request.range().length() == length;
    }
  }

  private final HashSource hashes;
  private final Neighbours neighbours;
  private final PieceLedger ledger;
  private final Outbox out;
  private final Map<Integer, Guarded> pieces = new LinkedHashMap<>();

  LeafGuard(HashSource hashes, Neighbours neighbours, PieceLedger ledger, Outbox out) {
    this.hashes = hashes;
    this.neighbours = neighbours;
    this.ledger = ledger;
    this.out = out;
  }

  /** A block of a piece is about to be requested. */
  void onRequest(Peer peer, int piece, long nowNanos) {
    if (!peer.isProven || ledger.isOnParole(peer.remote)) {
      guard(piece, peer.link, nowNanos);
    }
  }

  private void guard(int piece, int suspect, long nowNanos) {
    var request = pieces.containsKey(piece) ? null : hashes.leavesOf(piece);
    if (request != null) {
      if (pieces.size() == GUARDED_MAX) {
        pieces.remove(pieces.keySet().iterator().next());
      }
      var guarded = new Guarded(request, suspect);
      pieces.put(piece, guarded);
      ask(guarded, piece, nowNanos);
    }
  }

  private void ask(Guarded guarded, int piece, long nowNanos) {
    var peer = whomToAsk(guarded, piece);
    guarded.isAsking = peer != null && peer.link != guarded.suspect;
    guarded.askedNanos = nowNanos;
    if (peer != null) {
      guarded.asked.add(peer.link);
      var range = guarded.request.range();
      out.send(
          peer,
          new PeerMessage.HashRequest(
              guarded.request.piecesRoot(),
              range.baseLayer(),
              range.index(),
              range.length(),
              range.proofLayers()),
          nowNanos);
    }
  }

  private @Nullable Peer whomToAsk(Guarded guarded, int piece) {
    Peer best = null;
    for (var peer : neighbours.all()) {
      if (peer.knowsTrees
          && !guarded.asked.contains(peer.link)
          && (best == null || rank(peer, guarded, piece) > rank(best, guarded, piece))) {
        best = peer;
      }
    }
    return best;
  }

  /** One that says it has nothing may be a super-seed, and only says so (BEP 16). */
  private static int rank(Peer peer, Guarded guarded, int piece) {
    return peer.link == guarded.suspect ? 0 : peer.has.contains(piece) ? 2 : 1;
  }

  /** Every second: who does not answer need not. Then others may have come that can. */
  void everySecond(long nowNanos) {
    for (var entry : pieces.entrySet()) {
      var guarded = entry.getValue();
      boolean isDue = !guarded.isAsking || nowNanos - guarded.askedNanos > PATIENCE_NANOS;
      if (guarded.leaves == null && isDue) {
        ask(guarded, entry.getKey(), nowNanos);
      }
    }
  }

  /** A neighbour has said what it has: somebody more to ask. */
  void onJoined(long nowNanos) {
    for (var entry : pieces.entrySet()) {
      var guarded = entry.getValue();
      if (guarded.leaves == null && !guarded.isAsking) {
        ask(guarded, entry.getKey(), nowNanos);
      }
    }
  }

  /** Returns why the link must close, or null. */
  @Nullable CloseReason onHashes(Peer peer, PeerMessage.Hashes m) {
    for (var entry : pieces.entrySet()) {
      var guarded = entry.getValue();
      if (guarded.leaves == null
          && guarded.isAbout(m.piecesRoot(), m.baseLayer(), m.index(), m.length())
          && guarded.asked.contains(peer.link)) {
        if (m.proofLayers() != guarded.request.range().proofLayers()
            || !guarded.request.isProvedBy(m.hashes())) {
          return CloseReason.BAD_HASHES;
        }
        guarded.leaves = m.hashes();
        out.add(new SwarmOutput.ExpectLeaves(entry.getKey(), m.hashes()));
        return null;
      }
    }
    peer.nuisance++;
    return null;
  }

  void onReject(Peer peer, PeerMessage.HashReject m, long nowNanos) {
    peer.nuisance++;
    for (var entry : pieces.entrySet()) {
      var guarded = entry.getValue();
      if (guarded.leaves == null
          && guarded.isAbout(m.piecesRoot(), m.baseLayer(), m.index(), m.length())
          && guarded.asked.getLast() == peer.link) {
        ask(guarded, entry.getKey(), nowNanos);
        return;
      }
    }
  }

  /** A block of the piece was found wrong by its own hash. */
  void onConviction(int piece) {
    var guarded = pieces.get(piece);
    if (guarded != null) {
      guarded.hasConvicted = true;
    }
  }

  /** Whether it is known who spoiled a piece, so that nobody else is under suspicion. */
  boolean hasConvicted(int piece) {
    var guarded = pieces.get(piece);
    return guarded != null && guarded.hasConvicted;
  }

  void onPassed(int piece) {
    pieces.remove(piece);
    if (hashes.equals(HashSource.NONE)) {
      return; // nothing is ever asked
    }
    for (var peer : neighbours.all()) {
      if (!peer.isProven) {
        peer.isProven = ledger.isSender(piece, peer.remote);
      }
    }
  }

  /** It will be fetched again, and watched this time. */
  void onFailed(int piece, long nowNanos) {
    var guarded = pieces.get(piece);
    if (guarded == null) {
      guard(piece, -1, nowNanos);
    } else {
      guarded.hasConvicted = false;
      if (guarded.leaves != null) {
        out.add(new SwarmOutput.ExpectLeaves(piece, guarded.leaves));
      }
    }
  }

  /** Blocks of all unfinished pieces are given up, and what storage was told of them. */
  void forgetAll() {
    pieces.clear();
  }
}

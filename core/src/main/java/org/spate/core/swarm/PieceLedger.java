package org.spate.core.swarm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.PieceGeometry;

/**
 * Who sent which block of the pieces that are not verified, and who may have sent a bad one.
 *
 * <p>When a piece fails its hash, its senders and a digest of each block are kept as evidence until
 * the piece passes: then whoever sent a block that differs from the good one is convicted, and
 * nobody else. Until then all of them are on parole, and the picker gives them pieces of their own:
 * a failed piece that came whole from one peer convicts that peer at once, a good one clears it.
 *
 * <p>Peers are known by endpoint, since links may be gone when the proof comes. A block whose
 * sender is unknown, as one kept from an earlier run, accuses nobody.
 */
final class PieceLedger {
  /** Most failed hashes of which evidence is kept; beyond it the oldest is dropped. */
  static final int EVIDENCE_MAX = 64;

  private static final long[] NONE = new long[0];

  private final PieceGeometry geometry;
  private final @Nullable Endpoint[] @Nullable [] senders; // by piece and block
  private final ArrayDeque<Evidence> evidence = new ArrayDeque<>();
  private final Set<Endpoint> parole = new LinkedHashSet<>();

  /** A failed hash; those convicted since are taken out of the senders. */
  private record Evidence(int piece, @Nullable Endpoint[] senders, long[] digests) {
    boolean names(Endpoint peer) {
      return Arrays.asList(senders).contains(peer);
    }
  }

  PieceLedger(PieceGeometry geometry) {
    this.geometry = geometry;
    this.senders = new @Nullable Endpoint[geometry.pieceCount()] @Nullable [];
  }

  /** A block of a peer is part of a piece now. */
  void onBlock(int piece, int block, Endpoint sender) {
    var ofPiece = senders[piece];
    if (ofPiece == null) {
      ofPiece = new @Nullable Endpoint[geometry.fetchBlockCount(piece)];
      senders[piece] = ofPiece;
    }
    ofPiece[block] = sender;
  }

  /** Whether a good copy of a piece can convict somebody: its digests should be asked for. */
  boolean wantsDigests(int piece) {
    for (var failure : evidence) {
      if (failure.piece == piece) {
        return true;
      }
    }
    return false;
  }

  /** Whether a peer took part in a failed piece and was neither convicted nor cleared. */
  boolean isOnParole(Endpoint peer) {
    return !parole.isEmpty() && parole.contains(peer);
  }

  /** A block was found wrong by its own hash. Returns who sent it, or null if that is not known. */
  @Nullable Endpoint onBlockFailed(int piece, int block) {
    var ofPiece = senders[piece];
    var sender = ofPiece == null ? null : ofPiece[block];
    if (ofPiece != null && sender != null) {
      ofPiece[block] = null;
      strike(sender);
    }
    return sender;
  }

  /** Whether a peer sent a block of a piece that is not verified. */
  boolean isSender(int piece, Endpoint peer) {
    var ofPiece = senders[piece];
    return ofPiece != null && Arrays.asList(ofPiece).contains(peer);
  }

  /** The blocks of a piece are given up; nobody is to blame. */
  void forget(int piece) {
    senders[piece] = null;
  }

  /** The blocks of all unfinished pieces are given up. */
  void forgetAll() {
    Arrays.fill(senders, null);
  }

  /**
   * A piece failed its hash.
   *
   * @param digests one of each block, in order
   */
  Verdict onFailed(int piece, long @Nullable [] digests) {
    var ofPiece = senders[piece];
    senders[piece] = null;
    if (ofPiece == null) {
      return Verdict.NOTHING;
    }
    var alone = loneSender(ofPiece);
    if (alone != null) {
      strike(alone);
      return new Verdict(List.of(alone), List.of());
    }
    for (var sender : ofPiece) {
      if (sender != null) {
        parole.add(sender);
      }
    }
    evidence.add(new Evidence(piece, ofPiece, digests == null ? NONE : digests.clone()));
    return evidence.size() > EVIDENCE_MAX
        ? new Verdict(List.of(), clear(evidence.remove()))
        : Verdict.NOTHING;
  }

  /**
   * A piece passed its hash.
   *
   * @param digests one of each block, in order, or null if they were not asked for
   */
  Verdict onPassed(int piece, long @Nullable [] digests) {
    var ofPiece = senders[piece];
    senders[piece] = null;
    if (evidence.isEmpty()) {
      return Verdict.NOTHING;
    }
    var convicted = new LinkedHashSet<Endpoint>();
    var settled = new ArrayList<Evidence>();
    for (var failure : evidence) {
      if (failure.piece == piece) {
        compare(failure, digests == null ? NONE : digests, convicted);
        settled.add(failure);
      }
    }
    evidence.removeAll(settled);
    convicted.forEach(this::strike);
    var cleared = new ArrayList<Endpoint>();
    settled.forEach(failure -> cleared.addAll(clear(failure)));
    var alone = ofPiece == null ? null : loneSender(ofPiece);
    if (alone != null && parole.remove(alone)) {
      cleared.add(alone);
    }
    return new Verdict(List.copyOf(convicted), List.copyOf(cleared));
  }

  private static void compare(Evidence failure, long[] good, Set<Endpoint> convicted) {
    int known = Math.min(good.length, Math.min(failure.digests.length, failure.senders.length));
    for (int block = 0; block < known; block++) {
      var sender = failure.senders[block];
      if (sender != null && failure.digests[block] != good[block]) {
        convicted.add(sender);
      }
    }
  }

  /** Takes a convicted peer out of all other proceedings. */
  private void strike(Endpoint convict) {
    parole.remove(convict);
    for (var failure : evidence) {
      Arrays.asList(failure.senders).replaceAll(sender -> convict.equals(sender) ? null : sender);
    }
  }

  /** Ends the parole of those whom no other evidence names; returns them. */
  private List<Endpoint> clear(Evidence settled) {
    var cleared = new ArrayList<Endpoint>();
    for (var sender : settled.senders) {
      if (sender != null
          && evidence.stream().noneMatch(failure -> failure.names(sender))
          && parole.remove(sender)) {
        cleared.add(sender);
      }
    }
    return cleared;
  }

  /** The one peer that sent every block of a piece, or null. */
  private static @Nullable Endpoint loneSender(@Nullable Endpoint[] ofPiece) {
    var first = ofPiece.length == 0 ? null : ofPiece[0];
    for (var sender : ofPiece) {
      if (first == null || !first.equals(sender)) {
        return null;
      }
    }
    return first;
  }
}

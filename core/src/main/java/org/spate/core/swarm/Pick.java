package org.spate.core.swarm;

import org.jspecify.annotations.Nullable;

/**
 * How blocks are chosen for one peer.
 *
 * @param isFast whether the peer delivers a whole piece soon enough to have one for itself; a slow
 *     one shares pieces with others
 * @param isOnParole whether it may have sent a bad block: then it gets pieces of its own, so that a
 *     failed hash proves who did it
 * @param isSnubbed whether it stopped delivering: then it gets one block at a time, of the piece
 *     that is farthest from completion
 * @param mayRepeat whether in endgame it may be asked for what others are asked for, too
 * @param within the only pieces allowed, or null for any: the allowed fast set (BEP 6) of a peer
 *     that chokes us
 */
record Pick(
    boolean isFast,
    boolean isOnParole,
    boolean isSnubbed,
    boolean mayRepeat,
    @Nullable PieceSet within) {

  static final Pick FAST = new Pick(true, false, false, true, null);
  static final Pick SLOW = new Pick(false, false, false, true, null);
  static final Pick PAROLE = new Pick(false, true, false, true, null);
  static final Pick SNUBBED = new Pick(false, false, true, true, null);

  Pick within(PieceSet pieces) {
    return new Pick(isFast, isOnParole, isSnubbed, mayRepeat, pieces);
  }

  /** Whether a peer may be asked for a piece. */
  boolean allows(int piece, PieceSet has) {
    return has.contains(piece) && (within == null || within.contains(piece));
  }
}

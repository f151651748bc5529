package org.spate.core.swarm;

/**
 * What may be varied in the choice of blocks without breaking its promises; the simulator compares
 * settings.
 *
 * @param ownPiecesMax most pieces that fast peers may hold for themselves at once; beyond it they
 *     share. 0 makes every peer share, so that few pieces are open and each completes soonest
 * @param plentyPieces fewest unstarted pieces for which fast peers stay out of each other's pieces
 * @param slowJoinOwn whether a slow peer helps with a fast peer's piece before it starts a new one
 * @param startedOrder which started piece comes first, file priority being equal
 * @param requestersMax most peers that one block is requested from at once, in endgame
 * @param endgameBlocksMax most duplicate requests that an idle peer gets at once; each is a block
 *     that may be sent in vain
 * @param strictEndgame whether endgame waits until every missing block is requested; otherwise a
 *     peer enters it alone when it has nothing else to be asked for
 */
public record PickerTuning(
    int ownPiecesMax,
    int plentyPieces,
    boolean slowJoinOwn,
    StartedOrder startedOrder,
    int requestersMax,
    int endgameBlocksMax,
    boolean strictEndgame) {

  /** Which started piece is continued first. */
  public enum StartedOrder {
    /** The one that lacks the fewest blocks: it can be passed on soonest. */
    NEAREST_COMPLETION,
    /** The one that the fewest neighbours have: it is in demand most. */
    RAREST
  }

  public static final PickerTuning DEFAULT =
      new PickerTuning(32, 16, false, StartedOrder.NEAREST_COMPLETION, 2, 1, true);

  public PickerTuning {
    if (ownPiecesMax < 0 || plentyPieces < 0 || requestersMax < 1 || endgameBlocksMax < 0) {
      throw new IllegalArgumentException("picker tuning out of range");
    }
  }
}

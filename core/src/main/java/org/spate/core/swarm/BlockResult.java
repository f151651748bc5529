package org.spate.core.swarm;

/** What a block that arrived is to the {@link PiecePicker}. */
enum BlockResult {
  /** New, and its piece lacks others. */
  ACCEPTED,
  /** New, and the last that its piece lacked: the piece can be verified. */
  COMPLETES_PIECE,
  /** Here already, from another peer or with its whole piece. */
  DUPLICATE,
  /** Not asked of this peer, or no longer. */
  UNREQUESTED;

  boolean isNew() {
    return this == ACCEPTED || this == COMPLETES_PIECE;
  }
}

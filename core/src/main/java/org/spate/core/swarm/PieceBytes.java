package org.spate.core.swarm;

import org.spate.core.metainfo.PieceGeometry;

/**
 * Bytes of pieces, padding not counted.
 *
 * @param wanted those that are verified or still to come
 * @param done of these, the verified ones
 * @param left all that are not verified, wanted or not
 */
record PieceBytes(long wanted, long done, long left) {

  static PieceBytes of(PieceGeometry geometry, PieceSet have, PiecePicker picker) {
    long wanted = 0;
    long done = 0;
    long left = 0;
    for (int piece = 0; piece < geometry.pieceCount(); piece++) {
      int length = geometry.dataLength(piece);
      boolean isDone = have.contains(piece);
      wanted += isDone || picker.isWanted(piece) ? length : 0;
      done += isDone ? length : 0;
      left += isDone ? 0 : length;
    }
    return new PieceBytes(wanted, done, left);
  }
}

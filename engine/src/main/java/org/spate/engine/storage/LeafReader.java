package org.spate.engine.storage;

import java.nio.ByteBuffer;
import org.spate.core.metainfo.PieceGeometry;

/** Hashes the blocks of a piece that is stored, for peers that ask for them (BEP 52). */
final class LeafReader {
  private static final int PART_BYTES = 16 * PieceGeometry.BLOCK_LENGTH;

  private LeafReader() {}

  /** 32 bytes for each block of data; blocks the calling thread. */
  static byte[] leaves(TorrentFiles files, PieceGeometry geometry, int pieceIndex) {
    var digest = new PieceDigest(geometry, pieceIndex, false, true);
    int length = geometry.dataLength(pieceIndex);
    var part = ByteBuffer.allocate(Math.min(length, PART_BYTES));
    for (int begin = 0; begin < length; begin += PART_BYTES) {
      part.clear().limit(Math.min(PART_BYTES, length - begin));
      files.read(pieceIndex, begin, part);
      digest.update(part.flip());
    }
    var leaves = digest.leaves();
    if (leaves == null) {
      throw new IllegalStateException("no leaves");
    }
    return leaves;
  }
}

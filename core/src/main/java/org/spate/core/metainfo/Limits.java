package org.spate.core.metainfo;

import org.jspecify.annotations.Nullable;
import org.spate.core.bencode.Bencoded;

/** How large a torrent may be. Checked before anything is allocated in proportion. */
final class Limits {
  /** As many as libtorrent takes: 40 MiB of SHA-1 hashes. */
  static final int PIECE_COUNT_MAX = 1 << 21;

  /** Half a GiB, beyond which hashing a piece is no longer a unit of work. */
  static final int PIECE_LENGTH_MAX = 1 << 29;

  static final int PATH_DEPTH_MAX = 100;

  /** Path elements of all files together. */
  static final int PATH_ELEMENT_COUNT_MAX = 1 << 22;

  /** So that no sum of two lengths overflows; more than the largest torrent can have. */
  static final long LENGTH_MAX = (long) PIECE_COUNT_MAX * PIECE_LENGTH_MAX;

  private Limits() {}

  /** A file's length, 0 to {@link #LENGTH_MAX}. */
  static long length(@Nullable Bencoded value) {
    if (!(value instanceof Bencoded.Int number)) {
      throw new MetainfoException("a file has no length");
    }
    if (number.value() < 0 || number.value() > LENGTH_MAX) {
      throw new MetainfoException("a file is " + number.value() + " bytes long");
    }
    return number.value();
  }

  static int countElements(int before, int more) {
    if (before + more > PATH_ELEMENT_COUNT_MAX) {
      throw new MetainfoException("its paths have too many elements");
    }
    return before + more;
  }

  /**
   * A piece length (BEP 3), for v2 a power of two from 16 KiB up (BEP 52).
   *
   * @throws MetainfoException if it is anything else
   */
  static int pieceLength(@Nullable Bencoded value, boolean isV2) {
    if (!(value instanceof Bencoded.Int number)) {
      throw new MetainfoException("it has no piece length");
    }
    long length = number.value();
    if (length < 1 || length > PIECE_LENGTH_MAX) {
      throw new MetainfoException("its piece length is " + length);
    }
    if (isV2 && (length < PieceGeometry.BLOCK_LENGTH || Long.bitCount(length) != 1)) {
      throw new MetainfoException(
          "its piece length is " + length + ", not a power of two from 16384 up");
    }
    return (int) length;
  }

  /** The pieces that a length makes. */
  static int pieceCount(long totalLength, int pieceLength) {
    long count = Math.ceilDiv(totalLength, (long) pieceLength);
    if (count > PIECE_COUNT_MAX) {
      throw new MetainfoException("it has more than " + PIECE_COUNT_MAX + " pieces");
    }
    return (int) count;
  }
}

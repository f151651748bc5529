package org.spate.core.swarm;

import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.metainfo.HashRange;

/** What a swarm knows of the Merkle trees of its torrent (BEP 52): to answer, and to ask. */
public interface HashSource {
  /** A torrent without trees: rejects every request and has no questions. */
  HashSource NONE =
      new HashSource() {
        @Override
        public byte @Nullable [] hashes(Hash256 piecesRoot, HashRange range) {
          return null;
        }

        @Override
        public int pieceBelow(Hash256 piecesRoot, HashRange range) {
          return -1;
        }

        @Override
        public byte @Nullable [] hashes(Hash256 piecesRoot, HashRange range, byte[] leaves) {
          return null;
        }

        @Override
        public @Nullable LeafRequest leavesOf(int pieceIndex) {
          return null;
        }

        @Override
        public boolean isV2(Hash160 infoHash) {
          return false;
        }
      };

  /** A question for the leaves of a piece, and the hash that they fold to. */
  record LeafRequest(Hash256 piecesRoot, HashRange range, Hash256 pieceHash) {
    boolean isProvedBy(byte[] hashes) {
      return range.top(hashes).equals(pieceHash);
    }
  }

  /**
   * The content of a {@code hashes} message: the hashes of a range and then its uncles.
   *
   * @param piecesRoot the root of a file, as a peer named it
   * @param range as a peer asked for it, nothing in it checked
   * @return null if that is not known, or is no range of that file
   */
  byte @Nullable [] hashes(Hash256 piecesRoot, HashRange range);

  /** The piece whose blocks must be read to answer a request below the pieces; -1 for none. */
  int pieceBelow(Hash256 piecesRoot, HashRange range);

  /**
   * The same as {@link #hashes(Hash256, HashRange)} when the piece has been read.
   *
   * @param leaves the hashes of the blocks of {@link #pieceBelow}
   */
  byte @Nullable [] hashes(Hash256 piecesRoot, HashRange range, byte[] leaves);

  /** What to ask others for to know the leaves of a piece; null if it has one, or no known hash. */
  @Nullable LeafRequest leavesOf(int pieceIndex);

  /** Whether a hash that a link was opened with is that of v2: its peer knows hash requests. */
  boolean isV2(Hash160 infoHash);
}

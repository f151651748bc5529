package org.spate.core.metainfo;

import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;

/**
 * What each piece must hash to. A hybrid has both, and a piece is good only if both agree (threat
 * 79: SHA-1 alone can be forged).
 */
public interface PieceHashes {

  /** The SHA-1 of a piece, padding included; null for a torrent that is v2 only. */
  @Nullable Hash160 v1(int pieceIndex);

  /**
   * The root of the piece's Merkle subtree (BEP 52); null for v1 torrents, and for a piece of a
   * file whose piece layer is not known yet: it came without one, or from a magnet link. A piece of
   * a file longer than one piece has {@code pieceLength / 16 KiB} leaves; the only piece of a
   * smaller file has the next power of two of its blocks. See {@link #v2Leaves}.
   */
  @Nullable Hash256 v2(int pieceIndex);

  /** How many leaves, a power of two, the subtree below {@link #v2} has; 0 for v1 torrents. */
  int v2Leaves(int pieceIndex);

  /** The same with other piece layers, as they become known; nothing changes for v1 torrents. */
  default PieceHashes withLayers(PieceLayers layers) {
    return this;
  }
}

package org.spate.engine.storage;

import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.metainfo.PieceHashes;
import org.spate.core.metainfo.PieceLayers;

/** Hashes of other pieces than one asks for. */
record HashesOf(PieceHashes hashes, int v1Shift, int v2Shift) implements PieceHashes {
  static PieceHashes swapped(PieceHashes hashes, int v1Shift, int v2Shift) {
    return new HashesOf(hashes, v1Shift, v2Shift);
  }

  @Override
  public Hash160 v1(int pieceIndex) {
    return hashes.v1(pieceIndex + v1Shift);
  }

  @Override
  public Hash256 v2(int pieceIndex) {
    return hashes.v2(pieceIndex + v2Shift);
  }

  @Override
  public int v2Leaves(int pieceIndex) {
    return hashes.v2Leaves(pieceIndex);
  }

  @Override
  public PieceHashes withLayers(PieceLayers layers) {
    return this;
  }
}

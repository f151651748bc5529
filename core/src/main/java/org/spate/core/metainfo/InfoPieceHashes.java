package org.spate.core.metainfo;

import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;

/**
 * The hashes as they stand in an info dictionary and its piece layers, looked up in place.
 *
 * @param piecesStart where the SHA-1 hashes begin in {@code source}, or -1 for v2 only
 */
record InfoPieceHashes(
    byte[] source, int piecesStart, FileTree files, PieceGeometry geometry, PieceLayers layers)
    implements PieceHashes {

  @Override
  public @Nullable Hash160 v1(int pieceIndex) {
    geometry.offset(pieceIndex);
    return piecesStart < 0 ? null : Hash160.at(source, piecesStart + pieceIndex * Hash160.BYTES);
  }

  @Override
  public @Nullable Hash256 v2(int pieceIndex) {
    var file = fileOf(pieceIndex);
    var root = file == null ? null : file.piecesRoot();
    if (file == null || root == null || file.length() <= geometry.pieceLength()) {
      return root;
    }
    var layer = layers.find(root);
    long indexInFile = pieceIndex - file.offset() / geometry.pieceLength();
    return layer == null ? null : Hash256.at(layer, (int) indexInFile * Hash256.BYTES);
  }

  @Override
  public int v2Leaves(int pieceIndex) {
    var file = fileOf(pieceIndex);
    if (file == null || file.piecesRoot() == null) {
      return 0;
    }
    return MerkleTree.leafCount(Math.min(file.length(), geometry.pieceLength()));
  }

  @Override
  public PieceHashes withLayers(PieceLayers more) {
    return new InfoPieceHashes(source, piecesStart, files, geometry, more);
  }

  private @Nullable FileEntry fileOf(int pieceIndex) {
    return files.fileAt(geometry.offset(pieceIndex));
  }
}

package org.spate.core.metainfo;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;

/**
 * For each v2 file longer than one piece, the hashes of its pieces (BEP 52 {@code piece layers}),
 * checked against the file's root.
 */
public record PieceLayers(Map<Hash256, byte[]> byRoot) {
  public static final PieceLayers NONE = new PieceLayers(Map.of());

  /** The concatenated 32-byte hashes of a file's pieces, or null. */
  public byte @Nullable [] find(Hash256 piecesRoot) {
    return byRoot.get(piecesRoot);
  }

  /** Whether no file's layer is missing. */
  public boolean isCompleteFor(FileTree files, int pieceLength) {
    for (var file : files.files()) {
      var root = file.piecesRoot();
      if (root != null && hasLayer(file, pieceLength) && !byRoot.containsKey(root)) {
        return false;
      }
    }
    return true;
  }

  /**
   * These and the layer of one more file, which a peer may have sent.
   *
   * @throws MetainfoException if it does not fold to the file's root
   */
  public PieceLayers with(FileEntry file, byte[] layer, int pieceLength) {
    var root = file.piecesRoot();
    if (root == null || !isLayer(layer, root, file.length(), pieceLength)) {
      throw new MetainfoException("a piece layer does not match the root of its file");
    }
    var more = new LinkedHashMap<>(byRoot);
    more.put(root, layer.clone());
    return new PieceLayers(more);
  }

  /** Whether a file has a layer of its own; one of a single piece has only its root. */
  public static boolean hasLayer(FileEntry file, int pieceLength) {
    return file.piecesRoot() != null && file.length() > pieceLength;
  }

  /** Whether hashes are the whole piece layer of a file of that root and length. */
  static boolean isLayer(byte[] layer, Hash256 root, long length, int pieceLength) {
    long pieces = Math.ceilDiv(length, (long) pieceLength);
    if (layer.length != pieces * Hash256.BYTES) {
      return false;
    }
    int leavesPerPiece = pieceLength / PieceGeometry.BLOCK_LENGTH;
    int level = Integer.numberOfTrailingZeros(leavesPerPiece);
    int width = MerkleTree.leafCount(length) / leavesPerPiece;
    return MerkleTree.root(layer, level, width).equals(root);
  }
}

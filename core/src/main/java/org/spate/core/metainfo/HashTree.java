package org.spate.core.metainfo;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;

/**
 * The part of a file's Merkle tree (BEP 52) that is worth keeping: one layer, its pieces or its
 * blocks, and everything above, folded once so that answering a hash request costs no hashing.
 */
public final class HashTree {
  private final long fileLength;
  private final int lowestLayer;
  private final int leafCount;
  private final List<byte[]> layers = new ArrayList<>(); // from the lowest up to the root

  /**
   * @param hashes a whole layer without its padding
   * @param layer how many layers above the leaves it is
   * @throws IllegalArgumentException if a file of that length has not so many hashes there
   */
  public HashTree(byte[] hashes, int layer, long fileLength) {
    this.fileLength = fileLength;
    this.lowestLayer = layer;
    this.leafCount = MerkleTree.leafCount(fileLength);
    long count = Math.ceilDiv(fileLength, (long) PieceGeometry.BLOCK_LENGTH << layer);
    if (hashes.length != count * Hash256.BYTES || leafCount >> layer == 0) {
      throw new IllegalArgumentException(hashes.length + " bytes for " + count + " hashes");
    }
    layers.add(hashes.clone());
    for (int i = layer; leafCount >> i > 1; i++) {
      layers.add(MerkleTree.parents(layers.getLast(), i));
    }
  }

  public Hash256 root() {
    return Hash256.of(layers.getLast());
  }

  /**
   * The content of a {@code hashes} message, or null if the request is out of range or goes below
   * the layers known here.
   */
  public byte @Nullable [] answer(HashRange range) {
    return answer(range, new byte[0], 0);
  }

  /**
   * The same for requests that reach down to the leaves.
   *
   * @param leaves the hashes of the blocks, without padding, below a run of this tree's lowest
   *     layer that holds the request
   * @param firstLeaf where they begin in the file
   */
  public byte @Nullable [] answer(HashRange range, byte[] leaves, int firstLeaf) {
    if (!range.isWithin(fileLength)) {
      return null;
    }
    var below = new Subtree(leaves, firstLeaf);
    var answer = new byte[range.answerLength() * Hash256.BYTES];
    for (int i = 0; i < range.length(); i++) {
      if (!copy(below, range.baseLayer(), range.index() + i, answer, i)) {
        return null;
      }
    }
    int layer = range.baseLayer() + HashRange.log2(range.length());
    int position = range.index() / range.length();
    for (int i = range.length(); i < range.answerLength(); i++) {
      if (!copy(below, layer++, position ^ 1, answer, i)) {
        return null;
      }
      position /= 2;
    }
    return answer;
  }

  private boolean copy(Subtree below, int layer, int index, byte[] target, int place) {
    int depth = layer - lowestLayer;
    var hash =
        depth >= 0
            ? hash(layers.get(depth), index, layer)
            : (long) index << layer >= blockCount()
                ? MerkleTree.padding(layer)
                : below.hash(layer, index);
    if (hash == null) {
      return false;
    }
    System.arraycopy(hash, 0, target, place * Hash256.BYTES, Hash256.BYTES);
    return true;
  }

  private long blockCount() {
    return Math.ceilDiv(fileLength, (long) PieceGeometry.BLOCK_LENGTH);
  }

  /** A hash of a layer, or the padding behind its end. */
  private static byte[] hash(byte[] layer, int index, int level) {
    return MerkleTree.range(layer, level, index, 1);
  }

  /** What lies between some leaves and this tree's lowest layer. */
  private final class Subtree {
    private final int firstLeaf;
    private final List<byte[]> layers = new ArrayList<>();

    Subtree(byte[] leaves, int firstLeaf) {
      this.firstLeaf = firstLeaf;
      if (leaves.length > 0) {
        layers.add(leaves);
        for (int i = 0; i < lowestLayer - 1; i++) {
          layers.add(MerkleTree.parents(layers.getLast(), i));
        }
      }
    }

    byte @Nullable [] hash(int layer, int index) {
      int inside = index - (firstLeaf >> layer);
      boolean isKnown =
          layer < layers.size() && inside >= 0 && inside < layers.get(layer).length / Hash256.BYTES;
      return isKnown ? HashTree.hash(layers.get(layer), inside, layer) : null;
    }
  }
}

package org.spate.core.metainfo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.spate.core.Hash256;

/**
 * Which hashes of a file's tree are asked for (BEP 52, {@code hash request}): a run of one layer,
 * and the uncles that tie it to a node further up.
 *
 * @param baseLayer layers above the leaves
 * @param index the first hash in that layer, a multiple of {@code length}
 * @param length how many, a power of two from 2 up
 * @param proofLayers ancestor layers covered; of these the first {@code log2(length) - 1} follow
 *     from the run itself and have no uncle
 */
public record HashRange(int baseLayer, int index, int length, int proofLayers) {
  /** More than anyone needs: the leaves of a piece of 128 MiB, as libtorrent has it. */
  public static final int LENGTH_MAX = 8192;

  /** What BEP 52 asks one request not to exceed. */
  private static final int LENGTH_WANTED = 512;

  /** Whether numbers from a peer name hashes of a file of that length; safe for any. */
  public boolean isWithin(long fileLength) {
    int leaves = fileLength <= 0 ? 0 : MerkleTree.leafCount(fileLength);
    int layers = Integer.numberOfTrailingZeros(Math.max(leaves, 1));
    return leaves > 1
        && baseLayer >= 0
        && baseLayer < layers
        && length >= 2
        && length <= LENGTH_MAX
        && Integer.bitCount(length) == 1
        && index >= 0
        && index % length == 0
        && (long) index + length <= leaves >> baseLayer
        && proofLayers >= 0
        && proofLayers < layers - baseLayer;
  }

  /** How many hashes an answer has. */
  public int answerLength() {
    return length + uncleCount();
  }

  int uncleCount() {
    return Math.max(0, proofLayers - log2(length) + 1);
  }

  /** The layer of the node that an answer proves: the highest that follows from it. */
  public int topLayer() {
    return baseLayer + log2(length) + uncleCount();
  }

  /** Where in its layer that node is. */
  public int topIndex() {
    return index >> (topLayer() - baseLayer);
  }

  /**
   * Requests for a file's whole piece layer, each with the proof up to the root; none for a file of
   * one piece, whose root says it all.
   */
  public static List<HashRange> ofPieceLayer(long fileLength, int pieceLength) {
    int base = log2(pieceLength / PieceGeometry.BLOCK_LENGTH);
    int width = MerkleTree.leafCount(fileLength) >> base;
    int pieces = (int) Math.ceilDiv(fileLength, (long) pieceLength);
    var ranges = new ArrayList<HashRange>();
    if (pieces > 1) {
      int length = Math.min(width, LENGTH_WANTED);
      for (int i = 0; i < pieces; i += length) {
        ranges.add(new HashRange(base, i, length, log2(width) - 1));
      }
    }
    return ranges;
  }

  /**
   * A request for the leaves of one piece, which fold to its hash; for the only piece of a file to
   * the root.
   *
   * @param leaves the leaves below the piece, see {@link PieceHashes#v2Leaves}; 2 and up
   * @param indexInFile which piece of its file
   */
  public static HashRange ofLeaves(int leaves, int indexInFile) {
    return new HashRange(0, indexInFile * leaves, leaves, 0);
  }

  /**
   * The node that an answer leads to, to be compared with one that is known.
   *
   * @param hashes the run, then its uncles, as in a {@code hashes} message
   * @throws IllegalArgumentException if there are not {@link #answerLength} of them
   */
  public Hash256 top(byte[] hashes) {
    if (hashes.length != answerLength() * Hash256.BYTES) {
      throw new IllegalArgumentException(hashes.length + " bytes for " + this);
    }
    var digest = MerkleTree.sha256();
    var run = Arrays.copyOf(hashes, length * Hash256.BYTES);
    var node = MerkleTree.root(run, baseLayer, length).bytes();
    int position = index / length;
    for (int i = length; i < answerLength(); i++) {
      boolean isLeft = position % 2 == 0;
      if (isLeft) {
        digest.update(node);
      }
      digest.update(hashes, i * Hash256.BYTES, Hash256.BYTES);
      if (!isLeft) {
        digest.update(node);
      }
      node = digest.digest();
      position /= 2;
    }
    return Hash256.of(node);
  }

  static int log2(int powerOfTwo) {
    return Integer.numberOfTrailingZeros(powerOfTwo);
  }
}

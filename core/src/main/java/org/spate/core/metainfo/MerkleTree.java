package org.spate.core.metainfo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.spate.core.Hash256;

/**
 * The hash tree of a v2 file (BEP 52): SHA-256 over pairs, leaves are the hashes of 16 KiB blocks,
 * and zeros stand for the leaves behind the end up to a power of two.
 *
 * <p>Layers are byte arrays of concatenated hashes, as they travel in {@code piece layers} and
 * {@code hashes} messages. What is only padding is left out of a layer and stands for the root of a
 * subtree of zeros, so that no tree takes more room than its file has blocks.
 */
public final class MerkleTree {
  private static final int HASH = Hash256.BYTES;

  private MerkleTree() {}

  /** The leaves of a file's tree: its blocks up to the next power of two; 0 for no bytes. */
  public static int leafCount(long length) {
    return nextPowerOfTwo(Math.ceilDiv(length, (long) PieceGeometry.BLOCK_LENGTH));
  }

  private static int nextPowerOfTwo(long count) {
    if (count > 1 << 30) {
      throw new IllegalArgumentException("a tree of more than 2^30 leaves");
    }
    return count <= 1 ? (int) count : Integer.highestOneBit((int) count - 1) << 1;
  }

  /**
   * The root over hashes of one layer.
   *
   * @param hashes the layer without its padding, at least one hash
   * @param layer how many layers above the leaves it is, which decides its padding
   * @param width how many hashes the whole layer has, a power of two that is not less than given
   */
  public static Hash256 root(byte[] hashes, int layer, int width) {
    check(hashes, width);
    var digest = sha256();
    var nodes = hashes;
    int level = layer;
    for (int w = width; w > 1; w >>= 1) {
      nodes = parents(digest, nodes, level++);
    }
    return Hash256.of(nodes);
  }

  /**
   * The layer above: one hash for each pair, the last one padded.
   *
   * @param layer how many layers above the leaves {@code hashes} is
   */
  public static byte[] parents(byte[] hashes, int layer) {
    return parents(sha256(), hashes, layer);
  }

  private static byte[] parents(MessageDigest digest, byte[] hashes, int layer) {
    int pairs = hashes.length / (2 * HASH);
    boolean isOdd = hashes.length % (2 * HASH) != 0;
    var parents = new byte[(isOdd ? pairs + 1 : pairs) * HASH];
    for (int i = 0; i < pairs; i++) {
      digest.update(hashes, i * 2 * HASH, 2 * HASH);
      System.arraycopy(digest.digest(), 0, parents, i * HASH, HASH);
    }
    if (isOdd) {
      digest.update(hashes, pairs * 2 * HASH, HASH);
      digest.update(padding(layer));
      System.arraycopy(digest.digest(), 0, parents, pairs * HASH, HASH);
    }
    return parents;
  }

  /** The root of a subtree of that many layers over zeros: the padding of that layer. */
  public static byte[] padding(int layer) {
    var digest = sha256();
    var hash = new byte[HASH];
    for (int i = 0; i < layer; i++) {
      digest.update(hash);
      digest.update(hash);
      hash = digest.digest();
    }
    return hash;
  }

  /** The hash of a block, a leaf of the tree. */
  public static Hash256 leaf(byte[] bytes, int offset, int length) {
    return Hash256.sha256(bytes, offset, length);
  }

  private static void check(byte[] hashes, int width) {
    int count = hashes.length / HASH;
    if (count == 0 || hashes.length % HASH != 0 || Integer.bitCount(width) != 1 || count > width) {
      throw new IllegalArgumentException(hashes.length + " bytes for " + width + " hashes");
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Hashes of a range of a layer, its padding filled in. */
  static byte[] range(byte[] hashes, int layer, int from, int count) {
    var range = new byte[count * HASH];
    int known = Math.clamp(hashes.length / HASH - (long) from, 0, count);
    System.arraycopy(hashes, Math.min(from * HASH, hashes.length), range, 0, known * HASH);
    if (known < count) {
      var padding = padding(layer);
      for (int i = known; i < count; i++) {
        System.arraycopy(padding, 0, range, i * HASH, HASH);
      }
    }
    return range;
  }
}

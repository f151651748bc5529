package org.spate.engine.storage;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.MerkleTree;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.metainfo.PieceHashes;

/**
 * The hashes of one piece in the making: SHA-1 over its bytes and padding (v1), and the Merkle root
 * over its blocks (v2, BEP 52), each only if the torrent has it. Bytes come in order, from one
 * thread after another.
 */
final class PieceDigest {
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final int length; // with padding, as v1 counts
  private final int dataLength; // without, as v2 counts
  private final @Nullable MessageDigest sha1;
  private final @Nullable Leaves leaves;
  private int done;

  PieceDigest(PieceGeometry geometry, int pieceIndex, boolean hasV1, boolean hasV2) {
    length = geometry.paddedLength(pieceIndex);
    dataLength = geometry.dataLength(pieceIndex);
    sha1 = hasV1 ? digest("SHA-1") : null;
    leaves = hasV2 ? new Leaves() : null;
  }

  /** With the hashes that a piece of a torrent must match. */
  static PieceDigest of(InfoDictionary info, int pieceIndex) {
    var hashes = info.hashes();
    return new PieceDigest(
        info.geometry(), pieceIndex, hashes.v1(pieceIndex) != null, hashes.v2(pieceIndex) != null);
  }

  /** Takes the next bytes; their positions move to the end. */
  void update(ByteBuffer bytes) {
    if (leaves != null) {
      int data = Math.clamp(dataLength - done, 0, bytes.remaining());
      leaves.update(bytes.slice(bytes.position(), data));
    }
    done += bytes.remaining();
    if (sha1 != null) {
      sha1.update(bytes);
    }
  }

  /**
   * Whether the bytes were the right ones; what has not come, at the end, is padding. A piece of
   * which no hash is known is never right. Ends the use of this object.
   */
  boolean matches(PieceHashes hashes, int pieceIndex) {
    if (done < dataLength || (sha1 == null && leaves == null)) {
      return false;
    }
    boolean v1Matches = sha1 == null || Objects.equals(sha1(), hashes.v1(pieceIndex));
    return v1Matches
        && (leaves == null
            || MerkleTree.root(leaves.end(), 0, hashes.v2Leaves(pieceIndex))
                .equals(hashes.v2(pieceIndex)));
  }

  /** The SHA-1 of the piece and its padding, or null for v2. */
  @Nullable Hash160 sha1() {
    if (sha1 == null) {
      return null;
    }
    for (int left = length - done; left > 0; left -= BLOCK) {
      sha1.update(ZEROS, 0, Math.min(BLOCK, left));
    }
    return Hash160.of(sha1.digest());
  }

  /** The SHA-256 hashes of the blocks of data, or null for v1. */
  byte @Nullable [] leaves() {
    return leaves == null ? null : leaves.end();
  }

  /**
   * The hash of a block, a leaf of the tree.
   *
   * @param dataLength how much of it counts: padding follows the end of a hybrid's file (BEP 47),
   *     and leaves are of data alone
   */
  static Hash256 leaf(ByteBuffer[] block, int dataLength) {
    var sha256 = digest("SHA-256");
    int left = dataLength;
    for (var bytes : block) {
      int data = Math.min(left, bytes.remaining());
      sha256.update(bytes.slice(bytes.position(), data));
      left -= data;
    }
    return Hash256.of(sha256.digest());
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has " + algorithm, e);
    }
  }

  /** The lowest layer of a Merkle tree (BEP 52), hashed as its bytes come. */
  private static final class Leaves {
    private final MessageDigest sha256 = digest("SHA-256");
    private byte[] hashes = new byte[16 * Hash256.BYTES];
    private int count; // whole leaves
    private int inLeaf; // bytes of the next

    void update(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        int part = Math.min(BLOCK - inLeaf, bytes.remaining());
        sha256.update(bytes.slice(bytes.position(), part));
        bytes.position(bytes.position() + part);
        inLeaf += part;
        if (inLeaf == BLOCK) {
          endLeaf();
        }
      }
    }

    private void endLeaf() {
      if ((count + 1) * Hash256.BYTES > hashes.length) {
        hashes = Arrays.copyOf(hashes, hashes.length * 2);
      }
      System.arraycopy(sha256.digest(), 0, hashes, count * Hash256.BYTES, Hash256.BYTES);
      count++;
      inLeaf = 0;
    }

    /** All leaves, the last one perhaps of a shorter block. */
    byte[] end() {
      if (inLeaf > 0) {
        endLeaf();
      }
      return Arrays.copyOf(hashes, count * Hash256.BYTES);
    }
  }
}

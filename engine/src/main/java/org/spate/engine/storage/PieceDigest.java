package org.spate.engine.storage;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.MerkleTree;
import org.spate.core.metainfo.PieceGeometry;

/**
 * The hashes of one piece in the making: SHA-1 over its bytes and padding (v1), and the Merkle root
 * over its blocks (v2, BEP 52), each only if the torrent has it. Bytes come in order, from one
 * thread after another.
 */
final class PieceDigest {
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final @Nullable Hash160 v1;
  private final @Nullable Hash256 v2;
  private final int length; // with padding, as v1 counts
  private final int dataLength; // without, as v2 counts
  private final @Nullable MessageDigest sha1;
  private final @Nullable Leaves leaves;
  private int done;

  PieceDigest(InfoDictionary info, int pieceIndex) {
    var geometry = info.geometry();
    v1 = info.hashes().v1(pieceIndex);
    v2 = info.hashes().v2(pieceIndex);
    length = geometry.paddedLength(pieceIndex);
    dataLength = geometry.dataLength(pieceIndex);
    sha1 = v1 == null ? null : digest("SHA-1");
    leaves = v2 == null ? null : new Leaves(info.hashes().v2Leaves(pieceIndex));
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

  /** Whether the bytes were the right ones; what has not come, at the end, is padding. */
  boolean matches() {
    if ((v1 == null && v2 == null) || done < dataLength) {
      return false;
    }
    return v1Matches() && v2Matches();
  }

  private boolean v1Matches() {
    if (sha1 == null) {
      return true;
    }
    for (int left = length - done; left > 0; left -= BLOCK) {
      sha1.update(ZEROS, 0, Math.min(BLOCK, left));
    }
    return Hash160.of(sha1.digest()).equals(v1);
  }

  private boolean v2Matches() {
    return leaves == null || leaves.root().equals(v2);
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has " + algorithm, e);
    }
  }

  /** The lowest layer of a Merkle tree (BEP 52), hashed as its bytes come. */
  static final class Leaves {
    private final MessageDigest sha256 = digest("SHA-256");
    private final int capacity;
    private byte[] hashes;
    private int count; // whole leaves
    private int inLeaf; // bytes of the next

    /** A tree of a number of leaves that is a power of two. */
    Leaves(int capacity) {
      this.capacity = capacity;
      this.hashes = new byte[Math.min(capacity, 16) * Hash256.BYTES];
    }

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

    /** The root; leaves that have not come are zeros. Ends the use of this object. */
    Hash256 root() {
      if (inLeaf > 0) {
        endLeaf();
      }
      return MerkleTree.root(Arrays.copyOf(hashes, count * Hash256.BYTES), 0, capacity);
    }
  }
}

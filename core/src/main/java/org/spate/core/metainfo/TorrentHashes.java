package org.spate.core.metainfo;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;

/** The hashes of a new torrent, gathered piece by piece in any order; for one thread. */
public final class TorrentHashes {
  private final TorrentPlan plan;
  private final byte[] v1;
  private final byte[] v2;
  private final BitSet given = new BitSet();

  public TorrentHashes(TorrentPlan plan) {
    this.plan = plan;
    int pieces = plan.geometry().pieceCount();
    v1 = new byte[plan.options().format().hasV1() ? pieces * Hash160.BYTES : 0];
    v2 = new byte[plan.options().format().hasV2() ? pieces * Hash256.BYTES : 0];
  }

  /**
   * Takes the hashes of one piece.
   *
   * @param sha1 of the piece with its padding; null for v2
   * @param root see {@link TorrentPlan#pieceRoot}; null for v1
   * @throws IllegalArgumentException if one is missing
   */
  public void put(int pieceIndex, @Nullable Hash160 sha1, @Nullable Hash256 root) {
    var format = plan.options().format();
    if (format.hasV1() != (sha1 != null) || format.hasV2() != (root != null)) {
      throw new IllegalArgumentException("the hashes of a piece are those of the format");
    }
    plan.geometry().offset(pieceIndex);
    if (sha1 != null) {
      sha1.copyTo(v1, pieceIndex * Hash160.BYTES);
    }
    if (root != null) {
      root.copyTo(v2, pieceIndex * Hash256.BYTES);
    }
    given.set(pieceIndex);
  }

  public boolean isComplete() {
    return given.cardinality() == plan.geometry().pieceCount();
  }

  /**
   * The {@code .torrent} file.
   *
   * @throws IllegalStateException if the hashes of a piece are missing
   */
  public byte[] write() {
    if (!isComplete()) {
      throw new IllegalStateException("piece " + given.nextClearBit(0) + " has no hash");
    }
    return new MetainfoWriter(plan, this).write();
  }

  byte[] v1() {
    return v1;
  }

  /** The hashes of a file's pieces (BEP 52). */
  byte[] layer(FileEntry file) {
    int pieceLength = plan.geometry().pieceLength();
    int first = (int) (file.offset() / pieceLength);
    int count = (int) Math.ceilDiv(file.length(), (long) pieceLength);
    return MerkleTree.range(v2, 0, first, count);
  }

  /** The root of a file's tree. */
  Hash256 root(FileEntry file) {
    int pieceLength = plan.geometry().pieceLength();
    if (file.length() <= pieceLength) {
      return Hash256.of(layer(file));
    }
    int leaves = pieceLength / PieceGeometry.BLOCK_LENGTH;
    int width = MerkleTree.leafCount(file.length()) / leaves;
    return MerkleTree.root(layer(file), HashRange.log2(leaves), width);
  }
}

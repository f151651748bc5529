package org.spate.core.metainfo;

import java.util.ArrayList;
import java.util.List;
import org.spate.core.Hash160;
import org.spate.core.Hash256;

/** Makes torrents of files in memory, as a host does with files on disk. */
final class Hashing {
  private Hashing() {}

  /** Bytes of a made-up file, the formula of the corpus's BEP 52 vectors. */
  static byte[] synthetic(int length) {
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (7 * i + 13 * (i >> 8) + 31 * (i >> 16));
    }
    return bytes;
  }

  static byte[] torrent(List<SourceFile> sources, List<byte[]> contents, CreationOptions options) {
    var plan = TorrentPlan.of(sources, options);
    var hashes = new TorrentHashes(plan);
    for (int i = 0; i < plan.geometry().pieceCount(); i++) {
      var piece = piece(plan, contents, i);
      hashes.put(
          i,
          options.format().hasV1() ? Hash160.sha1(piece, 0, piece.length) : null,
          options.format().hasV2() ? plan.pieceRoot(i, leaves(plan, piece, i)) : null);
    }
    return hashes.write();
  }

  private static byte[] piece(TorrentPlan plan, List<byte[]> contents, int index) {
    var piece = new byte[plan.geometry().length(index)];
    plan.files()
        .spans(
            plan.geometry().offset(index),
            piece.length,
            (file, fileOffset, length, rangeOffset) -> {
              int source = plan.sourceIndex(file);
              if (source >= 0) {
                var content = contents.get(source);
                System.arraycopy(content, (int) fileOffset, piece, rangeOffset, length);
              }
            });
    return piece;
  }

  private static byte[] leaves(TorrentPlan plan, byte[] piece, int index) {
    int length = plan.geometry().dataLength(index);
    return leaves(piece, length);
  }

  /** The hashes of the blocks of some bytes. */
  static byte[] leaves(byte[] bytes, int length) {
    var leaves = new ArrayList<Hash256>();
    for (int begin = 0; begin < length; begin += PieceGeometry.BLOCK_LENGTH) {
      int blockLength = Math.min(PieceGeometry.BLOCK_LENGTH, length - begin);
      leaves.add(MerkleTree.leaf(bytes, begin, blockLength));
    }
    return concatenated(leaves);
  }

  static byte[] concatenated(List<Hash256> hashes) {
    var bytes = new byte[hashes.size() * Hash256.BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).copyTo(bytes, i * Hash256.BYTES);
    }
    return bytes;
  }
}

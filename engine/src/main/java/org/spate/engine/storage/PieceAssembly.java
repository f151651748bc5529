package org.spate.engine.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.metainfo.PieceHashes;

/**
 * A piece that is coming in. Its blocks stay in memory and are hashed in order as they line up, so
 * that when the last one is there little is left to hash and nothing to read back. Under memory
 * pressure blocks are written early; only those written before their turn are read back.
 *
 * <p>The loop owns it until it is handed to a {@link Verification}; the digest belongs to the tasks
 * of {@link #hashing}.
 */
final class PieceAssembly {
  /** Bytes that must line up before they are worth waking a thread of the hash pool for. */
  static final int BATCH_BYTES = 256 << 10;

  private final int pieceIndex;
  private final InfoDictionary info;
  private final PieceGeometry geometry;
  private final PieceHashes hashes;
  private PieceDigest digest;
  private final SerialExecutor hashing;
  private final @Nullable BufferPayload[] blocks; // in memory; padding blocks at the end are absent
  private final BitSet early = new BitSet(); // handed to the disk before verification
  private final int[] checksums; // of those, as they were in memory; for the disk's tasks
  private int lined; // blocks from the first on that were handed to the digest
  private int linedNext; // and those that could be
  private long heldBytes;
  private byte @Nullable [] leaves;
  private @Nullable WrongBlock wrongBlock;

  PieceAssembly(InfoDictionary info, int pieceIndex, Executor hashPool) {
    this.pieceIndex = pieceIndex;
    this.info = info;
    this.geometry = info.geometry();
    this.hashes = info.hashes();
    this.digest = PieceDigest.of(info, pieceIndex);
    this.hashing = new SerialExecutor(hashPool);
    this.blocks = new BufferPayload[geometry.fetchBlockCount(pieceIndex)];
    this.checksums = new int[blocks.length];
  }

  int pieceIndex() {
    return pieceIndex;
  }

  long heldBytes() {
    return heldBytes;
  }

  PieceDigest digest() {
    return digest;
  }

  /** A digest for another look at the same blocks. */
  PieceDigest anotherDigest() {
    return PieceDigest.of(info, pieceIndex);
  }

  boolean matches(PieceDigest other) {
    return other.matches(hashes, pieceIndex);
  }

  /** Whether bytes that were read back are those of the block that was written early. */
  boolean isAsWritten(int blockIndex, ByteBuffer bytes) {
    return checksum(new ByteBuffer[] {bytes}) == checksums[blockIndex];
  }

  private static int checksum(ByteBuffer[] bytes) {
    var checksum = new CRC32C();
    for (var part : bytes) {
      checksum.update(part.duplicate());
    }
    return (int) checksum.getValue();
  }

  /** Whether all that went through the digest is right. */
  boolean matches() {
    return digest.matches(hashes, pieceIndex);
  }

  SerialExecutor hashing() {
    return hashing;
  }

  /** Takes a block over; false if it was there already. */
  boolean add(int blockIndex, BufferPayload block) {
    if (blockIndex >= blocks.length || blocks[blockIndex] != null || early.get(blockIndex)) {
      return false;
    }
    blocks[blockIndex] = block;
    heldBytes += block.length();
    lineUp();
    checkLeaf(blockIndex);
    if ((long) (linedNext - lined) * PieceGeometry.BLOCK_LENGTH >= BATCH_BYTES) {
      hashLined();
    }
    return true;
  }

  /** Hears of a block that has another hash than it should; on a thread of the hash pool. */
  @FunctionalInterface
  interface WrongBlock {
    void found(int blockIndex, BufferPayload block);
  }

  /** From now on each block is checked against its own hash (BEP 52), those in memory at once. */
  void expect(byte[] leafHashes, WrongBlock listener) {
    leaves = leafHashes;
    wrongBlock = listener;
    for (int i = 0; i < blocks.length; i++) {
      checkLeaf(i);
    }
  }

  private void checkLeaf(int blockIndex) {
    var expected = leaves;
    var listener = wrongBlock;
    var block = blocks[blockIndex];
    if (expected != null && listener != null && block != null) {
      int dataLength = geometry.dataLength(pieceIndex) - blockIndex * PieceGeometry.BLOCK_LENGTH;
      hashing.execute(
          () -> {
            if (!Hash256.at(expected, blockIndex * Hash256.BYTES)
                .equals(PieceDigest.leaf(block.nio(), dataLength))) {
              listener.found(blockIndex, block);
            }
          });
    }
  }

  /** Takes a wrong block out if it is still here; what was hashed with it is hashed anew. */
  @SuppressWarnings("ReferenceEquality") // this very block; a right one may have come since
  boolean takeOut(int blockIndex, BufferPayload block) {
    if (blocks[blockIndex] != block) {
      return false;
    }
    blocks[blockIndex] = null;
    heldBytes -= block.length();
    linedNext = Math.min(linedNext, blockIndex);
    if (blockIndex < lined) {
      digest = anotherDigest();
      lined = 0;
      linedNext = 0;
      lineUp();
    }
    return true;
  }

  private void lineUp() {
    while (linedNext < blocks.length && blocks[linedNext] != null) {
      linedNext++;
    }
  }

  /** Hands the blocks that line up to the digest. */
  void hashLined() {
    if (lined < linedNext) {
      var batch = Arrays.copyOfRange(blocks, lined, linedNext);
      lined = linedNext;
      var into = digest;
      hashing.execute(() -> update(into, batch));
    }
  }

  private static void update(PieceDigest into, @Nullable BufferPayload[] batch) {
    for (var block : batch) {
      if (block != null) {
        for (var bytes : block.nio()) {
          into.update(bytes);
        }
      }
    }
  }

  /** The block from which on nothing was handed to the digest yet. */
  int lined() {
    return lined;
  }

  boolean isEarly() {
    return !early.isEmpty();
  }

  /** Takes the blocks out that may be written early: those hashed, or all. */
  Blocks takeEarly(boolean all) {
    hashLined();
    var taken = new Blocks(this, all ? blocks.length : lined);
    heldBytes -= taken.bytes();
    for (int i = 0; i < taken.count(); i++) {
      if (blocks[i] != null) {
        early.set(i);
        blocks[i] = null;
      }
    }
    return taken;
  }

  /** The blocks in memory. */
  Blocks held() {
    return new Blocks(this, blocks.length);
  }

  int blockLength(int blockIndex) {
    return geometry.blockLength(pieceIndex, blockIndex);
  }

  /** A snapshot of blocks that are in memory; null stands for one that is not. */
  static final class Blocks {
    private final int pieceIndex;
    private final @Nullable BufferPayload[] blocks;
    private final int[] checksums;

    private Blocks(PieceAssembly assembly, int count) {
      this.pieceIndex = assembly.pieceIndex;
      this.checksums = assembly.checksums;
      this.blocks = Arrays.copyOf(assembly.blocks, count);
    }

    int count() {
      return blocks.length;
    }

    @Nullable BufferPayload at(int blockIndex) {
      return blocks[blockIndex];
    }

    long bytes() {
      long bytes = 0;
      for (var block : blocks) {
        bytes += block == null ? 0 : block.length();
      }
      return bytes;
    }

    /**
     * Notes what is handed to the disk, so that a disk that loses a bit is not taken for a peer.
     */
    void noteChecksums() {
      for (int i = 0; i < blocks.length; i++) {
        var block = blocks[i];
        if (block != null) {
          checksums[i] = checksum(block.nio());
        }
      }
    }

    /** Writes each run of neighbours with one call. */
    void write(TorrentFiles files) {
      int i = 0;
      while (i < blocks.length) {
        int begin = i * PieceGeometry.BLOCK_LENGTH;
        List<ByteBuffer> run = new ArrayList<>();
        for (; i < blocks.length; i++) {
          var block = blocks[i];
          if (block == null) {
            break;
          }
          run.addAll(Arrays.asList(block.nio()));
        }
        if (run.isEmpty()) {
          i++;
        } else {
          files.write(pieceIndex, begin, run.toArray(ByteBuffer[]::new));
        }
      }
    }

    void release() {
      for (var block : blocks) {
        if (block != null) {
          block.release();
        }
      }
    }
  }
}

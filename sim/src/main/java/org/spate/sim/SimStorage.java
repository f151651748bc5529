package org.spate.sim;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.wire.Payload;

/**
 * A node's storage: which blocks were written and which of them are wrong, and how long reads and
 * hashes take. It is also the truth about the node's pieces, independent of what its machine
 * believes.
 */
final class SimStorage {
  /** A read that the disk is busy with. */
  record Read(int link, int index, int begin, int length) {}

  private record Hashing(int index, boolean wantDigests) {}

  private final PieceGeometry geometry;
  private final HostModel model;
  private final PieceSet verified;
  private final int wordsPerPiece;
  private final long[] written; // a bit for each block, those of a piece in words of their own
  private @Nullable Map<Integer, long[]> taints; // of pieces with a wrong block
  private final ArrayDeque<Read> reads = new ArrayDeque<>(4);
  private final ArrayDeque<Hashing> hashing = new ArrayDeque<>(4);
  private long diskFreeNanos;
  private long hashFreeNanos;

  SimStorage(PieceGeometry geometry, HostModel model, PieceSet have) {
    this.geometry = geometry;
    this.model = model;
    this.verified = have.copy();
    this.wordsPerPiece = (geometry.blockCountMax() + Long.SIZE - 1) / Long.SIZE;
    this.written = new long[geometry.pieceCount() * wordsPerPiece];
    for (int i = have.next(0); i >= 0; i = have.next(i + 1)) {
      Arrays.fill(written, i * wordsPerPiece, (i + 1) * wordsPerPiece, -1);
    }
  }

  PieceSet verified() {
    return verified;
  }

  /** Begins a read; returns when it will be done. */
  long beginRead(Read read, long nowNanos) {
    reads.add(read);
    diskFreeNanos = Math.max(diskFreeNanos, nowNanos) + model.readNanos(read.length());
    return diskFreeNanos + model.readLatencyNanos();
  }

  Read finishRead() {
    return reads.remove();
  }

  void write(int index, int begin, Payload block) {
    int number = begin / PieceGeometry.BLOCK_LENGTH;
    int word = index * wordsPerPiece + number / Long.SIZE;
    boolean isHere = (written[word] & 1L << number) != 0;
    if (isHere || block.length() != geometry.blockLength(index, number)) {
      throw new IllegalStateException("a block written that was not needed: piece " + index);
    }
    written[word] |= 1L << number;
    taint(index, number, BlockBytes.taint(block));
    block.release();
  }

  private void taint(int index, int number, long taint) {
    if (taint != 0 || taints != null) {
      taints = taints == null ? new HashMap<>() : taints;
      taints.computeIfAbsent(index, i -> new long[geometry.blockCount(i)])[number] = taint;
    }
  }

  /** Begins to hash a piece; returns when it will be done. */
  long beginHash(int index, boolean wantDigests, long nowNanos) {
    if (blocksWritten(index) < geometry.blockCount(index)) {
      throw new IllegalStateException("a piece to verify that is not whole: " + index);
    }
    hashing.add(new Hashing(index, wantDigests));
    hashFreeNanos = Math.max(hashFreeNanos, nowNanos) + model.hashNanos(geometry.length(index));
    return hashFreeNanos;
  }

  private int blocksWritten(int index) {
    int count = 0;
    for (int i = index * wordsPerPiece; i < (index + 1) * wordsPerPiece; i++) {
      count += Long.bitCount(written[i]);
    }
    return count;
  }

  SwarmInput.PieceVerified finishHash() {
    var done = hashing.remove();
    var ofPiece = taints == null ? null : taints.remove(done.index);
    boolean good = ofPiece == null || sum(ofPiece) == 0;
    var digests = good && !done.wantDigests ? null : digests(done.index, ofPiece);
    if (good) {
      verified.add(done.index);
    } else {
      Arrays.fill(written, done.index * wordsPerPiece, (done.index + 1) * wordsPerPiece, 0);
    }
    return new SwarmInput.PieceVerified(done.index, good, digests);
  }

  /** A digest of each block: a number that is equal for equal bytes. */
  private long[] digests(int index, long @Nullable [] ofPiece) {
    var digests = new long[geometry.blockCount(index)];
    for (int i = 0; i < digests.length; i++) {
      long taint = ofPiece == null ? 0 : ofPiece[i];
      digests[i] = ((long) index << 32 | i) * 0x9E3779B97F4A7C15L ^ taint;
    }
    return digests;
  }

  private static long sum(long[] taints) {
    long any = 0;
    for (long taint : taints) {
      any |= taint;
    }
    return any;
  }
}

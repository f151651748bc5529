package org.spate.sim;

import java.util.ArrayDeque;
import java.util.BitSet;
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
  private final BitSet written; // blocks of pieces that are not verified, by number in the file
  private final Map<Integer, long[]> taints = new HashMap<>(); // of pieces with a wrong block
  private final ArrayDeque<Read> reads = new ArrayDeque<>(4);
  private final ArrayDeque<Hashing> hashing = new ArrayDeque<>(4);
  private long diskFreeNanos;
  private long hashFreeNanos;

  SimStorage(PieceGeometry geometry, HostModel model, PieceSet have) {
    this.geometry = geometry;
    this.model = model;
    this.verified = have.copy();
    this.written = new BitSet(have.isFull() ? 0 : firstBlock(geometry.pieceCount()));
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
    if (verified.contains(index) || block.length() != geometry.blockLength(index, number)) {
      throw new IllegalStateException("a block written that was not needed: piece " + index);
    }
    written.set(firstBlock(index) + number);
    taint(index, number, BlockBytes.taint(block));
    block.release();
  }

  private int firstBlock(int index) {
    return index * geometry.blockCountMax();
  }

  private void taint(int index, int number, long taint) {
    if (taint != 0 || !taints.isEmpty()) {
      taints.computeIfAbsent(index, i -> new long[geometry.blockCount(i)])[number] = taint;
    }
  }

  /** Begins to hash a piece; returns when it will be done. */
  long beginHash(int index, boolean wantDigests, long nowNanos) {
    int first = firstBlock(index);
    int end = first + geometry.blockCount(index);
    if (written.nextClearBit(first) < end) {
      throw new IllegalStateException("a piece to verify that is not whole: " + index);
    }
    hashing.add(new Hashing(index, wantDigests));
    hashFreeNanos = Math.max(hashFreeNanos, nowNanos) + model.hashNanos(geometry.length(index));
    return hashFreeNanos;
  }

  SwarmInput.PieceVerified finishHash() {
    var done = hashing.remove();
    var ofPiece = taints.remove(done.index);
    boolean good = ofPiece == null || sum(ofPiece) == 0;
    var digests = good && !done.wantDigests ? null : digests(done.index, ofPiece);
    written.clear(firstBlock(done.index), firstBlock(done.index + 1));
    if (good) {
      verified.add(done.index);
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

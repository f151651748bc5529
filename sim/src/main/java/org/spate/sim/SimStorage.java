package org.spate.sim;

import java.util.ArrayDeque;
import java.util.Objects;
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

  /** A piece being assembled; taints stay null while every block is right. */
  private static final class Assembly {
    final long[] written;
    long @Nullable [] taints;

    Assembly(int blocks) {
      written = new long[(blocks + 63) >>> 6];
    }
  }

  private final PieceGeometry geometry;
  private final HostModel model;
  private final PieceSet verified;
  private final @Nullable Assembly[] assemblies;
  private final ArrayDeque<Read> reads = new ArrayDeque<>(4);
  private final ArrayDeque<Hashing> hashing = new ArrayDeque<>(4);
  private long diskFreeNanos;
  private long hashFreeNanos;

  SimStorage(PieceGeometry geometry, HostModel model, PieceSet have) {
    this.geometry = geometry;
    this.model = model;
    this.verified = have.copy();
    this.assemblies = have.isFull() ? new Assembly[0] : new Assembly[geometry.pieceCount()];
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
    var assembly = assemblies[index];
    if (assembly == null) {
      assembly = new Assembly(geometry.blockCount(index));
      assemblies[index] = assembly;
    }
    assembly.written[number >>> 6] |= 1L << number;
    long taint = BlockBytes.taint(block);
    if (taint != 0 && assembly.taints == null) {
      assembly.taints = new long[geometry.blockCount(index)];
    }
    if (assembly.taints != null) {
      assembly.taints[number] = taint;
    }
    block.release();
  }

  /** Begins to hash a piece; returns when it will be done. */
  long beginHash(int index, boolean wantDigests, long nowNanos) {
    var assembly = assemblies[index];
    if (assembly == null || !isWhole(assembly, geometry.blockCount(index))) {
      throw new IllegalStateException("a piece to verify that is not whole: " + index);
    }
    hashing.add(new Hashing(index, wantDigests));
    hashFreeNanos = Math.max(hashFreeNanos, nowNanos) + model.hashNanos(geometry.length(index));
    return hashFreeNanos;
  }

  SwarmInput.PieceVerified finishHash() {
    var done = hashing.remove();
    var assembly = Objects.requireNonNull(assemblies[done.index]);
    boolean good = assembly.taints == null || sum(assembly.taints) == 0;
    var digests = good && !done.wantDigests ? null : digests(done.index, assembly);
    assemblies[done.index] = null;
    if (good) {
      verified.add(done.index);
    }
    return new SwarmInput.PieceVerified(done.index, good, digests);
  }

  /** A digest of each block: a number that is equal for equal bytes. */
  private long[] digests(int index, Assembly assembly) {
    var digests = new long[geometry.blockCount(index)];
    for (int i = 0; i < digests.length; i++) {
      long taint = assembly.taints == null ? 0 : assembly.taints[i];
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

  private static boolean isWhole(Assembly assembly, int blocks) {
    int count = 0;
    for (long word : assembly.written) {
      count += Long.bitCount(word);
    }
    return count == blocks;
  }
}

package org.spate.engine.storage;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.engine.storage.StorageException.Reason;

/**
 * The end of a piece's assembly: the rest is hashed, and only if the hash is right the blocks in
 * memory are written and the piece is noted in the journal. A bad piece never reaches the disk,
 * unless memory was short.
 *
 * <p>A verdict of bad blames peers, so it is not given on the first look (threat 24): blocks that
 * were read back must be as they were when they were written, and the whole piece is hashed twice.
 */
final class Verification {

  /** Where things go. */
  record Host(
      TorrentFiles files,
      TorrentState state,
      DiskQueue disk,
      WriteCache.Share share,
      Outcome outcome) {}

  /** The verdict; told on a pool's thread, one of them exactly once. */
  interface Outcome {
    void verified(int pieceIndex, boolean good, long @Nullable [] digests);

    /** There is none: the disk failed, and was given up. */
    void abandoned();

    /** There is none: the disk does not give back what was written. */
    void corrupt(StorageException cause);
  }

  private final PieceAssembly assembly;
  private final PieceAssembly.Blocks blocks;
  private final boolean wantDigests;
  private final Host host;
  private int hashed;

  /** On the loop, which gives the assembly up. */
  Verification(PieceAssembly assembly, boolean wantDigests, Host host) {
    this.assembly = assembly;
    this.wantDigests = wantDigests;
    this.host = host;
    assembly.hashLined();
    this.blocks = assembly.held();
    this.hashed = assembly.lined();
  }

  void start() {
    host.share.leave(assembly.heldBytes());
    if (hashed == blocks.count()) {
      assembly.hashing().execute(this::conclude);
    } else {
      // Blocks are missing in memory; they were handed to the disk before this.
      assembly.hashing().execute(() -> host.disk.add(new Step(this::readBackAndConclude)));
    }
  }

  /** Work on the disk's thread that keeps the blocks if it fails. */
  private final class Step implements DiskQueue.Task {
    private final Runnable work;

    Step(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        work.run();
      } catch (StorageException e) {
        if (e.reason() != Reason.CORRUPT) {
          throw e;
        }
        letGo(); // trying again would help nobody: these bytes are lost
        host.outcome.corrupt(e);
      }
    }

    @Override
    public void abandon() {
      letGo();
      host.outcome.abandoned();
    }
  }

  private void readBackAndConclude() {
    for (; hashed < blocks.count(); hashed++) {
      for (var bytes : bytes(hashed)) {
        assembly.digest().update(bytes);
      }
    }
    conclude();
  }

  private ByteBuffer[] bytes(int blockIndex) {
    var block = blocks.at(blockIndex);
    if (block != null) {
      return block.nio();
    }
    var bytes = ByteBuffer.allocate(assembly.blockLength(blockIndex));
    int begin = blockIndex * PieceGeometry.BLOCK_LENGTH;
    host.files.read(assembly.pieceIndex(), begin, bytes);
    if (!assembly.isAsWritten(blockIndex, bytes.flip())) {
      throw new StorageException(Reason.CORRUPT, host.files.name(assembly.pieceIndex(), begin));
    }
    return new ByteBuffer[] {bytes};
  }

  private void conclude() {
    boolean good = assembly.matches();
    if (good && !wantDigests) {
      store(null);
    } else if (assembly.isEarly()) {
      host.disk.add(new Step(() -> settle(good || isGoodAfterAll(), digests())));
    } else {
      settle(good || isGoodAfterAll(), digests());
    }
  }

  private boolean isGoodAfterAll() {
    var digest = assembly.anotherDigest();
    for (int i = 0; i < blocks.count(); i++) {
      for (var bytes : bytes(i)) {
        digest.update(bytes);
      }
    }
    return assembly.matches(digest);
  }

  private long[] digests() {
    var sha1 = PieceDigest.digest("SHA-1");
    var digests = new long[blocks.count()];
    for (int i = 0; i < digests.length; i++) {
      digests[i] = digest(sha1, i);
    }
    return digests;
  }

  private long digest(MessageDigest sha1, int blockIndex) {
    for (var bytes : bytes(blockIndex)) {
      sha1.update(bytes);
    }
    return Hash160.of(sha1.digest()).high();
  }

  private void settle(boolean good, long[] digests) {
    if (good) {
      store(digests);
    } else {
      letGo();
      host.outcome.verified(assembly.pieceIndex(), false, digests);
    }
  }

  private void store(long @Nullable [] digests) {
    host.disk.add(
        new Step(
            () -> {
              host.state.begin();
              blocks.write(host.files);
              host.state.note(assembly.pieceIndex());
              letGo();
              host.outcome.verified(assembly.pieceIndex(), true, digests);
            }));
  }

  private void letGo() {
    long bytes = blocks.bytes();
    blocks.release();
    host.share.give(bytes);
  }
}

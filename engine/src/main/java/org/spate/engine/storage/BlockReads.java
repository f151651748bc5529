package org.spate.engine.storage;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Payload;

/** Reads of a torrent's stored pieces: asked for on its loop, done on the disk's threads. */
final class BlockReads {

  /**
   * Whom reads are done for.
   *
   * @param isClosed on the loop: nobody wants an answer any more
   * @param onFailed on any thread
   */
  record Host(
      Executor loop,
      BooleanSupplier isClosed,
      StorageListener listener,
      Consumer<StorageException> onFailed) {}

  private final PieceGeometry geometry;
  private final TorrentFiles files;
  private final Executor diskPool;
  private final Host host;

  BlockReads(PieceGeometry geometry, TorrentFiles files, Executor diskPool, Host host) {
    this.geometry = geometry;
    this.files = files;
    this.diskPool = diskPool;
    this.host = host;
  }

  /** See {@link TorrentStorage#read}. */
  void read(int tag, int pieceIndex, int begin, int length) {
    if (!geometry.isRange(pieceIndex, begin, length)) {
      throw new IllegalArgumentException("no range of this torrent");
    }
    var region = files.regionIfOpen(pieceIndex, begin, length);
    if (region != null) {
      answer(tag, pieceIndex, begin, region);
      return;
    }
    diskPool.execute(
        () -> {
          try {
            answer(tag, pieceIndex, begin, files.load(pieceIndex, begin, length));
          } catch (StorageException e) {
            host.onFailed.accept(e);
          }
        });
  }

  /** See {@link TorrentStorage#hashLeaves}; answered on a thread of the disk. */
  void hashLeaves(int pieceIndex, Consumer<byte[]> answer) {
    diskPool.execute(
        () -> {
          try {
            answer.accept(LeafReader.leaves(files, geometry, pieceIndex));
          } catch (StorageException e) {
            host.onFailed.accept(e);
          }
        });
  }

  private void answer(int tag, int pieceIndex, int begin, Payload block) {
    host.loop.execute(
        () -> {
          if (host.isClosed.getAsBoolean()) {
            block.release();
          } else {
            host.listener.onRead(tag, pieceIndex, begin, block);
          }
        });
  }
}

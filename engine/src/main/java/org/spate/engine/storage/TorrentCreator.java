package org.spate.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.MetainfoException;
import org.spate.core.metainfo.TorrentHashes;
import org.spate.core.metainfo.TorrentPlan;
import org.spate.engine.storage.StorageException.Reason;

/**
 * Makes a torrent of a file or a folder: every byte is read once, in large portions, and hashed for
 * v1 and v2 in the same pass, pieces spread over all cores.
 */
public final class TorrentCreator {
  /** Small enough to stay in a core's cache between reading and hashing. */
  private static final int READ_BYTES = 256 << 10;

  /** Told how it goes, after each piece, on a hashing thread. */
  @FunctionalInterface
  public interface Progress {
    void onProgress(long hashedBytes, long totalBytes);
  }

  private final SourceFolder source;
  private final TorrentPlan plan;
  private final TorrentHashes hashes;
  private final Progress progress;
  private final AtomicInteger nextPiece = new AtomicInteger();
  private final AtomicLong hashedBytes = new AtomicLong();
  private final long totalBytes;

  private TorrentCreator(SourceFolder source, TorrentPlan plan, Progress progress) {
    this.source = source;
    this.plan = plan;
    this.hashes = new TorrentHashes(plan);
    this.progress = progress;
    this.totalBytes = plan.files().dataLength();
  }

  /**
   * Reads everything and writes the torrent. Blocks.
   *
   * @param path a file or a folder; {@code options.isSingleFile()} says which
   * @param threads how many pieces to hash at a time, 1 and up
   * @return the {@code .torrent} file
   * @throws StorageException if something cannot be read, or changes meanwhile
   * @throws MetainfoException if these files make no torrent
   */
  public static byte[] create(Path path, CreationOptions options, int threads, Progress progress) {
    var source = SourceFolder.scan(path);
    if (source.isSingleFile() != options.isSingleFile()) {
      throw new IllegalArgumentException("a file makes a torrent of a single file, no folder does");
    }
    var plan = TorrentPlan.of(source.files(), options);
    var creator = new TorrentCreator(source, plan, progress);
    creator.hash(threads);
    source.refuseChanges();
    return creator.hashes.write();
  }

  private void hash(int threads) {
    var lanes = new ArrayList<Future<?>>();
    try (var pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        lanes.add(pool.submit(new Lane()));
      }
      for (var lane : lanes) {
        lane.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StorageException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      nextPiece.set(plan.geometry().pieceCount());
      Thread.currentThread().interrupt();
      throw new StorageException(Reason.FAULT, "creation", e);
    }
  }

  private void hashed(int piece, PieceDigest digest) {
    var leaves = digest.leaves();
    var root = leaves == null ? null : plan.pieceRoot(piece, leaves);
    synchronized (hashes) {
      hashes.put(piece, digest.sha1(), root);
    }
  }

  /** One thread's work: piece after piece, with the file it read last kept open. */
  private final class Lane implements Runnable {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private @Nullable FileChannel channel;
    private int openIndex = -1;

    @Override
    public void run() {
      int count = plan.geometry().pieceCount();
      try {
        for (int i = nextPiece.getAndIncrement(); i < count; i = nextPiece.getAndIncrement()) {
          hash(i);
        }
      } catch (StorageException e) {
        nextPiece.set(count); // the others need not go on
        throw e;
      } finally {
        close();
      }
    }

    private void hash(int piece) {
      var geometry = plan.geometry();
      var format = plan.options().format();
      var digest = new PieceDigest(geometry, piece, format.hasV1(), format.hasV2());
      plan.files()
          .spans(
              geometry.offset(piece),
              geometry.dataLength(piece),
              (file, offset, length, _) -> read(file, offset, length, digest));
      hashed(piece, digest);
      long done = hashedBytes.addAndGet(geometry.dataLength(piece));
      progress.onProgress(Math.min(done, totalBytes), totalBytes);
    }

    private void read(FileEntry file, long offset, int length, PieceDigest digest) {
      int index = plan.sourceIndex(file);
      if (index < 0) {
        throw new IllegalStateException("padding within the data of a piece");
      }
      var path = source.path(index);
      try {
        var from = open(index, path);
        for (int done = 0; done < length; ) {
          buffer.clear().limit(Math.min(READ_BYTES, length - done));
          int count = from.read(buffer, offset + done);
          if (count < 0) {
            throw new StorageException(Reason.TRUNCATED, path.toString());
          }
          digest.update(buffer.flip());
          done += count;
        }
      } catch (IOException e) {
        throw StorageException.of(path.toString(), e);
      }
    }

    private FileChannel open(int index, Path path) throws IOException {
      if (channel == null || openIndex != index) {
        close();
        channel = FileChannel.open(path);
        openIndex = index;
      }
      return channel;
    }

    private void close() {
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException _) {
        // It was only read from.
      }
      channel = null;
    }
  }
}

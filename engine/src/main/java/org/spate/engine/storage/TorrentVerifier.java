package org.spate.engine.storage;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.swarm.PieceSet;

/** A check of a torrent's files that leaves no trace: nothing is made, changed or remembered. */
public final class TorrentVerifier {

  /** Told how it goes, now and then, on a hashing thread. */
  @FunctionalInterface
  public interface Progress {
    void onProgress(int checkedPieces, int totalPieces);
  }

  private TorrentVerifier() {}

  /**
   * Checks all pieces.
   *
   * @param folder where the torrent's files or its own folder are
   * @param hashPool does the work
   * @param threads how many threads that has
   * @return the pieces that are right; fails with a {@link StorageException} if something cannot be
   *     read. Files that are missing or short just have bad pieces
   */
  public static CompletableFuture<PieceSet> verify(
      InfoDictionary info, Path folder, Executor hashPool, int threads, Progress progress) {
    var result = new CompletableFuture<PieceSet>();
    var handles = new FileHandles(FileHandles.limitOfProcess());
    var target = new TargetFolder(folder);
    var files =
        new TorrentFiles(
            info, new StoredFile.Host(target, handles, DiskFile.PLAIN, System::nanoTime));
    var all = PieceSet.all(info.geometry().pieceCount());
    hashPool.execute(
        () -> {
          try {
            target.prepare(false);
            files.adopt();
            var recheck =
                new Recheck(
                    info,
                    files,
                    all,
                    hashPool,
                    progress::onProgress,
                    (good, failure) -> {
                      files.close();
                      end(result, good, failure);
                    });
            recheck.start(threads);
          } catch (StorageException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static void end(
      CompletableFuture<PieceSet> result, PieceSet good, @Nullable StorageException failure) {
    if (failure == null) {
      result.complete(good);
    } else {
      result.completeExceptionally(failure);
    }
  }
}

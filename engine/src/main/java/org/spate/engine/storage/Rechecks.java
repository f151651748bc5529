package org.spate.engine.storage;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.swarm.PieceSet;
import org.spate.engine.storage.StorageException.Reason;

/**
 * The checks of one torrent's files: one at a time, a later one takes over an earlier one's pieces.
 */
final class Rechecks {

  /** Where answers go: through {@code loop}, which passes nothing on once the torrent is closed. */
  record Host(Executor loop, StorageListener listener, Consumer<StorageException> onFailed) {}

  private final StorageService service;
  private final InfoDictionary info;
  private final TargetFolder folder;
  private final TorrentFiles files;
  private final Host host;
  private @Nullable Recheck current;
  private @Nullable PieceSet unfinished;
  private int rounds;

  Rechecks(
      StorageService service,
      InfoDictionary info,
      TargetFolder folder,
      TorrentFiles files,
      Host host) {
    this.service = service;
    this.info = info;
    this.folder = folder;
    this.files = files;
    this.host = host;
  }

  /**
   * Checks pieces, and those of a check that is under way, which ends unheard.
   *
   * @param then told the pieces checked and the good ones among them
   */
  void start(PieceSet pieces, BiConsumer<PieceSet, PieceSet> then) {
    cancel();
    var all = pieces.copy();
    if (unfinished != null) {
      all.addAll(unfinished);
    }
    unfinished = all;
    int round = ++rounds;
    current =
        new Recheck(
            info,
            files,
            all,
            service.hashPool(),
            (checked, total) -> host.loop.execute(() -> host.listener.onChecking(checked, total)),
            (good, failure) ->
                host.loop.execute(
                    () -> {
                      if (round == rounds) {
                        end(all, good, failure, then);
                      }
                    }));
    current.start(service.hashThreads());
  }

  private void end(
      PieceSet all,
      PieceSet good,
      @Nullable StorageException failure,
      BiConsumer<PieceSet, PieceSet> then) {
    current = null;
    if (failure == null) {
      unfinished = null;
      then.accept(all, good);
    } else {
      host.onFailed.accept(failure);
    }
  }

  void cancel() {
    if (current != null) {
      current.cancel();
    }
  }

  /** Takes the files as they are now, and goes on with the pieces of those that changed. */
  void lookAgain(Consumer<PieceSet> then) {
    service
        .diskPool()
        .execute(
            () -> {
              try {
                folder.prepare(false);
                if (folder.isElsewhere() && !files.isAnyLeft()) {
                  throw new StorageException(Reason.FOLDER_GONE, folder.name());
                }
                var touched = files.adopt();
                host.loop.execute(() -> then.accept(touched));
              } catch (StorageException e) {
                host.loop.execute(() -> host.onFailed.accept(e));
              }
            });
  }
}

package org.spate.engine.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.spate.core.swarm.PieceSet;

/**
 * The step that turns verified pieces into claimed ones: what was written is forced to disk, then
 * the resume data say so. One at a time; those asked for meanwhile become one more. Owned by the
 * loop, except for {@link #save}.
 */
final class Checkpoint {

  /** Where its work is done and its failures go. */
  record Host(
      Executor loop,
      Executor diskPool,
      StorageOptions options,
      Consumer<StorageException> onFailed) {}

  private final TorrentFiles files;
  private final TargetFolder folder;
  private final TorrentState state;
  private final PieceSet stored;
  private final Host host;
  private boolean scheduled;
  private boolean running;
  private boolean again;
  private boolean ended;

  /**
   * @param stored the pieces on disk, as the loop keeps them
   */
  Checkpoint(
      TorrentFiles files, TargetFolder folder, TorrentState state, PieceSet stored, Host host) {
    this.files = files;
    this.folder = folder;
    this.state = state;
    this.stored = stored;
    this.host = host;
  }

  /** Lets one begin some time from now. */
  void schedule() {
    if (!scheduled) {
      scheduled = true;
      CompletableFuture.delayedExecutor(
              host.options.checkpointNanos(), TimeUnit.NANOSECONDS, host.loop)
          .execute(this::begin);
    }
  }

  void begin() {
    scheduled = false;
    again = running;
    if (running || ended) {
      return;
    }
    running = true;
    var claimed = stored.copy();
    var facts = host.options.facts().get();
    host.diskPool.execute(
        () -> {
          try {
            save(claimed, facts);
          } catch (StorageException e) {
            host.loop.execute(() -> host.onFailed.accept(e));
          }
          host.loop.execute(this::onSaved);
        });
  }

  private void onSaved() {
    running = false;
    if (again) {
      begin();
    }
  }

  /** No more of them begin. */
  void end() {
    ended = true;
  }

  /** Claims pieces that were written before this call. May take seconds. */
  synchronized void save(PieceSet claimed, ResumeFacts facts) {
    files.force();
    state.save(new ResumeData(claimed, folder.device(), files.stamps(), facts));
  }
}

package org.spate.tracker;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.Count;

/**
 * What of a tracker outlives it: the swarms and the accounts, written now and then and at the end.
 */
final class SavedState implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SavedState.class);

  private final SnapshotFile snapshot;
  private final AccountFile accounts;
  private final Duration period;
  private final TrackerLoop first;
  private @Nullable Periodic writer;

  SavedState(
      TrackerSettings.Snapshot settings,
      List<ShardedStore.Shard> shards,
      List<Share> shares,
      LongSupplier clock) {
    snapshot = new SnapshotFile(settings.file(), shards, clock);
    accounts = new AccountFile(settings.file(), shares, clock);
    period = settings.period();
    first = shares.getFirst().loop();
  }

  /**
   * Brings back what was written.
   *
   * @throws TrackerException if that cannot be read
   */
  void load() {
    try {
      snapshot.load();
      accounts.load();
    } catch (IOException e) {
      throw new TrackerException("cannot read the snapshot: " + e.getMessage(), e);
    }
  }

  /** From now on it is written, until {@link #close}. */
  void saveNowAndThen() {
    writer = Periodic.start("spate-tracker-snapshot", period, this::save);
  }

  private void save() {
    try {
      snapshot.save();
      accounts.save();
    } catch (IOException e) {
      LOG.warn("cannot write the snapshot: {}", e.toString());
      first.loop.execute(() -> first.logic.counters().add(Count.FAILED_SNAPSHOTS));
    }
  }

  /** The last one is written when nothing comes in any more, and not beside another. */
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
      save();
    }
  }
}

package org.spate.tracker;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.CompactPeerStore;
import org.spate.core.tracker.SnapshotReader;
import org.spate.core.tracker.SnapshotWriter;

/** The swarms of all loops in files, one for each loop. */
final class SnapshotFile {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFile.class);
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long MILLIS_PER_SECOND = 1_000;

  private final Path file;
  private final List<ShardedStore.Shard> shards;
  private final LongSupplier clock;

  SnapshotFile(Path file, List<ShardedStore.Shard> shards, LongSupplier clock) {
    this.file = file;
    this.shards = List.copyOf(shards);
    this.clock = clock;
  }

  /** The first loop's file has the name itself; there may be more of them than there are loops. */
  private Path path(int index) {
    return index == 0 ? file : file.resolveSibling(file.getFileName() + "." + index);
  }

  private static long epochSeconds() {
    return System.currentTimeMillis() / MILLIS_PER_SECOND;
  }

  private static CompactPeerStore store(ShardedStore.Shard shard) {
    return (CompactPeerStore) shard.store();
  }

  /** Fills the stores, before anything else is asked of them; each takes its share of each file. */
  void load() throws IOException {
    long epochSeconds = epochSeconds();
    for (int i = 0; Files.exists(path(i)); i++) {
      var readers = shards.stream().map(shard -> reader(shard, epochSeconds)).toList();
      try (var in = new BufferedInputStream(Files.newInputStream(path(i)), BUFFER_BYTES)) {
        read(in, readers);
      }
      long peers = readers.stream().mapToLong(SnapshotReader::peerCount).sum();
      LOG.info("{}: {} peers", path(i), peers);
      var problem = readers.getFirst().problem();
      if (problem != null) {
        LOG.warn("{}: {}; what came before it is kept", path(i), problem);
      }
    }
  }

  private SnapshotReader reader(ShardedStore.Shard shard, long epochSeconds) {
    int own = shards.indexOf(shard);
    return new SnapshotReader(
        store(shard), epochSeconds, start -> Steering.loopOf(start, shards.size()) == own);
  }

  private void read(InputStream in, List<SnapshotReader> readers) throws IOException {
    var piece = new byte[BUFFER_BYTES];
    for (int length = in.read(piece); length > 0; length = in.read(piece)) {
      for (int i = 0; i < readers.size(); i++) {
        var reader = readers.get(i);
        int bytes = length;
        join(
            CompletableFuture.runAsync(
                () -> reader.read(piece, bytes, clock.getAsLong()), shards.get(i).loop()));
      }
    }
  }

  /** Writes all, on the thread of the caller: the loops are asked for a part at a time. */
  void save() throws IOException {
    for (int i = 0; i < shards.size(); i++) {
      var shard = shards.get(i);
      CompleteFile.write(path(i), out -> write(shard, out));
    }
    // Those of a run with more threads would bring back the dead.
    for (int i = shards.size(); Files.deleteIfExists(path(i)); ) {
      i++;
    }
  }

  private void write(ShardedStore.Shard shard, OutputStream out) throws IOException {
    var writer = new SnapshotWriter(store(shard), epochSeconds());
    while (true) {
      var part =
          join(
              CompletableFuture.supplyAsync(
                  () -> Optional.ofNullable(writer.next(clock.getAsLong())), shard.loop()));
      if (part.isEmpty()) {
        return;
      }
      out.write(part.get());
    }
  }

  private static <T> T join(CompletableFuture<T> result) throws IOException {
    try {
      return result.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
  }
}

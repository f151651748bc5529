package org.spate.engine.storage;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.spate.core.metainfo.InfoDictionary;

/**
 * What the torrents of a session share: threads for the disk and for hashing, the write cache, the
 * open files.
 */
public final class StorageService {
  private final Executor diskPool;
  private final Executor hashPool;
  private final int hashThreads;
  private final WriteCache cache;
  private final FileHandles handles;
  private final DiskFile.Layer layer;
  private final LongSupplier clock;

  /**
   * @param diskPool runs what blocks on disks; at least two threads, so that forcing data does not
   *     hold up writing. Its threads are never to be interrupted: that closes files
   * @param hashPool runs what keeps a core busy
   * @param hashThreads how many threads that has
   */
  public StorageService(Executor diskPool, Executor hashPool, int hashThreads, WriteCache cache) {
    this(
        diskPool,
        hashPool,
        hashThreads,
        cache,
        new FileHandles(FileHandles.limitOfProcess()),
        DiskFile.PLAIN,
        System::nanoTime);
  }

  StorageService(
      Executor diskPool,
      Executor hashPool,
      int hashThreads,
      WriteCache cache,
      FileHandles handles,
      DiskFile.Layer layer,
      LongSupplier clock) {
    this.diskPool = diskPool;
    this.hashPool = hashPool;
    this.hashThreads = hashThreads;
    this.cache = cache;
    this.handles = handles;
    this.layer = layer;
    this.clock = clock;
  }

  /**
   * Begins to open a torrent's storage; {@link StorageListener#onOpened} or {@code onFailed} tells
   * how that ends. Files that exist are checked and used.
   *
   * @param folder where the torrent's files or its own folder go; made if it is not there
   * @param loop the torrent's event loop: all calls come from it, all answers go to it
   */
  public TorrentStorage open(
      InfoDictionary info,
      Path folder,
      StateFolder states,
      StorageOptions options,
      Executor loop,
      StorageListener listener) {
    var storage = new TorrentStorage(this, info, folder, states, options, loop, listener);
    storage.open();
    return storage;
  }

  Executor diskPool() {
    return diskPool;
  }

  Executor hashPool() {
    return hashPool;
  }

  int hashThreads() {
    return hashThreads;
  }

  WriteCache cache() {
    return cache;
  }

  StoredFile.Host host(Path folder) {
    return new StoredFile.Host(new TargetFolder(folder), handles, layer, clock);
  }

  DiskFile.Layer layer() {
    return layer;
  }
}

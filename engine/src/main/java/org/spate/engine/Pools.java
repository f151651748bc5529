package org.spate.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.spate.engine.storage.StorageService;
import org.spate.engine.storage.WriteCache;

/** The threads that loops hand their slow work to: disks and hashes. They end when idle. */
final class Pools {
  private static final int DISK_THREADS = 4;
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor disks = pool(DISK_THREADS, "spate-disk");
  private final int hashThreads = Runtime.getRuntime().availableProcessors();
  private final ThreadPoolExecutor hashes = pool(hashThreads, "spate-hash");

  private static ThreadPoolExecutor pool(int threads, String name) {
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              var thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  Executor disks() {
    return disks;
  }

  StorageService storage() {
    return new StorageService(disks, hashes, hashThreads, WriteCache.ofDefaultCapacity());
  }

  /** Ends when all that was handed over is done. */
  void close() {
    disks.shutdown();
    hashes.shutdown();
  }
}

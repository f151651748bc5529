package org.spate.engine;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of events from loops to listeners: one thread that takes them in order. */
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  /** A listener that is slower than this many events loses some. */
  private static final int WAITING_MAX = 100_000;

  private static final long IDLE_SECONDS = 10;

  private final CopyOnWriteArrayList<TorrentListener> listeners = new CopyOnWriteArrayList<>();
  private final Executor executor;
  private final @Nullable ThreadPoolExecutor own;

  Events(@Nullable Executor given) {
    own = given == null ? thread() : null;
    executor = given == null ? java.util.Objects.requireNonNull(own) : given;
  }

  private static ThreadPoolExecutor thread() {
    var threads =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            task -> {
              var thread = new Thread(task, "spate-events");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  void listen(TorrentListener listener) {
    listeners.add(listener);
  }

  /** Tells the listeners, later. */
  void tell(TorrentHandle torrent, TorrentEvent event) {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      executor.execute(() -> deliver(torrent, event));
    } catch (RejectedExecutionException e) {
      LOG.warn("{}: listeners are too slow, lost {}", torrent.name(), event);
    }
  }

  private void deliver(TorrentHandle torrent, TorrentEvent event) {
    for (var listener : listeners) {
      try {
        listener.onEvent(torrent, event);
      } catch (RuntimeException e) {
        LOG.error("a listener failed on {}", event, e);
      }
    }
  }

  /** Delivers what waits and ends. */
  void close() {
    if (own != null) {
      own.shutdown();
    }
  }
}

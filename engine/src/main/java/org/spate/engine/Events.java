package org.spate.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
  private final CopyOnWriteArrayList<SessionListener> sessionListeners =
      new CopyOnWriteArrayList<>();
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

  void listen(SessionListener listener) {
    sessionListeners.add(listener);
  }

  /** Tells the listeners, later. */
  void tell(TorrentHandle torrent, TorrentEvent event) {
    tell(listeners, event, listener -> listener.onEvent(torrent, event));
  }

  /** The same of the session. */
  void tell(SessionEvent event) {
    tell(sessionListeners, event, listener -> listener.onEvent(event));
  }

  private <L> void tell(List<L> all, Object event, Consumer<L> call) {
    if (all.isEmpty()) {
      return;
    }
    try {
      executor.execute(() -> deliver(all, event, call));
    } catch (RejectedExecutionException e) {
      LOG.warn("listeners are too slow, lost {}", event);
    }
  }

  private static <L> void deliver(List<L> all, Object event, Consumer<L> call) {
    for (var listener : all) {
      try {
        call.accept(listener);
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

package org.spate.engine.tracker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.spate.engine.net.Loop;

/** Looks up names on a few threads of its own, which block and end when there is nothing to do. */
public final class NameResolver {
  private static final int THREADS = 4;
  private static final int WAITING_MAX = 10_000;
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads;
  private final Function<String, List<InetAddress>> lookUp;

  public NameResolver() {
    this(NameResolver::bySystem);
  }

  /**
   * @param lookUp what blocks: the addresses of a name, none if it has none
   */
  NameResolver(Function<String, List<InetAddress>> lookUp) {
    this.lookUp = lookUp;
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            task -> {
              var thread = new Thread(task, "spate-names");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Answers on the loop, later: the addresses of a name or literal, none if it has none. */
  public void resolve(String host, Loop loop, Consumer<List<InetAddress>> answer) {
    look(loop, () -> lookUp.apply(host), List.of(), answer);
  }

  /**
   * Does something else that blocks, for a bounded time.
   *
   * @param otherwise the answer when there is too much to do
   */
  <T> void look(Loop loop, Supplier<T> task, T otherwise, Consumer<T> answer) {
    try {
      threads.execute(
          () -> {
            var found = task.get();
            loop.execute(() -> answer.accept(found));
          });
    } catch (RejectedExecutionException e) {
      loop.execute(() -> answer.accept(otherwise));
    }
  }

  private static List<InetAddress> bySystem(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  /** Takes no more questions. */
  public void close() {
    threads.shutdown();
  }
}

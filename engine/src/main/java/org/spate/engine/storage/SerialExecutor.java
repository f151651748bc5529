package org.spate.engine.storage;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs tasks on a pool one behind the other, each seeing what those before it did. */
final class SerialExecutor implements Executor {
  private final Executor pool;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();

  SerialExecutor(Executor pool) {
    this.pool = pool;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() == 0) {
      pool.execute(this::runPending);
    }
  }

  private void runPending() {
    do {
      var task = tasks.remove();
      try {
        task.run();
      } catch (RuntimeException e) {
        // A broken invariant: loud, but those queued behind it are not to hang.
        var thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    } while (pending.decrementAndGet() != 0);
  }
}

package org.spate.engine.storage;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.engine.storage.StorageException.Reason;

/**
 * The order in which one torrent's disk is worked on: one task at a time. A task that fails stays
 * at the head and everything behind it waits, so nothing is lost, until {@link #retry} begins with
 * it again.
 */
final class DiskQueue {

  /** Work that can be run again from its beginning after a {@link StorageException}. */
  interface Task {
    void run();

    /** It will never be run (again): lets go of what it holds. */
    default void abandon() {}
  }

  private final Executor pool;
  private final Consumer<StorageException> onStall;
  private final Queue<Task> tasks = new ArrayDeque<>();
  private boolean running;
  private boolean stalled;
  private boolean closed;

  /**
   * @param onStall told of each failure, on a thread of the pool
   */
  DiskQueue(Executor pool, Consumer<StorageException> onStall) {
    this.pool = pool;
    this.onStall = onStall;
  }

  void add(Task task) {
    synchronized (this) {
      if (!closed) {
        tasks.add(task);
        startIfIdle();
        return;
      }
    }
    task.abandon();
  }

  /** Tries the task again that failed. */
  synchronized void retry() {
    stalled = false;
    startIfIdle();
  }

  /** Ends the queue: what waits behind a failure is abandoned, and all that is added later. */
  void close() {
    List<Task> dropped;
    synchronized (this) {
      closed = true;
      dropped = stalled ? List.copyOf(tasks) : List.of();
      if (stalled) {
        tasks.clear();
      }
    }
    dropped.forEach(Task::abandon);
  }

  private void startIfIdle() {
    if (!running && !stalled && !tasks.isEmpty()) {
      running = true;
      pool.execute(this::runAll);
    }
  }

  private void runAll() {
    for (var task = next(); task != null; task = next()) {
      try {
        task.run();
        done();
      } catch (StorageException e) {
        stall();
        onStall.accept(e);
        return;
      } catch (RuntimeException e) {
        // A broken invariant: this torrent stops, and says so.
        stall();
        onStall.accept(new StorageException(Reason.FAULT, "storage", e));
        return;
      }
    }
  }

  private synchronized @Nullable Task next() {
    var task = stalled ? null : tasks.peek();
    running = task != null;
    return task;
  }

  private synchronized void done() {
    tasks.remove();
  }

  private void stall() {
    synchronized (this) {
      stalled = true;
      running = false;
      if (!closed) {
        return;
      }
    }
    close();
  }
}

package org.spate.app.transfer;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Work that comes from many threads and is done by one. So whatever the work touches has one owner:
 * the thread that waits here.
 */
public final class Mailbox implements Executor {
  /** Pieces and peers of a fast swarm while a slow reader holds up our output. */
  private static final int WAITING_MAX = 100_000;

  private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(WAITING_MAX);

  @Override
  public void execute(Runnable task) {
    if (!waiting.offer(task)) {
      throw new RejectedExecutionException("the mailbox is full");
    }
  }

  /** Waits for work, but not beyond a moment, and does what there is by then. */
  public void workUntil(long deadlineNanos) throws InterruptedException {
    var task = waiting.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (task != null) {
      task.run();
      work();
    }
  }

  /** Does what there is. */
  public void work() {
    for (int left = waiting.size(); left > 0; left--) {
      var task = waiting.poll();
      if (task != null) {
        task.run();
      }
    }
  }
}

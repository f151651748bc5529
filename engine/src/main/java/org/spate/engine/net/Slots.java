package org.spate.engine.net;

import java.util.ArrayDeque;

/**
 * A bounded number of slots that loops share, such as half-open dials. Who finds none free waits in
 * line; a task that gets its slot runs on its own loop.
 */
public final class Slots {
  private record Waiter(Loop loop, Runnable task) {}

  private final ArrayDeque<Waiter> line = new ArrayDeque<>();
  private int free;

  public Slots(int count) {
    this.free = count;
  }

  /** Runs the task on its loop as soon as it holds a slot, which is not before this returns. */
  public void acquire(Loop loop, Runnable task) {
    synchronized (line) {
      if (free == 0) {
        line.add(new Waiter(loop, task));
        return;
      }
      free--;
    }
    loop.execute(task);
  }

  /** Gives a slot back, to the first in line if there is one. */
  public void release() {
    Waiter next;
    synchronized (line) {
      next = line.poll();
      if (next == null) {
        free++;
        return;
      }
    }
    next.loop().execute(next.task());
  }
}

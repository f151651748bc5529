package org.spate.engine.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;

/**
 * The one timer of one state machine. Deadlines move with nearly every event, mostly later; so a
 * timer that would fire too early is left alone and set again when it does.
 */
public final class Deadline {
  private final EventLoop events;
  private final Runnable task;
  private long dueNanos = Machine.NEVER;
  private long firesNanos = Machine.NEVER;
  private @Nullable ScheduledFuture<?> timer;

  Deadline(EventLoop events, Runnable task) {
    this.events = events;
    this.task = task;
  }

  /** Runs the task once this time has come; {@link Machine#NEVER} to stop. On the loop only. */
  public void set(long dueNanos, long nowNanos) {
    this.dueNanos = dueNanos;
    if (dueNanos < firesNanos) {
      schedule(nowNanos);
    }
  }

  private void schedule(long nowNanos) {
    if (timer != null) {
      timer.cancel(false);
    }
    firesNanos = dueNanos;
    long delay = Math.max(0, dueNanos - nowNanos);
    timer =
        events.isShuttingDown() ? null : events.schedule(this::fire, delay, TimeUnit.NANOSECONDS);
  }

  private void fire() {
    timer = null;
    firesNanos = Machine.NEVER;
    long now = Loop.nowNanos();
    if (dueNanos == Machine.NEVER) {
      return;
    }
    if (dueNanos > now) {
      schedule(now);
      return;
    }
    dueNanos = Machine.NEVER;
    task.run();
  }

  /** Forgets the deadline and frees the timer. */
  public void cancel() {
    dueNanos = Machine.NEVER;
    firesNanos = Machine.NEVER;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}

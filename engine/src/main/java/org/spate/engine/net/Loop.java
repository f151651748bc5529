package org.spate.engine.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;

/**
 * One event loop: the only thread that touches the torrents it owns and their links. Others post
 * tasks to it.
 */
public final class Loop implements Executor {
  private final EventLoop events;
  private final Pacer pacer;

  Loop(EventLoop events) {
    this.events = events;
    this.pacer = new Pacer(this);
  }

  /** Runs a task on the loop, after what waits there already; dropped once the loop has ended. */
  @Override
  public void execute(Runnable task) {
    if (!events.isShuttingDown()) {
      events.execute(task);
    }
  }

  public boolean isCurrent() {
    return events.inEventLoop();
  }

  /** Guards every entry into state that this loop owns. */
  public void assertCurrent() {
    if (!isCurrent()) {
      throw new IllegalStateException("not on " + events + " but " + Thread.currentThread());
    }
  }

  /** Nanoseconds of a monotonic clock, from 0 up; to be read once per event. */
  public static long nowNanos() {
    return System.nanoTime() - ORIGIN_NANOS;
  }

  /** A timer whose task runs on this loop. */
  public Deadline deadline(Runnable task) {
    return new Deadline(events, task);
  }

  EventLoop events() {
    return events;
  }

  Pacer pacer() {
    return pacer;
  }

  private static final long ORIGIN_NANOS = System.nanoTime();
}

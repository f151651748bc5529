package org.spate.tracker;

import java.time.Duration;

/** Something that is done again and again, on a thread of its own, until it is closed. */
final class Periodic implements AutoCloseable {
  private final Thread thread;

  private Periodic(Thread thread) {
    this.thread = thread;
  }

  /** Begins with a pause. */
  static Periodic start(String name, Duration period, Runnable action) {
    return new Periodic(Thread.ofVirtual().name(name).start(() -> run(period, action)));
  }

  private static void run(Duration period, Runnable action) {
    try {
      while (true) {
        Thread.sleep(period);
        action.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** It is not done again. */
  void stop() {
    thread.interrupt();
  }

  /** The same, and returns when it is not being done any more. */
  @Override
  public void close() {
    stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package org.spate.app.transfer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or a service manager's wish to end the program, while this is open. The program is told,
 * and gets the time to end in order; then its exit code is 130 whichever signal it was.
 */
public final class Interruption implements AutoCloseable {
  /** The exit code of what was interrupted. */
  public static final int EXIT_CODE = 130;

  /** A disk may be busy, but whoever waits for the prompt is not to wait for ever. */
  private static final long PATIENCE_SECONDS = 20;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Runnable onInterrupt) {
    hook = new Thread(() -> endInOrder(onInterrupt), "spate-interrupt");
  }

  /**
   * Listens from now on.
   *
   * @param onInterrupt called at most once, on another thread
   */
  public static Interruption listen(Runnable onInterrupt) {
    var interruption = new Interruption(onInterrupt);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void endInOrder(Runnable onInterrupt) {
    onInterrupt.run();
    try {
      var _ = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // The JVM's own exit code would be 143 for SIGTERM.
    Runtime.getRuntime().halt(EXIT_CODE);
  }

  /** All is saved and printed: if there was an interruption, the program ends here. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      ended.countDown();
    }
  }
}

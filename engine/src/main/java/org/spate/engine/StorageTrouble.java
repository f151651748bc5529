package org.spate.engine;

import org.jspecify.annotations.Nullable;
import org.spate.engine.net.Deadline;
import org.spate.engine.net.Loop;
import org.spate.engine.storage.StorageException;

/**
 * The times of storage that failed: it is left alone for a while, then tried again, and if it does
 * not fail at once, trusted. A disk that is still full shows so within the probation, before any
 * peer has been called for nothing.
 *
 * <pre>
 *   NONE -- failed --> FAILED -- 10 s --> PROBATION -- 1 s, or it says so --> NONE
 *                         ^                   |
 *                         +---- failed -------+
 * </pre>
 */
final class StorageTrouble {
  private static final long RETRY_NANOS = 10_000_000_000L;
  private static final long PROBATION_NANOS = 1_000_000_000L;

  private enum State {
    NONE,
    FAILED,
    PROBATION
  }

  /** What is to be done. */
  interface Listener {
    void onRetry(StorageException failure);

    /** Nothing was heard during probation; false to wait until {@link #recovered} is said. */
    boolean mayTrust();

    void onRecovered();
  }

  private final Listener listener;
  private final Deadline deadline;
  private State state = State.NONE;
  private @Nullable StorageException failure;

  StorageTrouble(Loop loop, Listener listener) {
    this.listener = listener;
    this.deadline = loop.deadline(this::onDeadline);
  }

  boolean isNone() {
    return state == State.NONE;
  }

  @Nullable StorageException failure() {
    return failure;
  }

  void failed(StorageException cause) {
    failure = cause;
    state = State.FAILED;
    expectAfter(RETRY_NANOS);
  }

  /** Tries again at once if storage is being left alone. */
  void retryNow() {
    if (state == State.FAILED) {
      expectAfter(0);
    }
  }

  /** Storage has shown that it works. */
  void recovered() {
    if (state == State.PROBATION) {
      state = State.NONE;
      failure = null;
      deadline.cancel();
      listener.onRecovered();
    }
  }

  private void expectAfter(long nanos) {
    long now = Loop.nowNanos();
    deadline.set(now + nanos, now);
  }

  private void onDeadline() {
    var cause = failure;
    if (state == State.FAILED && cause != null) {
      state = State.PROBATION;
      expectAfter(PROBATION_NANOS);
      listener.onRetry(cause);
    } else if (listener.mayTrust()) {
      recovered();
    }
  }

  void close() {
    deadline.cancel();
  }
}

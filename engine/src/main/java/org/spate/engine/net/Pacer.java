package org.spate.engine.net;

import java.util.ArrayDeque;

/**
 * The links of one loop that wait for a rate limit. Every few milliseconds each in turn is offered
 * one quantum, round after round while the limits allow: so links share a limit evenly however fast
 * each of them is.
 */
final class Pacer {
  private static final long TICK_NANOS = 12_000_000L;

  /** Noise of up to 8 ms, so that two loops under one limit do not always tick in one order. */
  private static final long NOISE_MASK = (1L << 23) - 1;

  /** One direction of one link. */
  interface Paced {
    /** Uses at most one quantum if its limits are open. */
    Progress proceed(long nowNanos);
  }

  enum Progress {
    /** Has nothing more to wait for. */
    DONE,
    /** Used a quantum and could use another. */
    MORE,
    /** Its limits are closed. */
    WAIT
  }

  private final ArrayDeque<Paced> waiting = new ArrayDeque<>();
  private final Deadline tick;

  Pacer(Loop loop) {
    this.tick = loop.deadline(this::onTick);
  }

  /** Queues a direction; it must not be queued already. */
  void await(Paced paced, long nowNanos) {
    waiting.add(paced);
    if (waiting.size() == 1) {
      arm(nowNanos);
    }
  }

  private void onTick() {
    long now = Loop.nowNanos();
    boolean progress = true;
    while (progress) {
      progress = false;
      for (int left = waiting.size(); left > 0; left--) {
        var paced = waiting.remove();
        switch (paced.proceed(now)) {
          case DONE -> {}
          case WAIT -> waiting.add(paced);
          case MORE -> {
            waiting.add(paced);
            progress = true;
          }
        }
      }
    }
    if (!waiting.isEmpty()) {
      arm(now);
    }
  }

  private void arm(long nowNanos) {
    tick.set(nowNanos + TICK_NANOS + (nowNanos >>> 7 & NOISE_MASK), nowNanos);
  }
}

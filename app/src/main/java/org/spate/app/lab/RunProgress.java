package org.spate.app.lab;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.Durations;
import org.spate.sim.Progress;
import org.spate.sim.ProgressListener;

/** One line on a terminal, drawn over again: how far the runs are, and when they will be done. */
public final class RunProgress {
  private static final long INTERVAL_NANOS = 250_000_000L;
  private static final String ERASE_LINE = "\r\u001b[K";

  private final @Nullable PrintWriter err; // null where nobody watches
  private final IntSupplier width;
  private final LongSupplier clock;
  private final int runCount;
  private final long beganNanos;
  private double sharesDone; // over all runs, those ended and those under way
  private long events;
  private int runsDone;
  private long shownNanos;

  private RunProgress(
      @Nullable PrintWriter err, IntSupplier width, LongSupplier clock, int runCount) {
    this.err = err;
    this.width = width;
    this.clock = clock;
    this.runCount = runCount;
    this.beganNanos = clock.getAsLong();
    this.shownNanos = beganNanos;
  }

  public static RunProgress on(
      PrintWriter err, IntSupplier width, LongSupplier clock, int runCount) {
    return new RunProgress(err, width, clock, runCount);
  }

  public static RunProgress silent() {
    return new RunProgress(null, () -> 0, () -> 0, 1);
  }

  One begin() {
    return new One();
  }

  /** The part of one run. */
  final class One implements ProgressListener {
    private double share;
    private long eventsSeen;

    @Override
    public void onProgress(Progress progress) {
      synchronized (RunProgress.this) {
        sharesDone += progress.share() - share;
        events += progress.events() - eventsSeen;
        share = progress.share();
        eventsSeen = progress.events();
        show(progress);
      }
    }

    void end() {
      synchronized (RunProgress.this) {
        sharesDone += 1 - share;
        runsDone++;
      }
    }
  }

  private void show(Progress progress) {
    long now = clock.getAsLong();
    if (err == null || now - shownNanos < INTERVAL_NANOS) {
      return;
    }
    shownNanos = now;
    String line = line(progress, (now - beganNanos) / 1e9);
    int columns = Math.max(1, width.getAsInt() - 1);
    err.print(ERASE_LINE + line.substring(0, Math.min(columns, line.length())));
    err.flush();
  }

  private String line(Progress progress, double seconds) {
    double done = sharesDone / runCount;
    String left =
        done > 0
            ? Durations.show(Duration.ofSeconds((long) (seconds * (1 - done) / done))) + " left"
            : "";
    return String.format(
        Locale.ROOT,
        "%5.1f%%  run %d of %d  virtual time %s  %d of %d peers done  %.2f M events/s  %s",
        100 * done,
        Math.min(runsDone + 1, runCount),
        runCount,
        Words.seconds(progress.nowNanos() / 1e9),
        progress.completed(),
        progress.leechers(),
        events / seconds / 1e6,
        left);
  }

  /** Leaves no trace on the screen. */
  public synchronized void close() {
    if (err != null) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }
}

package org.spate.app;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.spate.app.console.Progress;
import org.spate.app.console.TransferSnapshot;

/** Shows how work on what is on disk goes; called by any thread, as often as one likes. */
final class DiskProgress {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Progress progress;
  private final String name;
  private final String phase;
  private final long startNanos = System.nanoTime();
  private long shownNanos = startNanos;

  DiskProgress(Progress progress, String name, String phase) {
    this.progress = progress;
    this.name = name;
    this.phase = phase;
  }

  synchronized void onProgress(long doneBytes, long totalBytes) {
    long nowNanos = System.nanoTime();
    if (nowNanos - shownNanos < INTERVAL_NANOS) {
      return;
    }
    shownNanos = nowNanos;
    double seconds = (nowNanos - startNanos) / 1e9;
    long done = Math.min(doneBytes, totalBytes);
    progress.show(
        List.of(TransferSnapshot.local(name, phase, done, totalBytes, (long) (done / seconds))),
        nowNanos);
  }
}

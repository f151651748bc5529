package org.spate.app.console;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Progress for logs and pipes: a line for a torrent when it changes its phase, else now and then.
 */
final class PlainProgress implements Progress {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final PrintWriter err;
  private final Map<String, Shown> shown = new HashMap<>();

  private record Shown(String phase, long atNanos, long doneBytes) {}

  PlainProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public synchronized void show(List<TransferSnapshot> transfers, long nowNanos) {
    for (var transfer : transfers) {
      var last = shown.get(transfer.name());
      if (last == null || isNews(transfer, last, nowNanos)) {
        err.println(ProgressLine.plain(transfer));
        shown.put(transfer.name(), new Shown(transfer.phase(), nowNanos, transfer.doneBytes()));
      }
    }
    err.flush();
  }

  private static boolean isNews(TransferSnapshot transfer, Shown last, long nowNanos) {
    return !last.phase.equals(transfer.phase())
        || (nowNanos - last.atNanos >= INTERVAL_NANOS && last.doneBytes != transfer.doneBytes());
  }

  @Override
  public synchronized void say(String message) {
    err.println(Printable.of(message));
    err.flush();
  }

  @Override
  public void aside(Runnable print) {
    print.run();
  }

  @Override
  public void close() {}
}

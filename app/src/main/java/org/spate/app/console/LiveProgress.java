package org.spate.app.console;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.IntSupplier;

/** Progress on a terminal: a line for each torrent, drawn over again and again. */
final class LiveProgress implements Progress {
  /** More lines than this would scroll off a small window, and could not be drawn over. */
  static final int LINES_MAX = 16;

  private static final String ERASE_TO_END = "\u001b[J";

  private final PrintWriter err;
  private final IntSupplier width;
  private final boolean hasColour;
  private List<TransferSnapshot> last = List.of();
  private int linesDrawn;

  LiveProgress(PrintWriter err, IntSupplier width, boolean hasColour) {
    this.err = err;
    this.width = width;
    this.hasColour = hasColour;
  }

  @Override
  public synchronized void show(List<TransferSnapshot> transfers, long nowNanos) {
    last = List.copyOf(transfers);
    erase();
    draw();
    err.flush();
  }

  @Override
  public void say(String message) {
    aside(() -> err.println(Printable.of(message)));
  }

  @Override
  public synchronized void aside(Runnable print) {
    erase();
    err.flush();
    print.run();
    draw();
    err.flush();
  }

  private void erase() {
    if (linesDrawn > 0) {
      err.print("\u001b[" + linesDrawn + "A\r" + ERASE_TO_END);
      linesDrawn = 0;
    }
  }

  private void draw() {
    // One column is left free: some terminals wrap when the last one is written.
    int columns = Math.max(1, width.getAsInt() - 1);
    int shown = last.size() <= LINES_MAX ? last.size() : LINES_MAX - 1;
    for (var line : ProgressLine.live(last.subList(0, shown), columns, hasColour)) {
      err.println(line);
      linesDrawn++;
    }
    if (shown < last.size()) {
      err.println(Screen.fit("and " + (last.size() - shown) + " more", columns));
      linesDrawn++;
    }
  }

  @Override
  public void close() {
    err.flush();
  }
}

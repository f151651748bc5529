package org.spate.app.console;

import java.io.PrintWriter;
import java.util.List;

/** What a person watches on stderr while torrents move. */
public sealed interface Progress extends AutoCloseable
    permits LiveProgress, PlainProgress, SilentProgress {

  /** Shows how things stand; called a few times a second. */
  void show(List<TransferSnapshot> transfers, long nowNanos);

  /** Says something once, and keeps it on the screen. */
  void say(String message);

  /** Lets something else be printed where the picture may be. */
  void aside(Runnable print);

  /** Leaves the last picture on the screen. */
  @Override
  void close();

  /** Nothing when quiet; a picture that moves on a terminal; else a line now and then. */
  static Progress on(PrintWriter err, boolean isQuiet) {
    if (isQuiet) {
      return new SilentProgress();
    }
    return Screen.onStderr()
        .<Progress>map(screen -> new LiveProgress(err, screen::width, Screen.wantsColour()))
        .orElseGet(() -> new PlainProgress(err));
  }
}

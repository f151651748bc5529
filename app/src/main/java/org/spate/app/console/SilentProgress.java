package org.spate.app.console;

import java.util.List;

/** Progress that nobody wants to see. */
record SilentProgress() implements Progress {
  @Override
  public void show(List<TransferSnapshot> transfers, long nowNanos) {}

  @Override
  public void say(String message) {}

  @Override
  public void aside(Runnable print) {
    print.run();
  }

  @Override
  public void close() {}
}

package org.spate.app;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;

/**
 * What the build runs once to record the start-up cache (JEP 514): the commands that should start
 * quickly, in one process, because a cache is recorded from one run.
 */
final class Rehearsal {
  private static final List<List<String>> LINES =
      List.of(List.of("--version"), List.of("--help"), List.of("get", "--no-such-option"));

  private Rehearsal() {}

  public static void main(String[] arguments) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    for (var line : LINES) {
      Spate.run(Spate.commandLine(nowhere, nowhere), line.toArray(String[]::new));
    }
  }
}

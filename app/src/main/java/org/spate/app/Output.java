package org.spate.app;

import java.io.PrintWriter;
import org.spate.app.console.JsonLines;
import org.spate.app.console.Progress;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every subcommand has, and where it writes: a mixin. */
final class Output {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print results and errors only.")
  private boolean isQuiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Print what happens, and the cause of every error.")
  private boolean isVerbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("unused") // picocli looks at the option itself
  private boolean isHelpWanted;

  /** Results. */
  PrintWriter out() {
    return command.commandLine().getOut();
  }

  /** Everything about the results. */
  PrintWriter err() {
    return command.commandLine().getErr();
  }

  JsonLines json() {
    return new JsonLines(out());
  }

  /** To be called before the first thing that logs. */
  void startLog() {
    if (isVerbose) {
      LogOnStderr.speakUp();
    }
  }

  /** The picture on stderr. */
  Progress progress() {
    return Progress.on(err(), isQuiet);
  }

  boolean isVerbose() {
    return isVerbose;
  }

  boolean isQuiet() {
    return isQuiet;
  }
}

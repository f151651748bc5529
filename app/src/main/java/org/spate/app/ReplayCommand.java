package org.spate.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.spate.app.replay.ReplayJsonReport;
import org.spate.app.replay.ReplayReport;
import org.spate.app.replay.ReplayRun;
import org.spate.app.replay.ReplayTextReport;
import org.spate.core.recording.RecordingException;
import org.spate.core.recording.RecordingReader;
import org.spate.core.recording.Replay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs what a torrent was told once more through the code that decides. */
@Command(
    name = "replay",
    description = {
      "Run a recording of 'get' or 'seed' once more, and tell whether the same comes of it.",
      "A recording holds what the torrent's swarm was told, not the data; nothing is sent or"
          + " written now. The exit code is 0 if all is as recorded, 1 if a step differs, and 2 if"
          + " the recording cannot be read."
    })
final class ReplayCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(paramLabel = "FILE", description = "What --record wrote.")
  private Path file;

  @Option(names = "--steps", description = "Print each step: what was said, and what came of it.")
  private boolean isShowing;

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "1",
      description = "Print steps from this one on.")
  private long from;

  @Option(names = "--to", paramLabel = "N", description = "Print steps up to this one.")
  private long to = Long.MAX_VALUE;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean isJson;

  @Override
  public Integer call() throws IOException {
    boolean isSome = isShowing || from > 1 || to < Long.MAX_VALUE;
    var report = isJson ? new ReplayJsonReport(output.json()) : new ReplayTextReport(output.out());
    try (var in = Files.newInputStream(file)) {
      var run = new ReplayRun(new Replay(new RecordingReader(source(in))));
      show(run, report, isSome);
      report.end(run);
      return run.isSame() ? Spate.DONE : Spate.FAILED;
    } catch (RecordingException e) {
      throw new BadInputException(file + ": " + e.getMessage(), e);
    }
  }

  private void show(ReplayRun run, ReplayReport report, boolean isSome) {
    for (var replayed = run.next(); replayed != null; replayed = run.next()) {
      long number = replayed.step().number();
      if (isSome && number >= from && number <= to) {
        report.step(replayed, run.seconds());
      }
    }
  }

  private static RecordingReader.Source source(InputStream in) {
    return (into, offset, length) -> {
      try {
        return in.read(into, offset, length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}

package org.spate.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.Screen;
import org.spate.app.lab.Results;
import org.spate.app.lab.RunJson;
import org.spate.app.lab.RunProgress;
import org.spate.app.lab.Runner;
import org.spate.app.lab.ScenarioSource;
import org.spate.app.lab.Study;
import org.spate.app.lab.StudyPage;
import org.spate.app.lab.StudyText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs swarms in virtual time, with the protocol code that really ships. */
@Command(
    name = "simulate",
    description = {
      "Run a swarm in virtual time, with the protocol code of the real program.",
      "Scenarios that come with it: flash-crowd (the default), three-classes, self-scaling,"
          + " free-riders, poisoners, tracker-outage, seed-leaves, two-islands, thousand-of-1GiB,"
          + " hundred-thousand. The same scenario and seed give the same result on any machine."
    })
final class SimulateCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(
      paramLabel = "SCENARIO",
      arity = "0..1",
      defaultValue = "flash-crowd",
      description = "A scenario file (YAML), or the name of one that comes with the program.")
  private String source;

  @Option(
      names = "--peers",
      paramLabel = "N|CLASSES",
      description =
          "Leechers: a number, or classes of count x up / down, like 5x16M/64M,10x6M/24M.")
  private @Nullable String peers;

  @Option(names = "--size", paramLabel = "SIZE", description = "Size of the file.")
  private @Nullable String size;

  @Option(names = "--piece-size", paramLabel = "SIZE", description = "Size of a piece.")
  private @Nullable String pieceSize;

  @Option(names = "--seed-up", paramLabel = "RATE", description = "Upload of each seed.")
  private @Nullable String seedUp;

  @Option(names = "--peer-up", paramLabel = "RATE", description = "Upload of each leecher.")
  private @Nullable String peerUp;

  @Option(names = "--peer-down", paramLabel = "RATE", description = "Download of each leecher.")
  private @Nullable String peerDown;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the first run's dice.")
  private @Nullable String seed;

  @Option(names = "--runs", paramLabel = "N", description = "Runs, each with the next seed.")
  private @Nullable String runs;

  @Option(
      names = "--vary",
      paramLabel = "KEY=A,B",
      description =
          "Run side by side with each value of a key of the scenario, like"
              + " choker=tit-for-tat,round-robin or peers=5,10,20; may be repeated.")
  private List<String> vary = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write an HTML page with tables and figures.")
  private @Nullable Path report;

  @Option(names = "--json", description = "Print one JSON object for each run, one a line.")
  private boolean isJson;

  @Override
  public Integer call() throws InterruptedException, IOException {
    var study = study();
    var results = run(study);
    if (report != null) {
      var html = new StudyPage(study, results).html();
      Files.write(report, html.getBytes(StandardCharsets.UTF_8));
    }
    if (isJson) {
      results.forEach(this::writeJson);
    } else {
      new StudyText(study, results).write(output.out());
    }
    boolean isSound =
        results.stream()
            .flatMap(result -> result.runs().stream())
            .allMatch(run -> run.finished() && run.violations().isEmpty());
    return isSound ? Spate.DONE : Spate.FAILED;
  }

  private void writeJson(Results results) {
    for (var run : results.runs()) {
      output.json().write(new RunJson(results.variant(), run)::write);
    }
  }

  private Study study() {
    try {
      return Study.read(ScenarioSource.load(source), changes(), varied());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The options that were given, as keys of the scenario. */
  private Map<String, String> changes() {
    var changes = new LinkedHashMap<String, String>();
    put(changes, "peers", peers);
    put(changes, "size", size);
    put(changes, "piece-size", pieceSize);
    put(changes, "seed-up", seedUp);
    put(changes, "peer-up", peerUp);
    put(changes, "peer-down", peerDown);
    put(changes, "seed", seed);
    put(changes, "runs", runs);
    return changes;
  }

  private static void put(Map<String, String> changes, String key, @Nullable String value) {
    if (value != null) {
      changes.put(key, value);
    }
  }

  private Map<String, List<String>> varied() {
    var varied = new LinkedHashMap<String, List<String>>();
    for (String one : vary) {
      int equals = one.indexOf('=');
      String key = one.substring(0, Math.max(0, equals));
      if (!key.matches("[a-z][a-z-]*") || varied.containsKey(key)) {
        throw new IllegalArgumentException(
            "--vary: give each key once, with its values, like peers=5,10,20");
      }
      varied.put(key, Study.values(one.substring(equals + 1)));
    }
    return varied;
  }

  private List<Results> run(Study study) throws InterruptedException {
    var progress = progress(study);
    try {
      return new Runner(study, progress).run();
    } finally {
      progress.close();
    }
  }

  private RunProgress progress(Study study) {
    if (output.isQuiet()) {
      return RunProgress.silent();
    }
    return Screen.onStderr()
        .map(s -> RunProgress.on(output.err(), s::width, System::nanoTime, study.runCount()))
        .orElseGet(RunProgress::silent);
  }
}

package org.spate.app.lab;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.spate.app.console.Printable;
import org.spate.sim.ClassResult;
import org.spate.sim.RunResult;

/** The results of a study as tables: medians over the seeds, and their spread. */
public record StudyText(Study study, List<Results> results) {

  public void write(PrintWriter out) {
    out.println(Printable.of(summary()));
    if (!study.about().isEmpty()) {
      out.println(Printable.of(study.about()));
    }
    out.println();
    new Table(overview()).write(out);
    out.println();
    new Table(classes()).write(out);
    notes().forEach(note -> out.println(Printable.of(note)));
  }

  String summary() {
    var scenario = study.variants().getFirst().scenario();
    String seeds =
        study.runs() == 1
            ? "seed " + study.seed()
            : "medians over the seeds %d to %d"
                .formatted(study.seed(), study.seed() + study.runs() - 1);
    return "%s: %s in pieces of %s, %s"
        .formatted(
            study.name(),
            Words.size(scenario.fileBytes()),
            Words.size(scenario.pieceLength()),
            seeds);
  }

  List<List<String>> overview() {
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "",
            "peers",
            "D_CS s",
            "D_P2P s",
            "distribution s",
            "over D_P2P",
            "mean s",
            "seed copies",
            "wasted %"));
    for (var result : results) {
      var bounds = result.first().bounds();
      rows.add(
          List.of(
              result.variant().label(),
              String.valueOf(result.first().leechers()),
              Words.number(bounds.clientServerSeconds(), 1),
              Words.number(bounds.peerToPeerSeconds(), 2),
              result.spread(RunResult::distributionSeconds).show(2),
              result.spread(RunResult::ratio).show(3),
              result.spread(RunResult::meanSeconds).show(2),
              result.spread(RunResult::seedCopies).show(2),
              result.spread(StudyText::wastedPercent).show(2)));
    }
    return rows;
  }

  private static double wastedPercent(RunResult run) {
    double wanted = (double) run.bounds().fileBytes() * run.completionSeconds().size();
    return wanted == 0 ? 0 : 100 * run.wastedBytes() / wanted;
  }

  /** How each class fared in the first run of each variant. */
  List<List<String>> classes() {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("class", "nodes", "completed", "mean s", "last s", "share ratio"));
    for (var result : results) {
      for (var kind : result.first().classes()) {
        rows.add(row(className(result, kind), kind));
      }
    }
    return rows;
  }

  String className(Results result, ClassResult kind) {
    return results.size() == 1 ? kind.name() : result.variant().label() + ": " + kind.name();
  }

  private static List<String> row(String name, ClassResult kind) {
    boolean isDone = kind.completed() > 0;
    return List.of(
        name,
        String.valueOf(kind.count()),
        kind.receivedBytes() == 0 ? "-" : String.valueOf(kind.completed()),
        isDone ? Words.number(kind.meanSeconds(), 2) : "-",
        isDone ? Words.number(kind.maxSeconds(), 2) : "-",
        kind.receivedBytes() == 0 ? "-" : Words.number(kind.shareRatio(), 2));
  }

  /** What must not be overlooked. */
  List<String> notes() {
    var notes = new ArrayList<String>();
    for (var result : results) {
      for (var run : result.runs()) {
        String which = result.variant().label() + ", seed " + run.seed() + ": ";
        if (!run.finished()) {
          notes.add(
              which + run.completionSeconds().size() + " of " + run.leechers() + " completed");
        }
        run.violations().forEach(violation -> notes.add(which + "broken: " + violation));
      }
    }
    return notes;
  }
}

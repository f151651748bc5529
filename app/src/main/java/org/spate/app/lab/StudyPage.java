package org.spate.app.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.spate.app.chart.Axis;
import org.spate.app.chart.Bars;
import org.spate.app.chart.Drawing;
import org.spate.app.chart.Figure;
import org.spate.app.chart.HtmlPage;
import org.spate.app.chart.Series;
import org.spate.app.chart.Series.Point;
import org.spate.app.chart.Series.Style;
import org.spate.sim.RunResult;
import org.spate.sim.Sample;

/** The results of a study as one page of tables and figures. */
public final class StudyPage {
  private final Study study;
  private final List<Results> results;
  private final StudyText text;

  /** Where limits differ, time is told in multiples of each run's own. */
  private final boolean isRelative;

  public StudyPage(Study study, List<Results> results) {
    this.study = study;
    this.results = results;
    this.text = new StudyText(study, results);
    this.isRelative =
        results.stream().mapToDouble(r -> limit(r.first())).distinct().limit(2).count() > 1;
  }

  private static double limit(RunResult run) {
    return run.bounds().peerToPeerSeconds();
  }

  public String html() {
    var page = new HtmlPage(study.name()).paragraph(study.about()).paragraph(text.summary());
    text.notes().forEach(page::paragraph);
    page.heading("Distribution time").table(text.overview());
    page.heading("Course").paragraph(which()).drawings(drawings());
    return page.heading("Classes").table(text.classes()).html();
  }

  private String which() {
    return study.runs() == 1
        ? ""
        : "Curves over time are of the run with seed " + study.seed() + "; bars are medians.";
  }

  private List<Drawing> drawings() {
    var drawings = new ArrayList<Drawing>();
    if (results.stream().map(r -> r.first().leechers()).distinct().count() > 1) {
      drawings.add(selfScaling());
    }
    drawings.add(completion());
    drawings.add(overTime("Upload utilisation", "share of all upload", Sample::utilisation));
    if (results.size() == 1) {
      drawings.add(replication());
    } else {
      drawings.add(overTime("Copies of the rarest piece", "copies", Sample::copiesMin));
      drawings.add(overTime("Copies of a piece, mean", "copies", Sample::copiesMean));
    }
    drawings.add(shareRatios());
    drawings.add(seedBytes());
    return drawings;
  }

  /** The point of the whole thing: measured times stay with the bound as the swarm grows. */
  private Figure selfScaling() {
    var sorted =
        results.stream().sorted(Comparator.comparingInt(r -> r.first().leechers())).toList();
    var alone = new ArrayList<Point>();
    var swarm = new ArrayList<Point>();
    var measured = new ArrayList<Point>();
    for (var result : sorted) {
      double peers = result.first().leechers();
      alone.add(new Point(peers, result.first().bounds().clientServerSeconds()));
      swarm.add(new Point(peers, limit(result.first())));
      measured.add(new Point(peers, result.spread(RunResult::distributionSeconds).median()));
    }
    return new Figure(
        "Distribution time over the number of peers",
        Axis.logarithmic("peers"),
        Axis.logarithmic("seconds"),
        List.of(
            new Series("measured", Style.MARKED, measured),
            new Series("server alone (D_CS)", Style.LINE, alone),
            new Series("bound (D_P2P)", Style.DASHED, swarm)));
  }

  private Figure completion() {
    var series = new ArrayList<Series>();
    for (var result : results) {
      var run = result.first();
      var points = new ArrayList<Point>();
      points.add(new Point(0, 0));
      var seconds = run.completionSeconds().stream().sorted().toList();
      for (int i = 0; i < seconds.size(); i++) {
        points.add(new Point(time(run, seconds.get(i)), (i + 1.0) / run.leechers()));
      }
      series.add(new Series(result.variant().label(), Style.STEPS, points));
    }
    double bound = isRelative ? 1 : limit(results.getFirst().first());
    series.add(
        new Series("D_P2P", Style.DASHED, List.of(new Point(bound, 0), new Point(bound, 1))));
    return new Figure(
        "Peers that have the file, by time since they joined",
        timeAxis(),
        Axis.linear("share of peers"),
        series);
  }

  private Figure overTime(String title, String label, ToDoubleFunction<Sample> figure) {
    var series = new ArrayList<Series>();
    for (var result : results) {
      series.add(curve(result.variant().label(), result.first(), figure, Style.LINE));
    }
    return new Figure(title, timeAxis(), Axis.linear(label), series);
  }

  private Figure replication() {
    var run = results.getFirst().first();
    return new Figure(
        "Copies of a piece",
        timeAxis(),
        Axis.linear("copies"),
        List.of(
            curve("mean", run, Sample::copiesMean, Style.LINE),
            curve("rarest piece", run, Sample::copiesMin, Style.LINE)));
  }

  private Series curve(String label, RunResult run, ToDoubleFunction<Sample> figure, Style style) {
    var points =
        run.samples().stream()
            .map(sample -> new Point(time(run, sample.seconds()), figure.applyAsDouble(sample)))
            .toList();
    return new Series(label, style, points);
  }

  private double time(RunResult run, double seconds) {
    return isRelative ? seconds / limit(run) : seconds;
  }

  private Axis timeAxis() {
    return Axis.linear(isRelative ? "time over D_P2P" : "seconds");
  }

  private Bars shareRatios() {
    var bars = new ArrayList<Bars.Bar>();
    for (var result : results) {
      var classes = result.first().classes();
      for (int i = 0; i < classes.size(); i++) {
        int index = i;
        if (classes.get(i).receivedBytes() > 0) {
          double ratio = result.spread(run -> run.classes().get(index).shareRatio()).median();
          bars.add(new Bars.Bar(text.className(result, classes.get(i)), ratio));
        }
      }
    }
    return new Bars("Share ratio by class", "bytes given for each byte taken", 1, bars);
  }

  private Bars seedBytes() {
    var bars =
        results.stream()
            .map(
                result ->
                    new Bars.Bar(
                        result.variant().label(), result.spread(RunResult::seedCopies).median()))
            .toList();
    return new Bars("Sent by the seeds", "times the size of the file", 1, bars);
  }
}

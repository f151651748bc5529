package org.spate.app.lab;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.spate.sim.RunResult;

/** All runs of one variant, by seed. */
public record Results(Study.Variant variant, List<RunResult> runs) {

  /** A figure over several seeds. */
  record Spread(double median, double least, double most) {
    /** {@code 37.20}, or {@code 37.20 (36.91 to 38.02)} where runs differ. */
    String show(int decimals) {
      String middle = Words.number(median, decimals);
      return least == most
          ? middle
          : "%s (%s to %s)"
              .formatted(middle, Words.number(least, decimals), Words.number(most, decimals));
    }
  }

  public Results {
    runs = List.copyOf(runs);
  }

  Spread spread(ToDoubleFunction<RunResult> figure) {
    var values = runs.stream().mapToDouble(figure).sorted().toArray();
    return new Spread(median(values), values[0], values[values.length - 1]);
  }

  static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** The run whose course is shown where only one can be. */
  RunResult first() {
    return runs.getFirst();
  }

  long unfinished() {
    return runs.stream().filter(run -> !run.finished()).count();
  }
}

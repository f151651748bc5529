package org.spate.sim;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spate.core.swarm.SwarmSettings;

/**
 * For people who tune the strategy: runs a flash crowd with overrides from the command line, {@code
 * key=value} each, and prints a line for each run and the medians. Without any, scenario (a). A key
 * {@code settings.NAME} overrides that component of the swarms' settings.
 */
final class Experiment {
  private static final double MBIT = 125_000;

  private final Map<String, String> options = new LinkedHashMap<>();
  private final Map<String, String> overrides = new LinkedHashMap<>();
  private final SwarmSettings settings;

  public static void main(String[] args) {
    new Experiment(args).run();
  }

  private Experiment(String[] args) {
    String defaults =
        "peers=20 up=8 down=32 seeds=1 seedup=8 seeddown=100 mib=32 pieceKiB=256 latencyMs=5"
            + " runs=10 seed=1 unsentKiB=32 windowKiB=256 quantumKiB=17 jitterMs=100 classes="
            + " free=0 poison=0 overhead=true"
            + " progress=false samples=false endS=0";
    for (String option : defaults.split(" ", -1)) {
      put(option);
    }
    for (String option : args) {
      if (option.startsWith("settings.")) {
        int equals = option.indexOf('=');
        overrides.put(option.substring("settings.".length(), equals), option.substring(equals + 1));
        continue;
      }
      if (!options.containsKey(option.split("=", 2)[0])) {
        throw new IllegalArgumentException(option + " is not one of: " + defaults);
      }
      put(option);
    }
    settings = RecordOverrides.apply(SwarmSettings.DEFAULT, overrides);
  }

  private void put(String option) {
    options.put(
        option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
  }

  private void run() {
    var scenario = scenario();
    var bounds = ResultMaker.bounds(scenario);
    print(
        "%s%nD_P2P %.2f s (%s), piece-aware bound %.2f s (%.3f), D_CS %.1f s%n",
        options + " " + overrides,
        bounds.peerToPeerSeconds(),
        bounds.bindingTerm(),
        bounds.pieceAwareBound(),
        bounds.pieceAwareBound() / bounds.peerToPeerSeconds(),
        bounds.clientServerSeconds());
    var results = new ArrayList<RunResult>();
    for (int i = 0; i < number("runs"); i++) {
      results.add(one(scenario, (long) number("seed") + i));
    }
    print(
        "median ratio %.3f (%.3f to %.3f), mean/D_P2P %.3f, seed copies %.2f%n",
        median(results.stream().mapToDouble(RunResult::ratio).toArray()),
        results.stream().mapToDouble(RunResult::ratio).min().orElse(0),
        results.stream().mapToDouble(RunResult::ratio).max().orElse(0),
        median(
            results.stream()
                .mapToDouble(r -> r.meanSeconds() / bounds.peerToPeerSeconds())
                .toArray()),
        median(results.stream().mapToDouble(RunResult::seedCopies).toArray()));
  }

  private RunResult one(Scenario scenario, long seed) {
    long began = System.nanoTime();
    long cpuBegan = cpuNanos();
    var result = Simulation.run(scenario, seed, p -> report(p, began));
    double seconds = (cpuNanos() - cpuBegan) / 1e9;
    print(
        "seed %3d: %s %8.2f s, ratio %.3f, mean %8.2f s, first copy %.2f s, seed copies %.2f,"
            + " wasted %.2f %%, bans %d; %d events in %.1f CPU s, %.2f M/s, %016x%n",
        seed,
        result.finished() ? "done" : "STUCK",
        result.distributionSeconds(),
        result.ratio(),
        result.meanSeconds(),
        result.firstCopySeconds(),
        result.seedCopies(),
        100.0 * result.wastedBytes() / scenario.fileBytes() / result.leechers(),
        result.bans(),
        result.events(),
        seconds,
        result.events() / seconds / 1e6,
        result.logHash());
    result.violations().forEach(v -> print("  VIOLATION %s%n", v));
    if (result.classes().size() > 2) {
      result.classes().forEach(c -> print("  %s, share ratio %.2f%n", c, c.shareRatio()));
    }
    if (flag("samples")) {
      result.samples().forEach(s -> print("  %s%n", s));
    }
    return result;
  }

  private void report(Progress progress, long began) {
    if (flag("progress")) {
      double seconds = (System.nanoTime() - began) / 1e9;
      System.err.printf(
          Locale.ROOT,
          "\r%.1f %% of all pieces, virtual %.1f s, %d done, %.1f M events, %.2f M/s   ",
          100 * progress.share(),
          progress.nowNanos() / 1e9,
          progress.completed(),
          progress.events() / 1e6,
          progress.events() / seconds / 1e6);
    }
  }

  private Scenario scenario() {
    long latency = (long) (number("latencyMs") * 1e6);
    var nodes = new ArrayList<NodeClass>();
    var seed = NodeClass.seed(rate("seedup"), rate("seeddown"), latency);
    for (int i = 0; i < number("seeds"); i++) {
      nodes.add(seed.with(settings));
    }
    nodes.addAll(leechers(latency));
    var network =
        NetworkModel.DEFAULT
            .withUnsentMax((int) (number("unsentKiB") * 1024))
            .withWindowBytes((int) (number("windowKiB") * 1024))
            .withQuantumBytes((int) (number("quantumKiB") * 1024));
    var scenario =
        Scenario.of(
                "experiment",
                (long) (number("mib") * (1 << 20)),
                (int) (number("pieceKiB") * 1024),
                nodes)
            .with(flag("overhead") ? network : network.withoutOverhead());
    return number("endS") > 0 ? scenario.withEnd((long) (number("endS") * 1e9)) : scenario;
  }

  /** One class, or those of {@code classes=5x16/64,10x6/24} in Mbit/s; free riders, poisoners. */
  private List<NodeClass> leechers(long latency) {
    String classes = options.get("classes");
    if (classes.isEmpty()) {
      classes = options.get("peers") + "x" + options.get("up") + "/" + options.get("down");
    }
    var leechers = new ArrayList<NodeClass>();
    var arrival = new Arrival.FlashCrowd((long) (number("jitterMs") * 1e6));
    for (String one : classes.split(",", -1)) {
      var parts = one.split("[x/]", -1);
      leechers.add(
          NodeClass.leechers(
                  one,
                  Integer.parseInt(parts[0]),
                  (long) (Double.parseDouble(parts[1]) * MBIT),
                  (long) (Double.parseDouble(parts[2]) * MBIT),
                  latency)
              .with(arrival)
              .with(settings));
    }
    if (number("free") > 0) {
      leechers.add(
          NodeClass.leechers("free", (int) number("free"), rate("up"), rate("down"), latency)
              .with(new Behaviour.FreeRider())
              .with(arrival));
    }
    if (number("poison") > 0) {
      leechers.add(
          NodeClass.leechers("poison", (int) number("poison"), rate("up"), rate("down"), latency)
              .with(new Behaviour.Poisoner(1))
              .with(arrival));
    }
    return leechers;
  }

  private double number(String option) {
    return Double.parseDouble(options.get(option));
  }

  private boolean flag(String option) {
    return Boolean.parseBoolean(options.get(option));
  }

  private long rate(String option) {
    return (long) (number(option) * MBIT);
  }

  /** Of this thread: a machine shared with others says little by its clock. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int half = values.length / 2;
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }
}

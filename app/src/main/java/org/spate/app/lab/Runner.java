package org.spate.app.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.spate.sim.NodeClass;
import org.spate.sim.RunResult;
import org.spate.sim.Scenario;
import org.spate.sim.Simulation;

/** Runs a study: each run on one thread, and several at once where they are small. */
public final class Runner {
  /** More nodes than this are not simulated at once: each takes memory. */
  private static final long NODES_AT_ONCE_MAX = 2_000;

  private final Study study;
  private final RunProgress progress;

  public Runner(Study study, RunProgress progress) {
    this.study = study;
    this.progress = progress;
  }

  /** In the order of the study, whichever ended first. */
  public List<Results> run() throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(threadCount())) {
      var started = new ArrayList<List<Future<RunResult>>>();
      for (var variant : study.variants()) {
        var runs = new ArrayList<Future<RunResult>>();
        for (int i = 0; i < study.runs(); i++) {
          runs.add(threads.submit(run(variant.scenario(), study.seed() + i)));
        }
        started.add(runs);
      }
      try {
        return collect(started);
      } catch (RuntimeException | InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private int threadCount() {
    long most = study.variants().stream().mapToLong(v -> nodeCount(v.scenario())).max().orElse(1);
    long fit = Math.max(1, NODES_AT_ONCE_MAX / most);
    return (int)
        Math.min(Math.min(fit, study.runCount()), Runtime.getRuntime().availableProcessors());
  }

  private static long nodeCount(Scenario scenario) {
    return scenario.nodes().stream().mapToLong(NodeClass::count).sum();
  }

  private Callable<RunResult> run(Scenario scenario, long seed) {
    return () -> {
      var one = progress.begin();
      var result = Simulation.run(scenario, seed, one);
      one.end();
      return result;
    };
  }

  private List<Results> collect(List<List<Future<RunResult>>> started) throws InterruptedException {
    var results = new ArrayList<Results>();
    for (int i = 0; i < started.size(); i++) {
      var runs = new ArrayList<RunResult>();
      for (var run : started.get(i)) {
        runs.add(result(run));
      }
      results.add(new Results(study.variants().get(i), runs));
    }
    return results;
  }

  private static RunResult result(Future<RunResult> run) throws InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run failed: " + e.getCause(), e);
    }
  }
}

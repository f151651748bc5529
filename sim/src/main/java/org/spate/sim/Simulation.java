package org.spate.sim;

/** Runs scenarios: the same scenario and seed give the same result, to the last event. */
public final class Simulation {
  private Simulation() {}

  public static RunResult run(Scenario scenario, long seed) {
    return run(scenario, seed, ProgressListener.NONE);
  }

  /** Runs to the end on the calling thread; runs share nothing, so threads may run one each. */
  public static RunResult run(Scenario scenario, long seed, ProgressListener listener) {
    return new Run(scenario, seed, Brain.swarm(Torrent.of(scenario))).toEnd(listener);
  }
}

package org.spate.app.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.sim.ClassResult;
import org.spate.sim.RunResult;
import org.spate.sim.Simulation;

/**
 * What must hold of the shipped protocol for any seed. Every run also checks that bytes are
 * conserved, that no honest node is banned, and that lists and queues stay within their bounds.
 *
 * <p>A failure names the command that runs it again. {@code -Dspate.lab=long} takes ten times as
 * many seeds.
 */
class LaboratoryTest {
  private static final String FOLDER = "src/test/resources/laboratory/";
  private static final int MORE = "long".equals(System.getProperty("spate.lab")) ? 10 : 1;
  private static final int SEEDS = 8 * MORE;

  /** Pieces that one neighbour may spoil for a node before the node has found it out. */
  private static final int BAD_PIECES_MAX = 4;

  /** How much later those are done who give nothing, where upload is short. */
  private static final double FREE_RIDER_FACTOR = 1.05;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "crash",
        "stall",
        "partition",
        "tracker-down",
        "churn",
        "slow-disks",
        "slow-readers",
        "liars",
        "poisoners",
        "sly-poisoners",
        "one-copy"
      })
  void everybody_who_stays_completes_as_long_as_a_copy_survives(String scenario) {
    forSeeds(scenario, SEEDS, run -> assertThat(run.finished()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"poisoners", "sly-poisoners"})
  void a_poisoner_is_found_out_after_few_bad_pieces(String scenario) {
    int poisoners = 2;
    forSeeds(
        scenario,
        SEEDS,
        run -> {
          assertThat(run.bans()).isPositive();
          assertThat(run.piecesFailedMax()).isLessThanOrEqualTo(poisoners * BAD_PIECES_MAX);
        });
  }

  @Test
  void who_gives_nothing_is_done_later_than_those_who_give() {
    forSeeds(
        "free-riders",
        3 * MORE,
        run -> {
          double givers = classOf(run, "contributors").meanSeconds();
          double takers = classOf(run, "free riders").meanSeconds();
          assertThat(takers / givers).isGreaterThan(FREE_RIDER_FACTOR);
          assertThat(run.ratio()).isLessThan(1.2);
        });
  }

  @Test
  void plain_clients_are_no_slower_where_half_of_the_swarm_is_ours() {
    double alone = plainSeconds("all-plain");
    double mixed = plainSeconds("half-plain");
    assertThat(mixed)
        .as("seconds: spate simulate app/%shalf-plain.yaml, and all-plain.yaml", FOLDER)
        .isLessThan(alone);
  }

  /** Until the last plain client has it all, on average over the seeds. */
  private static double plainSeconds(String scenario) {
    var seconds = new ArrayList<Double>();
    forSeeds(scenario, 4 * MORE, run -> seconds.add(classOf(run, "plain").maxSeconds()));
    return seconds.stream().mapToDouble(s -> s).average().orElseThrow();
  }

  private static ClassResult classOf(RunResult run, String name) {
    return run.classes().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private static void forSeeds(String scenario, int seeds, Consumer<RunResult> check) {
    String file = FOLDER + scenario + ".yaml";
    var study = Study.read(ScenarioSource.load(file), Map.of(), Map.of());
    var failures = new ArrayList<String>();
    for (long seed = 1; seed <= seeds; seed++) {
      try {
        var run = Simulation.run(study.variants().getFirst().scenario(), seed);
        assertThat(run.violations()).isEqualTo(List.of());
        check.accept(run);
      } catch (AssertionError | RuntimeException e) {
        failures.add("spate simulate app/%s --seed %d: %s".formatted(file, seed, e));
      }
    }
    assertThat(failures).isEmpty();
  }
}

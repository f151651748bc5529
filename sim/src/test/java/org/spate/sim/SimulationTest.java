package org.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The shipped swarm in virtual time: what must hold for every seed, in every scenario. */
class SimulationTest {
  private static final long MBIT = 125_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long LATENCY = 5_000_000L;
  private static final int SEEDS = 3;
  private static final long FILE = 8 << 20;
  private static final int PIECE = 128 << 10;

  @Test
  void everybody_in_a_flash_crowd_completes_not_far_from_the_bound() {
    forSeeds(
        flashCrowd(12),
        result -> {
          assertThat(result.completionSeconds()).hasSize(12);
          assertThat(result.ratio()).isBetween(1.0, 2.0);
          assertThat(result.seedCopies()).isLessThan(3);
          assertThat(result.wastedBytes()).isLessThan(12 * FILE / 8);
        });
  }

  @Test
  void the_same_scenario_and_seed_take_the_same_course() {
    var once = Simulation.run(flashCrowd(8), 7);
    var again = Simulation.run(flashCrowd(8), 7);
    var other = Simulation.run(flashCrowd(8), 8);
    assertThat(again).isEqualTo(once);
    assertThat(other.logHash()).isNotEqualTo(once.logHash());
  }

  /** Prints what another process has to find again. */
  static final class Fingerprint {
    public static void main(String[] args) {
      System.out.print(Simulation.run(flashCrowd(8), 7).figures());
    }
  }

  @Test
  void another_process_takes_the_same_course_too() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Fingerprint.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(printed).isEqualTo(Simulation.run(flashCrowd(8), 7).figures().toString());
  }

  @Test
  void arrivals_over_time_all_complete() {
    forSeeds(
        swarm(leechers(10).with(new Arrival.Poisson(0.5))),
        result -> assertThat(result.completionSeconds()).hasSize(10));
  }

  @Test
  void leechers_that_leave_when_they_are_done_do_not_stop_the_others() {
    forSeeds(
        swarm(leechers(10).with(new Departure.OnCompletion(0))),
        result -> assertThat(result.completionSeconds()).hasSize(10));
  }

  @Test
  void those_who_are_left_complete_when_others_crash() {
    forSeeds(
        flashCrowd(12).withFaults(new Fault.Crash("leechers", 4, 5 * SECOND)),
        result -> assertThat(result.completionSeconds()).hasSize(8));
  }

  @Test
  void those_who_are_left_complete_when_others_fall_silent_for_ever() {
    forSeeds(
        flashCrowd(12).withFaults(new Fault.Stall("leechers", 4, 5 * SECOND, Long.MAX_VALUE)),
        result -> assertThat(result.completionSeconds()).hasSize(8));
  }

  @Test
  void a_node_that_was_frozen_for_a_while_catches_up() {
    forSeeds(
        flashCrowd(8).withFaults(new Fault.Stall("leechers", 2, 4 * SECOND, 30 * SECOND)),
        result -> assertThat(result.completionSeconds()).hasSize(8));
  }

  @Test
  void a_partition_that_heals_delays_but_does_not_stop_anybody() {
    var near = leechers(6).inGroups(1);
    var far = leechers(6).inGroups(2);
    forSeeds(
        swarm(near, far).withFaults(new Fault.Partition(5 * SECOND, 60 * SECOND)),
        result -> assertThat(result.completionSeconds()).hasSize(12));
  }

  @Test
  void two_islands_joined_by_one_peer_both_complete() {
    var seed = seed().inGroups(1);
    var near = leechers(5).inGroups(1);
    var bridge = leechers(1).inGroups(3);
    var far = leechers(5).inGroups(2);
    var scenario =
        Scenario.of("islands", FILE, PIECE, List.of(seed, near, bridge, far))
            .withFaults(new Fault.Partition(0, Long.MAX_VALUE))
            .withEnd(3600 * SECOND);
    forSeeds(scenario, result -> assertThat(result.completionSeconds()).hasSize(11));
  }

  @Test
  void a_tracker_that_is_down_for_two_minutes_delays_the_start_only() {
    forSeeds(
        flashCrowd(8).withFaults(new Fault.TrackerDown(0, 120 * SECOND)),
        result -> assertThat(result.completionSeconds()).hasSize(8));
  }

  @Test
  void no_piece_is_lost_when_the_seed_leaves_after_one_copy_of_each() {
    forSeeds(
        Scenario.of(
            "one copy",
            FILE,
            PIECE,
            List.of(seed().with(new Departure.AfterCopies(1)), leechers(10))),
        result -> {
          assertThat(result.completionSeconds()).hasSize(10);
          assertThat(result.seedCopies()).isLessThan(3);
        });
  }

  @Test
  void liars_that_deliver_nothing_stop_nobody() {
    forSeeds(
        swarm(leechers(8), leechers("liars", 3).with(new Behaviour.Liar())),
        result -> assertThat(result.completionSeconds()).hasSize(8));
  }

  @Test
  void poisoners_are_banned_and_everybody_completes() {
    forSeeds(
        swarm(leechers(8), leechers("poisoners", 2).with(new Behaviour.Poisoner(1))),
        result -> {
          assertThat(result.completionSeconds()).hasSize(8);
          assertThat(result.bans()).isPositive();
        });
  }

  @Test
  void free_riders_give_nothing_and_stop_nobody() {
    var riders = leechers("free riders", 4).with(new Behaviour.FreeRider());
    forSeeds(
        swarm(leechers(12), riders),
        result -> {
          assertThat(result.completionSeconds()).hasSize(16);
          assertThat(result.classes().get(2).sentBytes()).isZero();
        });
  }

  @Test
  void a_slow_reader_does_not_hold_the_others_up() {
    var slow = NodeClass.leechers("slow", 1, MBIT, MBIT / 4, LATENCY);
    var result = Simulation.run(swarm(leechers(8), slow), 1);
    assertThat(result.violations()).isEmpty();
    assertThat(result.classes().get(1).completed()).isEqualTo(8);
    double alone = Simulation.run(swarm(leechers(8)), 1).distributionSeconds();
    assertThat(result.classes().get(1).maxSeconds()).isLessThan(1.5 * alone);
  }

  @Test
  void disks_and_hashes_take_their_time() {
    var quick = Simulation.run(flashCrowd(4), 1);
    var host = new HostModel(10_000_000L, 20_000_000L, 500_000L);
    var slow = Simulation.run(flashCrowd(4).with(host), 1);
    assertThat(slow.finished()).isTrue();
    assertThat(slow.violations()).isEmpty();
    assertThat(slow.distributionSeconds()).isGreaterThan(quick.distributionSeconds());
  }

  private static void forSeeds(Scenario scenario, Consumer<RunResult> check) {
    var failures = new ArrayList<String>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        var result = Simulation.run(scenario, seed);
        assertThat(result.violations()).isEmpty();
        assertThat(result.finished()).as("finished").isTrue();
        check.accept(result);
      } catch (AssertionError | RuntimeException e) {
        failures.add("seed " + seed + ": " + e);
      }
    }
    assertThat(failures).as(scenario.name()).isEmpty();
  }

  private static Scenario flashCrowd(int count) {
    return swarm(leechers(count));
  }

  private static Scenario swarm(NodeClass... leechers) {
    var nodes = new ArrayList<NodeClass>();
    nodes.add(seed());
    nodes.addAll(List.of(leechers));
    return Scenario.of("swarm", FILE, PIECE, nodes).withEnd(3600 * SECOND);
  }

  private static NodeClass seed() {
    return NodeClass.seed(8 * MBIT, 32 * MBIT, LATENCY);
  }

  private static NodeClass leechers(int count) {
    return leechers("leechers", count);
  }

  private static NodeClass leechers(String name, int count) {
    return NodeClass.leechers(name, count, 8 * MBIT, 32 * MBIT, LATENCY);
  }
}

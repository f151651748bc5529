package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.app.lab.ScenarioSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code spate simulate} runs, prints and refuses. */
class SimulateCommandTest {
  /** Every scenario, as small as it can be. */
  private static final String TINY = " --size 1MiB --piece-size 64KiB --vary peers=3 --json";

  static final List<String> SHIPPED = ScenarioSource.SHIPPED;

  @TempDir private Path folder;

  private static CommandLineFixture simulate(String options) {
    return spate(
        Stream.concat(Stream.of("simulate"), Stream.of(options.strip().split(" +", -1)))
            .toArray(String[]::new));
  }

  private static List<JsonNode> runs(String options) {
    var run = simulate(options);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run.out().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
  }

  @Test
  void the_default_is_a_flash_crowd_of_20() {
    var json = runs("--json").getFirst();
    assertThat(json.get("scenario").asString()).isEqualTo("flash-crowd");
    assertThat(json.get("seed").asLong()).isEqualTo(8);
    assertThat(json.get("peers").asInt()).isEqualTo(20);
    assertThat(json.get("d_p2p_s").asDouble()).isEqualTo(33.554432);
    assertThat(json.get("d_cs_s").asDouble()).isEqualTo(671.08864);
    assertThat(json.get("ratio").asDouble())
        .isEqualTo(json.get("distribution_s").asDouble() / 33.554432)
        .isBetween(1.0, 1.5);
    assertThat(json.get("completion_s")).hasSize(20);
    assertThat(json.get("mean_s").asDouble()).isPositive();
    assertThat(json.get("seed_copies").asDouble()).isBetween(1.0, 3.0);
    assertThat(json.get("events").asLong()).isPositive();
    assertThat(json.get("log_hash").asString()).hasSize(16);
  }

  @Test
  void two_runs_print_the_same_bytes() {
    String options = "--size 2MiB --peers 6 --runs 3 --seed 5 --json";
    assertThat(simulate(options).out()).isEqualTo(simulate(options).out());
    assertThat(runs(options)).extracting(run -> run.get("seed").asInt()).containsExactly(5, 6, 7);
  }

  @ParameterizedTest
  @FieldSource("SHIPPED")
  void each_scenario_that_ships_runs(String name) {
    String peers = name.equals("free-riders") || name.startsWith("t") ? "=6" : "=3";
    var runs = runs(name + TINY.replace("=3", peers));
    assertThat(runs).hasSize(1);
    assertThat(runs.getFirst().get("scenario").asString()).isEqualTo(name);
    assertThat(runs.getFirst().get("finished").asBoolean()).isTrue();
    assertThat(runs.getFirst().get("violations")).isEmpty();
  }

  @Test
  void settings_are_compared_side_by_side() {
    var runs =
        runs(
            "--size 2MiB --peers 4 --vary choker=tit-for-tat,round-robin --vary peer-up=4Mbit --json");
    assertThat(runs)
        .extracting(run -> run.get("vary").get("choker").asString())
        .containsExactly("tit-for-tat", "round-robin");
    assertThat(runs.getFirst().get("vary").get("peer-up").asString()).isEqualTo("4Mbit");
    var classes = runs("--size 2MiB --vary peers=2x16M/64M,3x2M/8M;4 --json");
    assertThat(classes).extracting(run -> run.get("peers").asInt()).containsExactly(5, 4);
  }

  @Test
  void people_get_medians_their_spread_and_classes() {
    var run = simulate("three-classes --size 2MiB --runs 3 --seed 1");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("medians over the seeds 1 to 3", "over D_P2P", " to ", "share ratio", "middling");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void a_report_is_one_page_with_all_figures_and_no_markup_of_others() throws IOException {
    var scenario =
        write(
            """
            name: <script>x</script>
            size: 2MiB
            classes:
              - {name: s, seeds: yes, up: 1M, down: 1M}
              - {name: <b>leechers</b>, count: 4, up: 1M, down: 4M}
            """);
    var report = folder.resolve("report.html");
    assertThat(simulate(scenario + " --vary peers=2,4 --report " + report).code()).isZero();
    assertThat(Files.readString(report))
        .contains(
            "Peers that have the file",
            "Upload utilisation",
            "Copies of the rarest piece",
            "Share ratio by class",
            "Sent by the seeds",
            "Distribution time over the number of peers")
        .doesNotContain("<script", "<b>", "NaN", "http://www.w3.org/1999", "src=");
  }

  @Test
  void what_does_not_finish_is_exit_code_1() throws IOException {
    var scenario =
        write(
            """
            name: cut short
            size: 8MiB
            end: 2s
            classes:
              - {name: s, seeds: yes, up: 1M, down: 1M}
              - {name: l, count: 2, up: 1M, down: 4M}
            """);
    var run = simulate(scenario.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("cut short, seed 8: 0 of 2 completed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-such-scenario",
        "--peers 0",
        "--peers -1",
        "--peers 5x1M",
        "--size 0",
        "--piece-size 1",
        "--seed-up 0",
        "--peer-up -1M",
        "--peer-up 1M --peer-down 8Mbit",
        "--seed x",
        "--runs 0",
        "--runs 100000",
        "--vary peers",
        "--vary peers=",
        "--vary colour=red",
        "--vary choker=fair",
        "three-classes --peers 2",
      })
  void bad_input_gets_a_clear_message_and_exit_code_2(String options) {
    var run = simulate(options);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("spate: ").doesNotContain("Exception", "\tat ");
  }

  private Path write(String scenario) throws IOException {
    return Files.writeString(folder.resolve("own.yaml"), scenario);
  }
}

package org.spate.app.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.swarm.SwarmSettings;
import org.spate.sim.Arrival;
import org.spate.sim.Behaviour;
import org.spate.sim.Departure;
import org.spate.sim.Fault;
import org.spate.sim.NodeClass;
import org.spate.sim.Scenario;

/** Scenario files: what they can say, and how their mistakes are told. */
class ScenarioReaderTest {
  private static final String PLAIN =
      """
      name: plain
      size: 1MiB
      classes:
        - {name: seed, seeds: yes, up: 1M, down: 2M}
        - {name: a, count: 6, up: 1M, down: 4M}
        - {name: b, count: 2, up: 500k, down: 2M}
      """;

  private static Scenario read(String text) {
    return ScenarioReader.read(
        new ScenarioSource("own.yaml", ScenarioSource.parse("own.yaml", text)));
  }

  private static Scenario plainWith(Map<String, String> changes) {
    var source = new ScenarioSource("own.yaml", ScenarioSource.parse("own.yaml", PLAIN));
    return ScenarioReader.read(source.with(changes));
  }

  @Test
  void everything_that_can_be_said_is_understood() {
    var scenario =
        read(
            """
            name: all of it
            size: 4MiB
            piece-size: 128KiB
            latency: 20ms
            end: 2h
            upload-slots: 6
            choker: round-robin
            network: {overhead: no, window: 1MiB, unsent: 32KiB}
            host: {read-latency: 8ms, read-rate: 100M, hash-rate: 1G}
            tracker: {peers: 30, interval: 10m, min-interval: 1m, delay: 50ms}
            classes:
              - {name: s, seeds: yes, up: 1M, down: 1M, leave-after-copies: 2, groups: [1, 3]}
              - {name: l, count: 3, up: 1M, down: 2M, latency: 1ms, arrive-per-second: 0.5,
                 leave-after-completion: 30s, upload-slots: 2, sequential: yes}
              - {name: t, count: 2, up: 1M, down: 2M, arrive-at: [0s, 1.5s], leave-after: 1m}
              - {name: p, count: 1, up: 1M, down: 2M, behaviour: poisoner, spoilt-share: 0.25}
            faults:
              - {kind: crash, class: l, count: 1, at: 5s}
              - {kind: stall, class: t, at: 1s, for: ever}
              - {kind: partition, at: 2s, for: 3s}
              - {kind: tracker-down, for: 1m}
            """);
    assertThat(scenario.pieceLength()).isEqualTo(128 << 10);
    assertThat(scenario.endNanos()).isEqualTo(7200 * 1_000_000_000L);
    assertThat(scenario.network().windowBytes()).isEqualTo(1 << 20);
    assertThat(scenario.network().headerBytes()).isZero();
    assertThat(scenario.host().readRate()).isEqualTo(100_000_000);
    assertThat(scenario.tracker().intervalSeconds()).isEqualTo(600);
    var seed = scenario.nodes().get(0);
    assertThat(seed.groups()).isEqualTo(0b1010);
    assertThat(seed.departure()).isEqualTo(new Departure.AfterCopies(2));
    assertThat(seed.latencyNanos()).isEqualTo(20_000_000);
    assertThat(seed.settings().uploadSlots()).isEqualTo(6);
    var leecher = scenario.nodes().get(1);
    assertThat(leecher.arrival()).isEqualTo(new Arrival.Poisson(0.5));
    assertThat(leecher.departure()).isEqualTo(new Departure.OnCompletion(30_000_000_000L));
    assertThat(leecher.settings().uploadSlots()).isEqualTo(2);
    assertThat(leecher.settings().sequential()).isTrue();
    assertThat(leecher.settings().leecherPolicy())
        .isEqualTo(SwarmSettings.LeecherPolicy.ROUND_ROBIN);
    assertThat(scenario.nodes().get(3).behaviour()).isEqualTo(new Behaviour.Poisoner(0.25));
    assertThat(scenario.faults())
        .containsExactly(
            new Fault.Crash("l", 1, 5_000_000_000L),
            new Fault.Stall("t", 1, 1_000_000_000L, Long.MAX_VALUE),
            new Fault.Partition(2_000_000_000L, 3_000_000_000L),
            new Fault.TrackerDown(0, 60_000_000_000L));
  }

  @ParameterizedTest
  @CsvSource({"8, 6, 2", "4, 3, 1", "2, 1, 1", "80, 60, 20", "9, 6, 3"})
  void another_number_of_peers_keeps_the_mix(String peers, int a, int b) {
    assertThat(plainWith(Map.of("peers", peers)).nodes())
        .extracting(NodeClass::count)
        .containsExactly(1, a, b);
  }

  @Test
  void rates_at_the_top_hold_for_all_seeds_or_all_leechers() {
    var nodes = plainWith(Map.of("seed-up", "8Mbit", "peer-up", "4Mbit")).nodes();
    assertThat(nodes).extracting(NodeClass::upload).containsExactly(1_000_000L, 500_000L, 500_000L);
    assertThat(nodes)
        .extracting(NodeClass::download)
        .containsExactly(2_000_000L, 4_000_000L, 2_000_000L);
    var classes = plainWith(Map.of("peers", "5x16M/64M,10x6M/24M")).nodes();
    assertThat(classes).extracting(NodeClass::count).containsExactly(1, 5, 10);
    assertThat(classes.get(2).download()).isEqualTo(24_000_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "size: 1MiB        | size: 0                | own.yaml: size: must be more than 0",
        "size: 1MiB        | size: big              | own.yaml: size: 'big' is not a size",
        "size: 1MiB        | sise: 1MiB             | own.yaml: size: is missing",
        "size: 1MiB        | {                      | own.yaml: not YAML",
        "size: 1MiB        | size: [1]              | own.yaml: size: needs one value",
        "name: plain       | colour: red            | own.yaml: name: is missing",
        "count: 6          | count: -6              | own.yaml: classes[1].count: '-6' is not",
        "count: 6          | number: 6              | own.yaml: classes[1].number: is not known",
        "up: 500k          | up: 4Mbit              | mix bits and bytes",
        "up: 500k          | up: 0                  | own.yaml: classes[2].up: rate: must be",
        "name: b           | name: a                | two classes are called a",
        "seeds: yes        | seeds: maybe           | own.yaml: classes[0].seeds: 'maybe' is not",
        "seeds: yes        | seeds: no              | own.yaml: classes: a scenario needs a seed",
        "count: 2          | behaviour: angel       | classes[2].behaviour: 'angel' is not one of",
        "count: 2          | arrive-at: [0s, 1s]    | own.yaml: classes: b has 1 nodes, but 2 times",
        "count: 2          | leave-after: soon      | classes[2].leave-after: 'soon' is not a span",
        "count: 2          | groups: [99]           | classes[2].groups: groups are numbers",
        "count: 2          | spoilt-share: -1       | classes[2].spoilt-share: '-1' is not",
        "name: plain       | faults: [{kind: rain}] | own.yaml: ",
      })
  void a_mistake_is_told_with_its_file_and_key(String part, String instead, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(PLAIN.replace(part.strip(), instead.strip())))
        .withMessageContaining(message.strip());
  }

  @Test
  void faults_name_what_they_miss() {
    record Case(String fault, String message) {}
    for (var c :
        List.of(
            new Case("{kind: rain}", "faults[0].kind: 'rain' is not one of"),
            new Case("{kind: crash}", "faults[0].class: is missing"),
            new Case("{kind: crash, class: x}", "faults[0].class: 'x' is not the name of a class"),
            new Case("{kind: partition}", "faults[0].for: is missing"),
            new Case("{kind: partition, for: 1s, how: so}", "faults[0].how: is not known"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> read(PLAIN + "faults: [" + c.fault + "]"))
          .withMessageContaining(c.message);
    }
  }
}

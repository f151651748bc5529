package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The swarm to watch. */
class DemoCommandTest {
  @TempDir private Path folder;

  @Test
  void every_copy_is_verified_and_the_figures_stand_beside_the_bounds() {
    var run = spate("demo", "--peers", "3", "--size", "1MiB", "--up", "2MiB", "--json");
    assertThat(run.code()).as(run.err()).isZero();
    var events = events(run.out());
    assertThat(events.getFirst().get("event").asString()).isEqualTo("started");
    assertThat(events.stream().filter(e -> e.get("event").asString().equals("finished")))
        .hasSize(3);
    var result = events.getLast();
    assertThat(result.get("event").asString()).isEqualTo("result");
    assertThat(result.get("total").asLong()).isEqualTo(1 << 20);
    // max(1/4, 3/(4+3*2)) and 3/4 of a second.
    assertThat(result.get("d_p2p_seconds").asDouble()).isEqualTo(0.3);
    assertThat(result.get("d_cs_seconds").asDouble()).isEqualTo(0.75);
    assertThat(result.get("seed_sent").asLong()).isGreaterThanOrEqualTo(1 << 20);
    assertThat(result.get("copies")).hasSize(3);
    for (var copy : result.get("copies")) {
      assertThat(copy.get("intact").asBoolean()).isTrue();
      assertThat(copy.get("seconds").asDouble()).isPositive();
    }
  }

  @Test
  void a_file_of_the_user_is_spread_and_left_as_it_is() throws IOException {
    var file = Files.write(folder.resolve("mine.bin"), new byte[300_000]);
    var run = spate("demo", "--peers", "2", "--file", file.toString(), "--up", "0", "-q");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("peer 1", "peer 2", "verified", "Distribution time", "The seed sent")
        .doesNotContain("DAMAGED", "D_P2P");
    assertThat(run.err()).isEmpty();
    assertThat(folder.toFile().list()).containsExactly("mine.bin");
    assertThat(file).hasBinaryContent(new byte[300_000]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--peers 0",
        "--peers 101",
        "--peers x",
        "--size 0",
        "--size big",
        "--size 1MiB --file x",
        "--up fast",
        "more",
      })
  void bad_options_are_exit_code_2(String options) {
    var run = spate(("demo " + options).split(" ", -1));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("spate: ");
  }

  @Test
  void a_file_that_is_not_there_is_said() {
    var run = spate("demo", "--file", folder.resolve("none").toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("none: no such file");
  }

  static List<JsonNode> events(String out) {
    var events = new ArrayList<JsonNode>();
    out.lines().forEach(line -> events.add(JsonMapper.shared().readTree(line)));
    return events;
  }
}

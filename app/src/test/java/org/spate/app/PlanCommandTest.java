package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.spate.app.CommandLineFixture.spate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What {@code spate plan} computes, prints, draws and refuses. */
class PlanCommandTest {
  private static final String FLASH_CROWD =
      "--size 32MiB --piece-size 256KiB --peers 20 --seed-up 8Mbit --peer-up 8Mbit --peer-down"
          + " 32Mbit";

  @TempDir private Path folder;

  private static CommandLineFixture plan(String options) {
    return spate(
        Stream.concat(Stream.of("plan"), Stream.of(options.split(" ", -1))).toArray(String[]::new));
  }

  private static JsonNode json(String options) {
    var run = plan(options + " --json");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run.json();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // 20 x 33,554,432 B / 1 MB/s; the file once through the seed; peers have 160 Mbit/s more.
        "--peers 20 --seed-up 8Mbit --peer-up 8Mbit --peer-down 32Mbit"
            + "     | 671.08864 | 33.554432        | seed_upload      | 2",
        // All uploads: 20 F / (10 + 20) MB/s.
        "--peers 20 --seed-up 10M --peer-up 1M --peer-down 4M"
            + "                 | 67.108864 | 22.3696213333333 | total_upload     | 3",
        "--peers 2 --seed-up 10M --peer-up 5M --peer-down 1M"
            + "                  | 33.554432 | 33.554432        | slowest_download | 11",
        // Three classes: 5 x 2 + 10 x 0.75 + 5 x 0.25 = 18.75 MB/s of peers and 1 of the seed.
        "--peers 5x16Mbit/64Mbit,10x6Mbit/24Mbit,5x2Mbit/16Mbit --seed-up 8Mbit"
            + " | 671.08864 | 33.9791716455696 | total_upload     | 2",
      })
  void the_closed_forms_are_as_computed_by_hand(
      String options, double alone, double swarm, String term, int crossover) {
    var json = json("--size 32MiB " + options.strip());
    assertThat(json.get("d_cs_s").asDouble()).isCloseTo(alone, within(1e-6));
    assertThat(json.get("d_p2p_s").asDouble()).isCloseTo(swarm, within(1e-6));
    assertThat(json.get("binding_term").asString()).isEqualTo(term);
    assertThat(json.get("crossover_peers").asLong()).isEqualTo(crossover);
    assertThat(json.get("piece_aware_bound_s").asDouble())
        .isGreaterThanOrEqualTo(json.get("d_p2p_s").asDouble());
  }

  @Test
  void whole_pieces_cost_a_harmonic_sum_when_all_uploads_are_equal() {
    double harmonic = 0;
    for (int k = 2; k <= 20; k++) {
      harmonic += 1.0 / k;
    }
    assertThat(json(FLASH_CROWD).get("piece_aware_bound_s").asDouble())
        .isCloseTo(33.554432 + 0.262144 * harmonic, within(1e-6));
  }

  @Test
  void traffic_saved_is_priced_by_10_to_the_9_bytes() {
    var json = json("--size 2G --peers 1000 --seed-up 1M --peer-up 1M --peer-down 8M --price 0.05");
    assertThat(json.get("saved_bytes").asDouble()).isEqualTo(999 * 2e9);
    assertThat(json.get("server_usd").asDouble()).isCloseTo(100, within(1e-9));
    assertThat(json.get("swarm_usd").asDouble()).isCloseTo(0.1, within(1e-9));
    assertThat(json.get("saved_usd").asDouble()).isCloseTo(99.9, within(1e-9));
    assertThat(json(FLASH_CROWD).has("server_usd")).isFalse();
  }

  @Test
  void people_get_a_table() {
    var run = plan(FLASH_CROWD + " --price 0.1");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines())
        .contains(
            "32.0 MiB in 128 pieces of 256 KiB to 20 peers, from a seed with 8 Mbit/s up",
            "server alone (D_CS)  671.1 s (11m11s)      20.000",
            "swarm (D_P2P)                 33.55 s       1.000")
        .anyMatch(line -> line.startsWith("D_P2P is set by") && line.contains("the seed's upload"))
        .anyMatch(line -> line.startsWith("crossover") && line.contains("from 2 peers on"));
    assertThat(run.out())
        .contains(
            "640 MiB alone, 32.0 MiB in a swarm: 608 MiB saved",
            "$0.0671 alone, $0.0034 in a swarm: $0.0638 saved");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--peers 0",
        "--peers -5",
        "--peers 1.5",
        "--peers 12345678901",
        "--peers many",
        "--peers 5x16M",
        "--peers 5x16M/64M,",
        "--peers 5x16M/64M",
        "--peers 0x16M/64M --no-rates",
        "--peers 5x0/64M --no-rates",
        "--peers 5x16M/64Mbit --no-rates",
        "--peers 5x16M/64M,5x16Mbit/64Mbit --no-rates",
        "--peers 20 --no-rates",
        "--seed-up 0",
        "--seed-up -8Mbit",
        "--seed-up 1M",
        "--seed-up 7bit",
        "--peer-up 8MbiT",
        "--peer-down 32",
        "--size 0",
        "--size -1G",
        "--size 8Mbit",
        "--piece-size 0",
        "--piece-size 4GiB",
        "--price 0",
        "--price -1",
        "--price NaN",
        "--price free",
        "--plot figure.gif",
      })
  void bad_input_gets_a_clear_message_and_exit_code_2(String options) {
    var run = plan(replaced(options));
    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("spate: ")
        .contains(options.split(" ", -1)[0].substring(2))
        .doesNotContain("Exception");
  }

  /** The flash crowd with one option given otherwise. */
  private static String replaced(String options) {
    String name = options.substring(0, options.indexOf(' '));
    String rest = FLASH_CROWD.replaceFirst(name + " \\S+ ?", "").strip();
    if (options.endsWith(" --no-rates")) {
      rest = rest.replaceFirst(" --peer-up.*", "");
      options = options.replace(" --no-rates", "");
    }
    return rest + " " + options;
  }

  @Test
  void both_curves_are_drawn_in_each_format() throws IOException {
    var svg = folder.resolve("plan.svg");
    var png = folder.resolve("plan.PNG");
    var html = folder.resolve("plan.html");
    for (var file : new Path[] {svg, png, html}) {
      assertThat(plan(FLASH_CROWD + " --plot " + file).code()).isZero();
    }
    assertThat(Files.readString(svg))
        .startsWith("<svg ")
        .contains("server alone (D_CS)", "swarm (D_P2P)", "receivers", "seconds")
        .doesNotContain("NaN", "Infinity");
    assertThat(Files.readString(html)).startsWith("<!DOCTYPE html>").contains("<svg ", "</html>");
    var image = ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(png)));
    assertThat(image.getWidth()).isEqualTo(2 * 640);
    assertThat(image.getRGB(1, 1)).isEqualTo(0xffffffff);
  }
}

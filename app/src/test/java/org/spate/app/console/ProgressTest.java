package org.spate.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees while torrents move. */
class ProgressTest {
  private static final int MIB = 1 << 20;

  private final StringWriter written = new StringWriter();
  private final PrintWriter err = new PrintWriter(written);

  @Test
  void a_line_tells_how_far_how_fast_from_whom_and_how_long() {
    assertThat(live(half("ubuntu.iso"), 120, false))
        .matches("ubuntu.iso +\\[=+> +\\] {2}50.0%  down.*")
        .contains("50.0%  down 1.00 MiB/s  up  512 KiB/s  12 peers (3 complete)  50s left")
        .hasSize(120);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 60, 70, 80, 90, 100, 120, 200, 500})
  void a_line_is_never_wider_than_the_screen(int width) {
    for (String name :
        List.of("a", "a long name ".repeat(20), "文件".repeat(40), "e\u0301".repeat(50))) {
      String line = live(half(name), width, false);
      assertThat(Screen.columns(line)).as(line).isEqualTo(width);
    }
  }

  @Test
  void a_name_cannot_steer_the_terminal() {
    assertThat(live(half("\u001b[2J\nx"), 120, false))
        .doesNotContain("\u001b", "\n")
        .startsWith("\\u001b[2J\\nx");
    assertThat(ProgressLine.plain(half("a\nb"))).startsWith("a\\nb: ");
  }

  @Test
  void colour_is_used_only_when_wanted() {
    assertThat(live(half("a"), 120, true)).contains("\u001b[32m", "\u001b[0m");
    assertThat(live(half("a"), 120, false)).doesNotContain("\u001b");
  }

  @Test
  void only_what_is_complete_is_at_100_percent() {
    long almost = 1_000_000_000_000L - 1;
    assertThat(ProgressLine.plain(transfer("a", "downloading", almost, almost + 1)))
        .contains(" 99.9%");
    assertThat(ProgressLine.plain(transfer("a", "seeding", 5, 5)))
        .contains("100.0%")
        .endsWith("seeding");
    assertThat(ProgressLine.plain(transfer("a", "fetching metadata", 0, 0))).contains("0.0%");
  }

  @Test
  void a_terminal_is_drawn_over() {
    var progress = new LiveProgress(err, () -> 100, false);
    progress.show(List.of(half("a"), half("b")), 0);
    progress.show(List.of(half("a")), 1);
    progress.say("hello\n");
    progress.close();

    assertThat(screen(written.toString())).hasSize(2);
    assertThat(screen(written.toString()).getFirst()).isEqualTo("hello\\n");
    assertThat(screen(written.toString()).getLast()).startsWith("a ");
  }

  @Test
  void many_torrents_do_not_scroll_the_screen() {
    var many = new ArrayList<TransferSnapshot>();
    for (int i = 0; i < 1000; i++) {
      many.add(half("torrent " + i));
    }
    var progress = new LiveProgress(err, () -> 100, false);
    progress.show(many, 0);
    progress.show(many, 1);

    assertThat(screen(written.toString())).hasSize(LiveProgress.LINES_MAX);
    assertThat(screen(written.toString()).getLast().strip()).isEqualTo("and 985 more");
  }

  @Test
  void a_log_gets_a_line_for_each_phase_and_then_one_now_and_then() {
    var progress = new PlainProgress(err);
    long second = TimeUnit.SECONDS.toNanos(1);
    progress.show(List.of(transfer("a", "checking", 0, 10)), 0);
    progress.show(List.of(transfer("a", "checking", 1, 10)), second);
    progress.show(List.of(transfer("a", "downloading", 2, 10)), 2 * second);
    progress.show(List.of(transfer("a", "downloading", 3, 10)), 3 * second);
    progress.show(List.of(transfer("a", "downloading", 4, 10)), 12 * second);
    progress.show(List.of(transfer("a", "downloading", 4, 10)), 60 * second);

    assertThat(written.toString().lines().map(line -> line.substring(0, 9)))
        .containsExactly("a: 0.0%  ", "a: 20.0% ", "a: 40.0% ");
  }

  @Test
  void lines_have_their_columns_below_each_other() {
    var lines =
        ProgressLine.live(
            List.of(half("a"), transfer("longer", "waiting for the disk", 1, 2)), 80, false);
    assertThat(lines).hasSize(2);
    for (String sign : List.of(" [", "] ", "% ↓", " ↑", " peers ")) {
      assertThat(lines.getFirst().indexOf(sign)).isPositive();
    }
    assertThat(lines.getFirst().indexOf('[')).isEqualTo(lines.getLast().indexOf('['));
    assertThat(lines.getFirst().indexOf(']')).isEqualTo(lines.getLast().indexOf(']'));
  }

  private static String live(TransferSnapshot transfer, int width, boolean hasColour) {
    return ProgressLine.live(List.of(transfer), width, hasColour).getFirst();
  }

  private static TransferSnapshot half(String name) {
    return new TransferSnapshot(name, "downloading", 50L * MIB, 100L * MIB, MIB, MIB / 2, 12, 3);
  }

  private static TransferSnapshot transfer(String name, String phase, long done, long total) {
    return new TransferSnapshot(name, phase, done, total, 0, 0, 0, 0);
  }

  /** What stands on a terminal after the text was written to it, as far as we steer it. */
  private static List<String> screen(String text) {
    var lines = new ArrayList<String>();
    for (String part : text.split("(?=\u001b\\[\\d+A)", -1)) {
      var up = Pattern.compile("\u001b\\[(\\d+)A\r\u001b\\[J").matcher(part);
      String rest = part;
      if (up.lookingAt()) {
        int count = Integer.parseInt(up.group(1));
        lines.subList(lines.size() - count, lines.size()).clear();
        rest = part.substring(up.end());
      }
      rest.lines().forEach(lines::add);
    }
    return lines;
  }
}

package org.spate.app.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.spate.sim.Progress;

/** The line that people watch while runs go on. */
class RunProgressTest {
  private final StringWriter screen = new StringWriter();
  private final AtomicLong clock = new AtomicLong();

  @Test
  void tells_virtual_time_speed_and_what_is_left() {
    var progress = RunProgress.on(new PrintWriter(screen), () -> 200, clock::get, 2);
    var run = progress.begin();
    clock.set(10_000_000_000L);
    run.onProgress(new Progress(33_000_000_000L, 20_000_000, 5, 20, 0.5));
    assertThat(screen.toString())
        .contains(
            "25.0%", "run 1 of 2", "virtual time 33.00 s", "5 of 20 peers done", "2.00 M events/s")
        .contains("30s left");
  }

  @Test
  void is_as_wide_as_the_screen_at_most_and_leaves_no_trace() {
    var progress = RunProgress.on(new PrintWriter(screen), () -> 20, clock::get, 1);
    clock.set(1_000_000_000L);
    progress.begin().onProgress(new Progress(1, 1, 0, 1, 0.1));
    assertThat(screen.toString().replace("\r\u001b[K", "")).hasSize(19);
    progress.close();
    assertThat(screen.toString()).endsWith("\r\u001b[K");
  }
}

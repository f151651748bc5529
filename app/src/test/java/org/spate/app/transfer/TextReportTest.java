package org.spate.app.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.swarm.SwarmStatus;
import org.spate.engine.TorrentStatus;

/** What a line of progress says that a torrent is doing. */
class TextReportTest {
  @ParameterizedTest(name = "{0}, {1} of 10 pieces, failed: {2} -> {3}")
  @CsvSource({
    "CHECKING,    0,  false, checking",
    "DOWNLOADING, 3,  false, looking for peers",
    "SEEDING,     10, false, seeding",
    "PAUSED,      3,  false, paused",
    "PAUSED,      10, false, complete",
    "FAILED,      3,  false, waiting for the disk",
    "ENDED,       3,  false, ended",
    "PAUSED,      3,  true,  failed",
    "PAUSED,      10, true,  failed",
    "FAILED,      3,  true,  failed",
  })
  void a_phase_in_a_word(TorrentStatus.State state, int done, boolean hasFailed, String word) {
    var swarm =
        new SwarmStatus(
            10, done, 10, done, 10 - done, 0, 0, 0, 0, 0, done == 10, true, 0, null, List.of());
    var status = new TorrentStatus(state, swarm, 0, 0, null, List.of());
    assertThat(TextReport.phase(status, hasFailed)).isEqualTo(word);
  }
}

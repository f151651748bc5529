package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.engine.Session;
import org.spate.engine.SessionSettings;
import org.spate.engine.storage.TorrentCreator;

/** A download over loopback, recorded, and run once more from the recording. */
class ReplayCommandTest {
  private static final int PIECE = 65_536;
  private static final int PIECES = 24;

  @TempDir private Path root;
  private Path recording;

  @BeforeEach
  void record() throws Exception {
    recording = root.resolve("get.rec");
    var complete = Files.createDirectories(root.resolve("complete"));
    var payload = complete.resolve("payload.bin");
    var bytes = new byte[PIECE * PIECES - 99];
    new Random(1).nextBytes(bytes);
    Files.write(payload, bytes);
    var options =
        CreationOptions.of("payload.bin", true, TorrentFormat.HYBRID).withPieceLength(PIECE);
    var torrent = root.resolve("payload.torrent");
    Files.write(torrent, TorrentCreator.create(payload, options, 1, (_, _) -> {}));
    var settings =
        SessionSettings.in(complete)
            .stateFolder(root.resolve("state"))
            .bind(InetAddress.getLoopbackAddress())
            .port(0);
    try (var session = Session.open(settings.build())) {
      session.add(torrent).ready().get(60, TimeUnit.SECONDS);
      var run =
          spate(
              "get",
              torrent.toString(),
              "-d",
              root.resolve("copy").toString(),
              "--bind",
              "127.0.0.1",
              "--peer",
              "127.0.0.1:" + session.port(),
              "--no-seed",
              "--record",
              recording.toString());
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(root.resolve("copy/payload.bin")).hasBinaryContent(bytes);
    }
  }

  @Test
  void a_real_download_comes_out_again_as_it_was_recorded() {
    var run = spate("replay", recording.toString(), "--json");
    assertThat(run.code()).as(run.err()).isZero();
    var json = run.json();
    assertThat(json.get("same").asBoolean()).isTrue();
    assertThat(json.get("cut_off").asBoolean()).isFalse();
    assertThat(json.get("torrent").asString()).isEqualTo("payload.bin");
    assertThat(json.get("pieces").asInt()).isEqualTo(PIECES);
    assertThat(json.get("steps").asLong()).isGreaterThan(4 * PIECES);
    assertThat(json.get("hash").asString()).matches("[0-9a-f]{16}");
    assertThat(spate("replay", recording.toString(), "--json").out()).isEqualTo(run.out());
    assertThat(spate("replay", recording.toString()).out()).contains("As recorded yes");
  }

  @Test
  void steps_can_be_looked_at() {
    var all = spate("replay", recording.toString(), "--steps");
    assertThat(all.code()).isZero();
    assertThat(all.out())
        .contains("Resume[]", "LinkOpened[", "says Unchoke[]", "Request[", "16384 bytes")
        .contains("event PieceCompleted[", "event Finished[isSeed=true]")
        .doesNotContain("[B@");
    var some = spate("replay", recording.toString(), "--from", "2", "--to", "3").out();
    assertThat(some.lines().filter(line -> line.matches(" +\\d+  +\\d+\\.\\d+  .*"))).hasSize(2);
    assertThat(spate("replay", recording.toString(), "--steps", "--json").out().lines())
        .anyMatch(line -> line.startsWith("{\"step\":1,"));
  }

  @Test
  void a_recording_that_was_cut_off_is_run_up_to_there() throws IOException {
    var bytes = Files.readAllBytes(recording);
    Files.write(recording, Arrays.copyOf(bytes, bytes.length - 3));
    var run = spate("replay", recording.toString());
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Cut off     in the middle", "As recorded yes");
  }

  @Test
  void a_recording_that_was_damaged_is_refused_with_the_place() throws IOException {
    var bytes = Files.readAllBytes(recording);
    bytes[bytes.length / 2] ^= 4;
    Files.write(recording, bytes);
    var run = spate("replay", recording.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("get.rec: damaged after step ");
  }

  @Test
  void what_is_no_recording_is_refused() throws IOException {
    var other = Files.writeString(root.resolve("other"), "SPATE RECORDING 7\n");
    assertThat(spate("replay", other.toString()).err()).contains("another version of the format");
    Files.writeString(other, "d4:infode");
    var run = spate("replay", other.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("other: not a recording");
    assertThat(spate("replay", root.resolve("none").toString()).err()).contains("no such file");
  }

  @Test
  void one_torrent_is_recorded_and_nothing_is_overwritten() {
    var torrent = root.resolve("payload.torrent").toString();
    var twice = spate("get", torrent, torrent, "--record", root.resolve("new").toString());
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).contains("one torrent at a time");
    var over = spate("get", torrent, "--record", recording.toString());
    assertThat(over.err()).contains("exists already");
  }
}

package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.engine.Session;
import org.spate.engine.SessionSettings;
import org.spate.engine.storage.TorrentCreator;
import tools.jackson.databind.JsonNode;

/** Downloads from a session of the engine in this process. */
class GetAndSeedTest {
  private static final int PIECE = 16_384;

  @TempDir private Path root;
  private Path complete;
  private Path copy;
  private Path torrent;
  private Session session;

  @BeforeEach
  void seed() throws Exception {
    complete = root.resolve("complete");
    Files.createDirectories(complete.resolve("show/extras"));
    copy = root.resolve("copy");
    write("show/a.bin", 20 * PIECE);
    write("show/extras/b.bin", 3 * PIECE + 1);
    torrent = create(complete.resolve("show"), "show.torrent");
    session =
        Session.open(
            SessionSettings.in(complete)
                .stateFolder(root.resolve("state"))
                .bind(InetAddress.getLoopbackAddress())
                .port(0)
                .build());
    session.add(torrent).ready().get(60, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    session.close();
  }

  private void write(String name, int length) throws IOException {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    Files.write(complete.resolve(name), bytes);
  }

  private Path create(Path payload, String name) throws IOException {
    var options =
        CreationOptions.of(
                payload.getFileName().toString(),
                Files.isRegularFile(payload),
                TorrentFormat.HYBRID)
            .withPieceLength(PIECE);
    return Files.write(
        root.resolve(name), TorrentCreator.create(payload, options, 1, (_, _) -> {}));
  }

  /** Runs {@code get} into the copy's folder, with the seed as a known peer. */
  private CommandLineFixture get(String... more) {
    var arguments =
        Stream.concat(
            Stream.of(
                "get",
                torrent.toString(),
                "-d",
                copy.toString(),
                "--bind",
                "127.0.0.1",
                "--peer",
                "127.0.0.1:" + session.port()),
            Arrays.stream(more));
    return spate(arguments.toArray(String[]::new));
  }

  @Test
  void a_download_tells_its_events_as_json() {
    var run = get("--no-seed", "--json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .allMatch(line -> line.startsWith("{\"event\":\"") && line.contains("\",\"time\":\"20"));
    var events = DemoCommandTest.events(run.out());
    var started = only(events, "started");
    assertThat(started.get("torrent").asString()).isEqualTo("show");
    assertThat(started.get("total").asLong()).isEqualTo(23 * PIECE + 1);
    assertThat(started.get("done").asLong()).isZero();
    assertThat(started.get("pieces").asInt()).isEqualTo(24);
    assertThat(events.stream().filter(e -> is(e, "piece")).map(e -> e.get("index").asInt()))
        .hasSize(24)
        .doesNotHaveDuplicates();
    assertThat(events.stream().filter(e -> is(e, "peer")).toList()).isNotEmpty();
    var progress = events.stream().filter(e -> is(e, "progress")).toList().getLast();
    assertThat(progress.propertyNames())
        .contains("done", "total", "down_rate", "up_rate", "peers", "seeds", "eta");
    assertThat(progress.get("done").asLong()).isEqualTo(23 * PIECE + 1);
    only(events, "finished");
    assertThat(events.getLast().get("event").asString()).isEqualTo("stopped");
    assertSame("show/a.bin", "show/extras/b.bin");
  }

  @Test
  void people_get_one_line_on_stdout_and_the_rest_on_stderr() {
    var run = get("--seed-time", "0s");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("DONE show" + System.lineSeparator());
    assertThat(run.err()).contains("show: 368 KiB in 24 pieces", "show: received 368 KiB");
    assertThat(get("--no-seed", "-q").err()).isEmpty();
  }

  @Test
  void only_what_is_selected_is_fetched() {
    var run = get("--no-seed", "--select", "extras");
    assertThat(run.code()).as(run.err()).isZero();
    assertSame("show/extras/b.bin");
    assertThat(copy.resolve("show/a.bin")).doesNotExist();

    assertThat(get("--no-seed", "--sequential").code()).isZero();
    assertSame("show/a.bin", "show/extras/b.bin");
  }

  @Test
  void several_torrents_are_told_apart() throws Exception {
    write("other.bin", 5 * PIECE);
    var other = create(complete.resolve("other.bin"), "other.torrent");
    session.add(other).ready().get(60, TimeUnit.SECONDS);
    var run = get("--no-seed", "--json", other.toString());
    assertThat(run.code()).as(run.err()).isZero();
    var events = DemoCommandTest.events(run.out());
    assertThat(events.stream().filter(e -> is(e, "finished")).map(e -> e.get("torrent").asString()))
        .containsExactlyInAnyOrder("show", "other.bin");
    assertSame("show/a.bin", "other.bin");

    var twice = get("--no-seed", torrent.toString());
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).contains("named twice");
  }

  @Test
  void a_file_that_is_none_of_the_torrents_ends_it_and_is_not_touched() throws IOException {
    var foreign = Files.createDirectories(copy.resolve("show")).resolve("a.bin");
    Files.write(foreign, new byte[21 * PIECE]);
    var run = get("--no-seed", "--json");
    assertThat(run.code()).isEqualTo(1);
    var error = only(DemoCommandTest.events(run.out()), "error");
    assertThat(error.get("file").asString()).contains("a.bin");
    assertThat(error.get("final").asBoolean()).isTrue();
    assertThat(foreign).hasBinaryContent(new byte[21 * PIECE]);

    assertThat(get("--no-seed", "--overwrite").code()).isZero();
    assertSame("show/a.bin");
  }

  @Test
  void what_is_not_whole_is_not_seeded() throws IOException {
    var part = Files.createDirectories(root.resolve("part/show"));
    Files.copy(complete.resolve("show/a.bin"), part.resolve("a.bin"));
    var run = spate("seed", torrent.toString(), "-d", part.getParent().toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("spate: show: incomplete: 20 of 24 pieces");
  }

  @Test
  void a_port_that_is_asked_for_and_taken_is_said_and_the_usual_one_gives_way() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var run = get("--no-seed", "--port", "" + taken.getLocalPort());
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).contains("spate: cannot listen on").contains("in use");
    }
    try (var taken = takeUsualPort()) {
      assertThat(taken.isBound()).isTrue();
      assertThat(get("--no-seed").code()).isZero();
    }
  }

  /** Whoever has it: it is taken then. */
  private static ServerSocket takeUsualPort() throws IOException {
    try {
      return new ServerSocket(SessionSettings.DEFAULT_PORT, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      return new ServerSocket(0);
    }
  }

  @Test
  void held_it_waits_for_a_line_and_interrupted_it_ends_in_order() throws Exception {
    try (var get =
        ProgramFixture.start(
            "get",
            torrent.toString(),
            "-d",
            copy.toString(),
            "--bind",
            "127.0.0.1",
            "--peer",
            "127.0.0.1:" + session.port(),
            "--hold")) {
      assertThat(get.line()).isEqualTo("READY");
      assertThat(session.linksOpen()).isZero();
      get.type("go");
      assertThat(get.line()).isEqualTo("DONE show");
      assertThat(get.terminate()).isEqualTo(130);
    }
    assertSame("show/a.bin", "show/extras/b.bin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get",
        "get none.torrent --no-seed --seed-ratio 1",
        "get none.torrent --no-seed --seed-time 5s",
        "get none.torrent --seed-ratio much",
        "get none.torrent --down fast",
        "get none.torrent --peer 1.2.3.4",
        "get none.torrent --port x",
        "get none.torrent",
        "get magnet:?dn=names-no-torrent",
        "seed",
        "seed none.torrent",
        "seed a.torrent b.torrent",
        "seed none.torrent --super-seed perhaps",
        "seed none.torrent --no-seed",
      })
  void bad_usage_and_bad_input_are_exit_code_2(String command) {
    var run = spate(command.split(" ", -1));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("spate: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--select nothing", "--seed-ratio -1", "--port 65536", "--bind localhorst"})
  void options_that_make_no_sense_are_exit_code_2(String option) {
    var run = get(option.split(" ", -1));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("spate: ");
  }

  private void assertSame(String... names) {
    for (String name : names) {
      assertThat(copy.resolve(name)).hasSameBinaryContentAs(complete.resolve(name));
    }
  }

  private static boolean is(JsonNode event, String name) {
    return event.get("event").asString().equals(name);
  }

  private static JsonNode only(List<JsonNode> events, String name) {
    var found = new ArrayList<>(events.stream().filter(event -> is(event, name)).toList());
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }
}

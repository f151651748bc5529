package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.engine.Session;
import org.spate.engine.SessionSettings;
import org.spate.engine.storage.TorrentCreator;

/**
 * The program as a process with little of what it needs: descriptors, memory, a state folder that
 * another process has (threats 76, 77, 78).
 */
class ScarceProcessTest {
  private static final int FILES = 1000;
  private static final int PIECE = 1 << 18;
  private static final int LARGE = 128 << 20; // twice the heap that it is fetched with
  private static final int SEEDS = 4;

  @TempDir private Path root;
  private Path complete;
  private final List<Session> seeds = new ArrayList<>();

  @BeforeEach
  void begin() throws IOException {
    Assumptions.assumeTrue(File.separatorChar == '/');
    complete = Files.createDirectories(root.resolve("complete/t")).getParent();
  }

  @AfterEach
  void close() {
    seeds.forEach(Session::close);
  }

  private void write(String name, int length) {
    var bytes = new byte[length];
    new Random(name.hashCode()).nextBytes(bytes);
    try {
      Files.write(complete.resolve("t").resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path torrent() throws IOException {
    var options = CreationOptions.of("t", false, TorrentFormat.V1).withPieceLength(PIECE);
    var bytes = TorrentCreator.create(complete.resolve("t"), options, 2, (_, _) -> {});
    return Files.write(root.resolve("t.torrent"), bytes);
  }

  /** Sessions of this process that have it all; each as an argument of the program. */
  private List<String> seeds(int count, Path torrent) throws Exception {
    var arguments = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var session =
          Session.open(
              SessionSettings.in(complete)
                  .stateFolder(root.resolve("seed" + i))
                  .bind(InetAddress.getLoopbackAddress())
                  .port(0)
                  .loops(1)
                  .build());
      seeds.add(session);
      session.add(torrent).ready().get(60, TimeUnit.SECONDS);
      arguments.addAll(List.of("--peer", "127.0.0.1:" + session.port()));
    }
    return arguments;
  }

  /** Runs the program to its end, after a command of the shell; what it prints goes to files. */
  private int run(String before, String javaOptions, List<String> arguments) throws Exception {
    return start(before, javaOptions, arguments).waitFor();
  }

  private Process start(String before, String javaOptions, List<String> arguments)
      throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var command =
        new ArrayList<>(
            List.of(
                "timeout",
                "120",
                "sh",
                "-c",
                before
                    + "; exec "
                    + java
                    + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED"
                    + " --sun-misc-unsafe-memory-access=allow "
                    + javaOptions
                    + " -cp \"$CLASSES\" org.spate.app.Spate \"$@\"",
                "spate"));
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(root.resolve("out").toFile())
            .redirectError(root.resolve("err").toFile());
    builder.environment().put("CLASSES", classPath());
    builder.environment().put("XDG_STATE_HOME", root.resolve("state").toString());
    return builder.start();
  }

  /** Without the libraries of the tests, each of which takes a descriptor. */
  private static String classPath() {
    var ofTests = List.of("junit", "assertj", "archunit", "jazzer", "byte-buddy", "opentest4j");
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> ofTests.stream().noneMatch(entry::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private List<String> get(Path torrent, List<String> peers) {
    return Stream.concat(
            Stream.of(
                "get",
                torrent.toString(),
                "-d",
                root.resolve("copy").toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                "0",
                "--no-seed"),
            peers.stream())
        .toList();
  }

  private String err() throws IOException {
    return Files.readString(root.resolve("err"));
  }

  private void assertSame() throws IOException {
    try (var files = Files.list(complete.resolve("t"))) {
      for (var file : (Iterable<Path>) files::iterator) {
        var copy = root.resolve("copy/t").resolve(file.getFileName());
        assertThat(Files.mismatch(file, copy)).as(file.toString()).isEqualTo(-1);
      }
    }
  }

  @Test
  void a_thousand_files_need_few_descriptors() throws Exception {
    for (int i = 0; i < FILES; i++) {
      write("f" + i, 1000 + i);
    }
    var torrent = torrent();
    int code = run("ulimit -n 64", "", get(torrent, seeds(1, torrent)));
    assertThat(code).as(err()).isZero();
    assertSame();
    assertThat(err()).doesNotContain("SLF4J", "Too many open files");
  }

  @Test
  void a_small_heap_is_enough_for_a_large_file_and_many_peers() throws Exception {
    write("large", LARGE);
    var torrent = torrent();
    int code = run(":", "-Xmx64m -XX:MaxDirectMemorySize=64m", get(torrent, seeds(SEEDS, torrent)));
    assertThat(code).as(err()).isZero();
    assertSame();
    assertThat(err()).doesNotContain("OutOfMemory");
  }

  @Test
  void a_second_process_is_told_who_has_the_state_and_leaves_it_alone() throws Exception {
    write("f", 3 * PIECE);
    var torrent = torrent();
    var arguments =
        List.of(
            "seed",
            torrent.toString(),
            "-d",
            complete.toString(),
            "--bind",
            "127.0.0.1",
            "--port",
            "0");
    var first = ProgramFixture.start(root.resolve("state"), arguments.toArray(String[]::new));
    try (first) {
      assertThat(first.line()).isEqualTo("DONE t");
      var before = snapshot();
      int code = run(":", "", arguments);
      assertThat(code).isEqualTo(Spate.FAILED);
      assertThat(err()).contains("in use by another process");
      assertThat(snapshot()).isEqualTo(before).isNotEmpty();
    }
  }

  private Map<String, FileTime> snapshot() throws IOException {
    var times = new TreeMap<String, FileTime>();
    try (var files = Files.walk(root.resolve("state"))) {
      for (var file : (Iterable<Path>) files::iterator) {
        times.put(file.toString(), Files.getLastModifiedTime(file));
      }
    }
    return times;
  }
}

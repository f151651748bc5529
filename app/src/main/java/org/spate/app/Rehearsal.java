package org.spate.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.spate.tracker.Tracker;
import org.spate.tracker.TrackerSettings;

/**
 * What the build runs once to record the start-up cache (JEP 514, 515): the commands that should
 * start quickly and swarms over loopback, in one process, because a cache is recorded from one run.
 * What it does not do is loaded from the jars later, and interpreted until it is hot.
 */
final class Rehearsal {
  private static final int PAYLOAD_BYTES = 32 << 20;
  private static final int PEERS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException {
    var folder = Files.createTempDirectory("spate-rehearsal");
    try {
      rehearse(folder);
    } finally {
      delete(folder);
    }
  }

  private static void rehearse(Path folder) throws IOException {
    run("--version");
    run("--help");
    run("show", "--no-such-option");
    run(
        "plan",
        "--size",
        "1G",
        "--peers",
        "9",
        "--seed-up",
        "1M",
        "--peer-up",
        "1M",
        "--peer-down",
        "1M");
    run("simulate", "--peers", "5", "--size", "1MiB", "--json");
    var payload = folder.resolve("payload");
    var content = new byte[PAYLOAD_BYTES];
    new SplittableRandom(1).nextBytes(content);
    Files.write(payload, content);
    try (var tracker = Tracker.start(TrackerSettings.on(List.of(anyPort()), List.of()))) {
      var announce =
          "http://127.0.0.1:" + tracker.httpAddresses().getFirst().getPort() + "/announce";
      for (var format : List.of("hybrid", "v1")) {
        var torrent = folder.resolve(format + ".torrent").toString();
        run("create", payload.toString(), "-o", torrent, "-t", announce, "--format", format);
        run("show", torrent);
        run("show", "--json", torrent);
        run("verify", torrent, "-d", folder.toString());
      }
      swarm(folder, "v1", "accepted", PEERS);
      swarm(folder, "hybrid", "required", 1);
    }
  }

  /**
   * A seed and peers that find each other by the tracker and the DHT; it ends when they have it.
   */
  private static void swarm(Path folder, String format, String encryption, int peers)
      throws IOException {
    var torrent = folder.resolve(format + ".torrent").toString();
    int port = freePort();
    var seed = start(words("seed", torrent, folder, encryption, port));
    var getting = new ArrayList<Thread>();
    for (int i = 0; i < peers; i++) {
      var copy = Files.createDirectory(folder.resolve("copy-" + format + i));
      var words = words("get", torrent, copy, encryption, freePort());
      words.addAll(List.of("--no-seed", "--dht-router", "127.0.0.1:" + port));
      words.addAll(List.of("--dht-router", "router.invalid:6881")); // asks the name servers
      if (i > 0) {
        words.add("--json");
      }
      getting.add(start(words));
    }
    getting.forEach(Rehearsal::join);
    seed.interrupt();
    join(seed);
  }

  /** As a daemon: a build must end even if it does not. */
  private static Thread start(List<String> words) {
    return Thread.ofPlatform().daemon().start(() -> run(words.toArray(String[]::new)));
  }

  private static void join(Thread thread) {
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> words(
      String command, String torrent, Path folder, String encryption, int port) {
    var words = new ArrayList<>(List.of(command, torrent, "-d", folder.toString()));
    words.addAll(List.of("--bind", "127.0.0.1", "--port", "" + port));
    words.addAll(List.of("--encryption", encryption));
    return words;
  }

  private static void run(String... arguments) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    Spate.run(Spate.commandLine(nowhere, nowhere), arguments);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}

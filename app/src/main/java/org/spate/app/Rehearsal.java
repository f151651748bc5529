package org.spate.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the build runs once to record the start-up cache (JEP 514, 515): the commands that should
 * start quickly and a transfer over loopback, in one process, because a cache is recorded from one
 * run.
 */
final class Rehearsal {
  private static final int PAYLOAD_BYTES = 32 << 20;

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
    for (var format : List.of("hybrid", "v1")) {
      var torrent = folder.resolve(format + ".torrent").toString();
      // A tracker that nobody answers at.
      var tracker = "http://127.0.0.1:" + freePort() + "/announce";
      run("create", payload.toString(), "-o", torrent, "-t", tracker, "--format", format);
      run("show", torrent);
      run("show", "--json", torrent);
      run("verify", torrent, "-d", folder.toString());
    }
    transfer(folder, "v1", "accepted");
    transfer(folder, "hybrid", "required");
  }

  /**
   * Both ends by `get`: it seeds what is already there, and ends by itself, which `seed` does not.
   */
  private static void transfer(Path folder, String format, String encryption) throws IOException {
    var torrent = folder.resolve(format + ".torrent").toString();
    int port = freePort();
    var whole = inFolder("get", torrent, folder, encryption, port, "--seed-ratio", "1");
    var seed = Thread.ofPlatform().start(() -> run(whole));
    var copy = Files.createDirectory(folder.resolve("copy-" + format));
    var peer = "127.0.0.1:" + port;
    run(inFolder("get", torrent, copy, encryption, freePort(), "--peer", peer, "--no-seed"));
    try {
      seed.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String[] inFolder(
      String command, String torrent, Path folder, String encryption, int port, String... more) {
    var words = new ArrayList<>(List.of(command, torrent, "-d", folder.toString()));
    words.addAll(List.of("--bind", "127.0.0.1", "--port", "" + port, "--json"));
    words.addAll(List.of("--encryption", encryption));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static void run(String... arguments) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    Spate.run(Spate.commandLine(nowhere, nowhere), arguments);
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

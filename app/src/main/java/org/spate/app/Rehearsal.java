package org.spate.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the build runs once to record the start-up cache (JEP 514): the commands that should start
 * quickly, in one process, because a cache is recorded from one run.
 */
final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException {
    var folder = Files.createTempDirectory("spate-rehearsal");
    var payload = folder.resolve("payload");
    var torrent = folder.resolve("payload.torrent");
    try {
      Files.write(payload, new byte[100_000]);
      rehearse(folder, payload, torrent);
    } finally {
      Files.deleteIfExists(torrent);
      Files.deleteIfExists(payload);
      Files.delete(folder);
    }
    // Every command ends so, and loads some classes for it.
    System.exit(Spate.DONE);
  }

  private static void rehearse(Path folder, Path payload, Path torrent) {
    run("--version");
    run("--help");
    String tracker = "http://tracker.example/announce";
    run("create", payload.toString(), "-o", torrent.toString(), "-t", tracker, "--format=hybrid");
    run("show", torrent.toString());
    run("show", "--json", torrent.toString());
    run(
        "plan", "--size", "1G", "--peers", "9", "--seed-up", "1M", "--peer-up", "1M", "--peer-down", "1M");
    run("verify", torrent.toString(), "-d", folder.toString());
    run("show", "--no-such-option");
  }

  private static void run(String... arguments) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    Spate.run(Spate.commandLine(nowhere, nowhere), arguments);
  }
}

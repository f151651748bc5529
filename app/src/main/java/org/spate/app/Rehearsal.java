package org.spate.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the build runs once to record the start-up cache (JEP 514): the commands that should start
 * quickly, in one process, because a cache is recorded from one run.
 */
final class Rehearsal {
  private static final String TORRENT =
      "d8:announce18:http://example.org13:creation datei1e4:infod5:filesl"
          + "d6:lengthi1e4:pathl1:aeed6:lengthi1e4:pathl1:beee4:name1:a12:piece lengthi16384e"
          + "6:pieces20:aaaaaaaaaaaaaaaaaaaaee";

  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException {
    var torrent = Files.createTempFile("rehearsal", ".torrent");
    try {
      Files.writeString(torrent, TORRENT, StandardCharsets.US_ASCII);
      rehearse(torrent);
    } finally {
      Files.delete(torrent);
    }
  }

  private static void rehearse(Path torrent) {
    run("--version");
    run("--help");
    run("show", torrent.toString());
    run("show", "--json", torrent.toString());
    run("show", "--no-such-option");
  }

  private static void run(String... arguments) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    Spate.run(Spate.commandLine(nowhere, nowhere), arguments);
  }
}

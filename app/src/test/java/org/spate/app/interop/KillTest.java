package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at any moment costs no verified piece and never claims one that is not. */
@Tag("interop")
class KillTest {
  private static final int KILLS = 30;
  private static final Pattern PIECE = Pattern.compile("\"event\":\"piece\".*\"index\":(\\d+)");

  @TempDir Path scratch;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = Lab.open();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void noVerifiedPieceIsDownloadedAgain() throws IOException {
    var clients = new Clients(lab, scratch);
    var complete = Files.createDirectory(scratch.resolve("complete"));
    var copy = Files.createDirectory(scratch.resolve("copy"));
    var payload = Payloads.file(complete, "killed.bin", 60_000_000);
    var torrent = scratch.resolve("killed.torrent");
    assertThat(
            clients.spate("create", payload, "-o", torrent, "--piece-size", "64KiB").awaitExit(60))
        .isZero();
    Clients.awaitSeeding(clients.spateSeed(Lab.address(1), torrent, complete), 60);
    var random = new Random(20261121);
    var verified = new TreeSet<Integer>();

    for (int kill = 0; kill < KILLS; kill++) {
      var get = get(clients, torrent, copy, "--down", "4MiB");
      get.awaitLine(line -> line.contains("\"event\":\"started\""), 60);
      // The moment of the kill is the point of the test, and chance: nothing waits for it.
      LockSupport.parkNanos(random.nextLong(600_000_000L));
      get.kill();
      collect(get, verified, kill);
    }
    var last = get(clients, torrent, copy, "--no-seed");

    assertThat(last.awaitExit(60)).as(last.tail()).isZero();
    collect(last, verified, KILLS);
    assertThat(verified).isNotEmpty();
    Payloads.assertSame(complete, copy);
  }

  private static Running get(Clients clients, Path torrent, Path copy, Object... more) {
    var arguments = new Object[more.length + 2];
    System.arraycopy(more, 0, arguments, 0, more.length);
    arguments[more.length] = "--peer";
    arguments[more.length + 1] = Lab.address(1) + ":" + Clients.PORT;
    return clients.spateGet(Lab.address(2), torrent, copy, arguments);
  }

  private static void collect(Running get, Set<Integer> verified, int run) {
    for (var line : get.lines()) {
      var match = PIECE.matcher(line);
      if (match.find()) {
        int index = Integer.parseInt(match.group(1));
        assertThat(verified.add(index)).as("piece %d again in run %d", index, run).isTrue();
      }
    }
  }
}

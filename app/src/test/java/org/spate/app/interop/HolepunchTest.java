package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two peers behind routers that let in nothing but answers, and one outside that both know and that
 * is too slow to pass the files on: they meet by BEP 55.
 */
@Tag("interop")
class HolepunchTest {
  private static final int SECONDS = 60;
  private static final String RELAY = Home.outside(1) + ":" + Clients.PORT;

  @TempDir Path scratch;
  private Lab lab;
  private Home one;
  private Home other;
  private Path complete;
  private Path copy;
  private Path torrent;

  @BeforeEach
  void open() throws IOException {
    lab = Lab.open();
    Home.openOutside(lab);
    one = Home.build(lab, 1, scratch);
    other = Home.build(lab, 2, scratch);
    complete = Files.createDirectory(scratch.resolve("complete"));
    copy = Files.createDirectory(scratch.resolve("copy"));
    Payloads.file(complete, "punched.bin", 1_000_000);
    torrent = scratch.resolve("punched.torrent");
    var create =
        new Clients(lab, scratch)
            .spate("create", complete.resolve("punched.bin"), "-o", torrent, "--format", "v1");
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
    lab.close();
  }

  private void startRelay() throws IOException {
    var folder = Files.createDirectory(scratch.resolve("between"));
    var relay =
        new Clients(lab, scratch)
            .spateGet(Home.outside(1), torrent, folder, "--up", "1k", "--no-dht");
    relay.awaitLine(line -> line.contains("\"event\":\"started\""), SECONDS);
  }

  private Running get(Home home, Path folder, Object... more) {
    var arguments = new ArrayList<Object>(List.of("get", torrent, "-d", folder, "--json"));
    arguments.addAll(List.of("--port", Clients.PORT, "--peer", RELAY, "--no-port-map", "--no-dht"));
    arguments.addAll(List.of(more));
    return new Clients(home.inside(), scratch).spate(arguments.toArray());
  }

  private static boolean isPunched(String line, Home peer) {
    return line.contains("\"punched\":true")
        && line.contains("\"address\":\"" + peer.external() + ":");
  }

  @Test
  void two_of_us_meet() throws IOException {
    startRelay();
    var seed = get(one, complete);
    seed.awaitLine(line -> line.contains("\"state\":\"connected\""), SECONDS);

    var get = get(other, copy, "--no-seed");

    get.awaitLine(line -> isPunched(line, one), SECONDS);
    assertThat(get.awaitExit(SECONDS)).as(get.tail() + seed.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }

  @Test
  void libtorrent_and_we_meet() throws IOException {
    startRelay();
    var theirs =
        one.inside()
            .start(
                scratch,
                List.of(
                    Clients.PYTHON,
                    new Clients(lab, scratch).resource("libtorrent_meeting.py").toString(),
                    torrent.toString(),
                    complete.toString(),
                    one.address(),
                    "" + Clients.PORT,
                    "holepunch",
                    RELAY));
    theirs.awaitLine(line -> line.startsWith("PEERS") && line.contains(RELAY), SECONDS);

    var get = get(other, copy, "--no-seed");

    get.awaitLine(line -> isPunched(line, one), SECONDS);
    assertThat(get.awaitExit(SECONDS)).as(get.tail() + theirs.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }
}

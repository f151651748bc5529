package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Peers that have no tracker in common and still meet: by PEX (BEP 11) and LSD (BEP 14). */
class MeetingTest extends InteropFixture {

  private Path torrent;

  @BeforeEach
  void share() throws IOException {
    Payloads.file(complete, "met.bin", 2_000_000);
    torrent = create("v1");
  }

  private Path create(String name, String... more) {
    var made = scratch.resolve(name + ".torrent");
    var arguments = new ArrayList<Object>(List.of("create", complete.resolve("met.bin")));
    arguments.addAll(List.of("-o", made, "--format", "v1"));
    arguments.addAll(List.of(more));
    var create = clients.spate(arguments.toArray());
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
    return made;
  }

  private Running libtorrent(String address, Path folder, String way, String... peers) {
    var command =
        new ArrayList<String>(
            List.of(
                Clients.PYTHON,
                clients.resource("libtorrent_meeting.py").toString(),
                torrent.toString(),
                folder.toString(),
                address,
                "" + Clients.PORT,
                way));
    command.addAll(List.of(peers));
    return lab.start(scratch, command);
  }

  /** A link that names no way to anybody. */
  private String magnet() {
    return "magnet:?xt=urn:btih:" + Clients.infoHash(torrent);
  }

  private static String peer(String address) {
    return address + ":" + Clients.PORT;
  }

  @Test
  void libtorrentTellsUsOfItsNeighbours() throws IOException {
    var seed = Lab.address(1);
    var between = Lab.address(2);
    libtorrent(seed, complete, "pex").awaitLine(line -> line.contains("DONE"), SECONDS);
    libtorrent(between, Files.createDirectory(scratch.resolve("between")), "pex", peer(seed))
        .awaitLine(line -> line.contains("DONE"), SECONDS);

    var get =
        clients.spateGet(Lab.address(3), magnet(), copy, "--peer", peer(between), "--up", "1k");

    get.awaitLine(line -> line.contains(peer(seed)) && line.contains("\"source\":\"pex\""), 90);
    Clients.awaitFinished(get, SECONDS);
    Payloads.assertSame(complete, copy);
  }

  @Test
  void weTellLibtorrentOfOurNeighbours() throws IOException {
    var seed = Lab.address(1);
    var between = Lab.address(2);
    Clients.awaitSeeding(clients.spateSeed(seed, torrent, complete), SECONDS);
    var ours = Files.createDirectory(scratch.resolve("between"));
    Clients.awaitFinished(clients.spateGet(between, torrent, ours, "--peer", peer(seed)), SECONDS);
    var theirs = libtorrent(Lab.address(3), copy, "pex", peer(between));

    // Which of the two dials the other is for chance to say.
    theirs.awaitLine(line -> line.startsWith("PEERS") && line.contains(seed + ":"), 90);
    Clients.awaitDone(theirs, SECONDS);
    Payloads.assertSame(complete, copy);
  }

  @Test
  void weFindALibtorrentSeedInTheLocalNetwork() {
    var seed = lab.lanAddress(1);
    libtorrent(seed, complete, "lsd").awaitLine(line -> line.contains("DONE"), SECONDS);

    var get = clients.spateGet(lab.lanAddress(2), magnet(), copy, "--no-seed", "--no-pex");

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }

  @Test
  void weAndAnotherOfUsMeetInTheLocalNetwork() {
    Clients.awaitSeeding(
        clients.spateSeed(lab.lanAddress(1), torrent, complete, "--no-pex"), SECONDS);

    var get = clients.spateGet(lab.lanAddress(2), torrent, copy, "--no-seed", "--no-pex");

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    assertThat(get.lines()).anyMatch(line -> line.contains("\"event\":\"finished\""));
    Payloads.assertSame(complete, copy);
  }

  @Test
  void weAndAnotherOfUsMeetInTheLocalNetworkOverIpv6() {
    var seed = clients.spateSeed(lab.lanAddressV6(1), torrent, complete, "--no-pex", "--no-dht");
    Clients.awaitSeeding(seed, SECONDS);

    var get =
        clients.spateGet(lab.lanAddressV6(2), torrent, copy, "--no-seed", "--no-pex", "--no-dht");

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    assertThat(get.lines())
        .anyMatch(line -> line.contains("\"connected\"") && line.contains("[fd78:0:0:0:0:0:0:1]"));
    Payloads.assertSame(complete, copy);
  }

  @ParameterizedTest
  @CsvSource({"'', 79 80", "sea80, 80", "10.79.0.2, 79"})
  void eachInterfaceHearsOfUsUnlessItIsNotForUs(String bind, String expected) {
    try (var island = lab.island()) {
      lab.join(island, 80);
      var ears = new LinkedHashMap<String, Running>();
      for (var network : List.of("79", "80")) {
        var ear = listen("10." + network + ".0.1", "shore" + network);
        ears.put(network, ear);
      }
      var command = new ArrayList<Object>(List.of("get", torrent, "-d", copy, "--no-seed"));
      if (!bind.isEmpty()) {
        command.addAll(List.of("--bind", bind));
      }
      new Clients(island, scratch).spate(command.toArray());

      var hash = Clients.infoHash(torrent);
      for (var network : expected.split(" ", -1)) {
        var heard = ears.remove(network);
        heard.awaitLine(line -> line.equals(hash + " from 10." + network + ".0.2"), SECONDS);
      }
      // What is said, is said to all networks at once.
      ears.values().forEach(ear -> assertThat(ear.lines()).noneMatch(line -> line.contains(hash)));
    }
  }

  private Running listen(String address, String device) {
    var ear =
        lab.start(
            scratch,
            List.of(
                Clients.PYTHON, clients.resource("lsd_listener.py").toString(), address, device));
    ear.awaitLine("LISTENING"::equals, SECONDS);
    return ear;
  }

  @Test
  void aPrivateTorrentSaysNothingInTheLocalNetwork() {
    torrent = create("private", "--private");
    Clients.awaitSeeding(clients.spateSeed(lab.lanAddress(1), torrent, complete), SECONDS);
    var public2 = create("public", "--piece-size", "32KiB");
    Clients.awaitSeeding(clients.spateSeed(lab.lanAddress(3), public2, complete), SECONDS);
    var watch =
        lab.start(
            scratch,
            List.of(
                Clients.PYTHON, clients.resource("lsd_listener.py").toString(), lab.lanAddress(4)));
    watch.awaitLine("LISTENING"::equals, SECONDS);

    clients.spateGet(lab.lanAddress(2), torrent, copy);
    var second = scratch.resolve("second");
    clients.spateGet(lab.lanAddress(5), public2, second);

    // The public one is heard, so the private one would have been.
    watch.awaitLine(line -> line.contains(Clients.infoHash(public2)), SECONDS);
    assertThat(watch.lines()).noneMatch(line -> line.contains(Clients.infoHash(torrent)));
  }
}

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
import org.spate.app.CommandLineFixture;

/**
 * Nothing leaves by another interface or address than {@code --bind} names. The island has a second
 * way to the same shore, and the routes prefer the one that is not to be used.
 */
@Tag("interop")
class BindTest {
  private static final int SECONDS = 60;
  private static final String SEED = Lab.address(1);
  private static final String SERVER = Lab.address(2);
  private static final String TRACKER = Lab.address(3);
  private static final String SEED_V6 = "fd77::1";

  @TempDir Path scratch;
  private Lab lab;
  private Lab island;
  private Clients clients;
  private Clients islander;
  private Path complete;
  private Path copy;
  private Path torrent;

  @BeforeEach
  void open() throws IOException {
    lab = Lab.open();
    island = lab.island();
    lab.join(island, 80);
    lab.run("ip -6 address add %s/128 dev lo nodad".formatted(SEED_V6));
    clients = new Clients(lab, scratch);
    islander = new Clients(island, scratch);
    complete = Files.createDirectory(scratch.resolve("complete"));
    copy = Files.createDirectory(scratch.resolve("copy"));
    torrent = scratch.resolve("bound.torrent");
    Clients.create(
        Payloads.file(complete, "bound.bin", 2_000_000),
        "-o",
        torrent,
        "-t",
        "http://%s:6969/announce".formatted(TRACKER),
        "-t",
        "udp://%s:6969".formatted(TRACKER));
  }

  @AfterEach
  void close() {
    island.close();
    lab.close();
  }

  private Running get(Object... more) {
    var arguments =
        new ArrayList<Object>(
            List.of("get", torrent, "-d", copy, "--port", Clients.PORT, "--json", "--no-seed"));
    arguments.addAll(List.of(more));
    return islander.spate(arguments.toArray());
  }

  private Running seed(String... bind) {
    var arguments = new ArrayList<Object>(List.of("seed", torrent, "-d", complete, "--json"));
    arguments.addAll(List.of("--port", Clients.PORT));
    for (var address : bind) {
      arguments.addAll(List.of("--bind", address));
    }
    var seed = clients.spate(arguments.toArray());
    Clients.awaitSeeding(seed, SECONDS);
    return seed;
  }

  private void assertFetched(Running get) {
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }

  private static List<String> connected(Running peer) {
    return peer.lines().stream().filter(line -> line.contains("\"connected\"")).toList();
  }

  @Test
  void nothing_leaves_but_by_the_interface_of_that_name() {
    var http = TRACKER + ":6969";
    clients.spate("tracker", "--http", http, "--udp", http);
    WebServer.start(lab, scratch, SERVER, 8080, complete, "");
    var seed = seed();
    var capture = Capture.of(island, scratch, "sea79", "ipv6.addr == ff02::/16");

    var get =
        get(
            "--bind",
            "sea80",
            "--peer",
            "10.79.0.1:" + Clients.PORT, // nobody is there by the other way
            "--peer",
            SEED + ":" + Clients.PORT,
            "--peer",
            "[%s]:%d".formatted(SEED_V6, Clients.PORT),
            "--dht-router",
            SEED + ":" + Clients.PORT,
            "--web-seed",
            "http://" + SERVER + ":8080/");

    assertFetched(get);
    capture.assertNothingElse();
    assertThat(connected(seed))
        .isNotEmpty()
        .allMatch(line -> line.contains("10.80.0.2:") || line.contains("fd80:0:0:0:0:0:0:2"));
  }

  @Test
  void nothing_leaves_from_another_address_than_the_one_that_is_named() {
    clients.spate("tracker", "--http", TRACKER + ":6969", "--udp", TRACKER + ":6969");
    var seed = seed();
    var capture = Capture.of(island, scratch, "any", "ip.addr == 10.80.0.2");

    assertFetched(
        get(
            "--bind",
            "10.80.0.2",
            "--dht-router",
            SEED + ":" + Clients.PORT,
            "--peer",
            SEED + ":" + Clients.PORT));

    capture.assertNothingElse();
    assertThat(connected(seed)).isNotEmpty().allMatch(line -> line.contains("10.80.0.2:"));
  }

  @Test
  void several_addresses_of_both_families_are_listened_on() {
    seed(SEED, SEED_V6, SERVER);

    var listening = lab.run("ss -Htlnu");
    assertThat(kindsAt(listening, SEED)).containsExactlyInAnyOrder("tcp", "udp");
    assertThat(kindsAt(listening, SEED_V6)).containsExactlyInAnyOrder("tcp", "udp");
    assertThat(kindsAt(listening, SERVER)).containsExactly("tcp");
    assertFetched(get("--no-tcp", "--peer", "[%s]:%d".formatted(SEED_V6, Clients.PORT)));
  }

  private static List<String> kindsAt(String listening, String address) {
    return listening
        .lines()
        .filter(line -> line.contains(address + "]:" + Clients.PORT)) // IPv4 in the form of IPv6
        .map(line -> line.substring(0, 3))
        .toList();
  }

  @Test
  void what_is_neither_an_address_nor_an_interface_is_refused() {
    var run = CommandLineFixture.spate("get", torrent.toString(), "--bind", "nowhere0");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("'nowhere0' is neither an address nor a network interface");
  }
}

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
  private static final String NAMES = Lab.address(5);
  private static final String SEED_V6 = "fd77::1";

  @TempDir Path scratch;
  private Lab lab;
  private Lab island;
  private Clients clients;
  private Clients islander;
  private Path complete;
  private Path copy;
  private Path torrent;
  private Running names;

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

  /** Serves names in the lab; who is started by the result asks the server at that address. */
  private Clients startNames(String asked) throws IOException {
    var command =
        List.of(
            Clients.PYTHON,
            clients.resource("names.py").toString(),
            NAMES,
            "tracker.test=" + TRACKER,
            "server.test=" + SERVER,
            "seed.test=" + SEED,
            "node.test=" + SEED,
            "proxy.test=" + SERVER);
    names = lab.start(scratch, command);
    names.awaitLine("READY"::equals, SECONDS);
    var file = scratch.resolve("resolv.conf");
    Files.writeString(file, "nameserver %s\n".formatted(asked));
    return islander.withFile(file, "/etc/resolv.conf");
  }

  private Running getByNames(Clients from, Object... more) {
    var named = scratch.resolve("named.torrent");
    Clients.create(
        complete.resolve("bound.bin"),
        "-o",
        named,
        "-t",
        "http://tracker.test:6969/announce",
        "-t",
        "udp://tracker.test:6969");
    var arguments =
        new ArrayList<Object>(
            List.of("get", named, "-d", copy, "--port", Clients.PORT, "--json", "--no-seed"));
    arguments.addAll(List.of(more));
    return from.spate(arguments.toArray());
  }

  private List<String> askers() {
    return names.lines().stream()
        .filter(line -> !line.equals("READY"))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .distinct()
        .toList();
  }

  @Test
  void names_are_asked_for_by_that_interface_alone() throws IOException {
    var from = startNames(NAMES);
    clients.spate("tracker", "--http", TRACKER + ":6969", "--udp", TRACKER + ":6969");
    seed();
    var capture = Capture.of(island, scratch, "sea79", "ipv6.addr == ff02::/16");

    var get =
        getByNames(
            from,
            "--bind",
            "sea80",
            "--peer",
            "seed.test:" + Clients.PORT,
            "--dht-router",
            "node.test:" + Clients.PORT);

    assertFetched(get);
    capture.assertNothingElse();
    assertThat(askers()).containsExactly("10.80.0.2");
    assertThat(get.lines())
        .anyMatch(line -> line.contains("\"tracker\"") && !line.contains("\"error\""));
    for (var name : List.of("tracker.test", "seed.test", "node.test")) {
      assertThat(names.lines()).contains("10.80.0.2 " + name + " 1");
    }
  }

  @Test
  void names_are_asked_for_from_that_address_alone() throws IOException {
    var from = startNames(NAMES);
    WebServer.start(lab, scratch, SERVER, 8080, complete, "");
    var capture = Capture.of(island, scratch, "any", "ip.addr == 10.80.0.2");
    var webSeed = "http://server.test:8080/";

    assertFetched(getByNames(from, "--bind", "10.80.0.2", "--web-seed", webSeed, "--no-dht"));
    capture.assertNothingElse();
    assertThat(askers()).containsExactly("10.80.0.2");
    assertThat(names.lines()).contains("10.80.0.2 server.test 1");
  }

  @Test
  void the_name_of_a_proxy_is_asked_for_from_there_too() throws IOException {
    var from = startNames(NAMES);
    lab.start(scratch, List.of("microsocks", "-i", SERVER, "-p", "1080", "-b", SERVER));
    seed();
    var capture = Capture.of(island, scratch, "any", "ip.addr == 10.80.0.2");

    var get =
        getByNames(
            from,
            "--bind",
            "10.80.0.2",
            "--proxy",
            "socks5://proxy.test:1080",
            "--peer",
            SEED + ":" + Clients.PORT);

    assertFetched(get);
    capture.assertNothingElse();
    assertThat(names.lines()).contains("10.80.0.2 proxy.test 1");
  }

  @Test
  void a_name_server_of_this_machine_is_not_asked() throws IOException {
    island.run("ip address add 127.0.0.53/8 dev lo");
    var from = startNames("127.0.0.53");
    var local =
        List.of(Clients.PYTHON, clients.resource("names.py").toString(), "127.0.0.53", "x=1.1.1.1");
    var stub = island.start(scratch, local);
    stub.awaitLine("READY"::equals, SECONDS);
    seed();

    var get = getByNames(from, "--bind", "sea80", "--peer", "seed.test:" + Clients.PORT);

    assertThat(get.awaitExit(SECONDS)).isEqualTo(2);
    assertThat(get.tail())
        .contains("seed.test: no such host")
        .contains("/etc/resolv.conf names no server that is reached from where we are bound");
    assertThat(stub.lines()).containsExactly("READY");
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

package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With a proxy every packet goes to it (threat 57): microsocks, tinyproxy and dante from Debian.
 * The leecher lives on an island from where everything could be reached directly, too, and tshark
 * watches what leaves. Names are known to the proxies alone.
 */
@Tag("interop")
class ProxyTest {
  private static final int SECONDS = 60;
  private static final String SEED = Lab.address(1);
  private static final String PROXY = Lab.address(8);
  private static final String SERVER = Lab.address(9);
  private static final String TRACKER = Lab.address(11);

  @TempDir Path scratch;
  private Lab lab;
  private Lab island;
  private Clients clients;
  private Clients islander;
  private Path complete;
  private Path copy;
  private Path torrent;
  private Path seeds;
  private Capture capture;

  @BeforeEach
  void open() throws IOException {
    lab = Lab.open();
    island = lab.island();
    clients = new Clients(lab, scratch);
    islander = new Clients(island, scratch);
    complete = Files.createDirectory(scratch.resolve("complete"));
    copy = Files.createDirectory(scratch.resolve("copy"));
    Files.writeString(
        scratch.resolve("hosts"),
        "%s tracker.test\n%s server.test\n%s node.test\n".formatted(TRACKER, SERVER, SEED));
    Payloads.file(complete, "hidden.bin", 3_000_000);
    capture = Capture.of(island, scratch, "any", "ip.addr == " + PROXY);
  }

  @AfterEach
  void close() {
    island.close();
    lab.close();
  }

  /** The leecher's names its trackers, which only a proxy finds; the seed's has their addresses. */
  private void create(String... trackers) {
    var payload = complete.resolve("hidden.bin");
    torrent = create(payload, "named", List.of(trackers));
    var addresses = Stream.of(trackers).map(url -> url.replace("tracker.test", TRACKER)).toList();
    seeds = create(payload, "plain", addresses);
  }

  private Path create(Path payload, String name, List<String> trackers) {
    var made = scratch.resolve(name + ".torrent");
    var arguments = new ArrayList<Object>(List.of(payload, "-o", made, "--format", "v1"));
    for (var tracker : trackers) {
      arguments.addAll(List.of("-t", tracker));
    }
    Clients.create(arguments.toArray());
    return made;
  }

  private void track() {
    var http = TRACKER + ":6969";
    clients
        .spate("tracker", "--http", http, "--udp", http, "--json")
        .awaitLine(line -> line.contains("\"event\":\"listening\""), SECONDS);
  }

  /** Starts a proxy, for which names are what our own list of hosts says. */
  private void startProxy(String command) {
    var hosts = "mount --bind " + scratch.resolve("hosts") + " /etc/hosts";
    var full = hosts + " && exec " + command;
    lab.start(scratch, List.of("unshare", "--mount", "sh", "-c", full));
  }

  private void startMicrosocks() {
    startProxy("microsocks -i %1$s -p 1080 -b %1$s -u me -P 'sec:ret'".formatted(PROXY));
  }

  private static final String MICROSOCKS = "socks5://me:sec:ret@" + PROXY + ":1080";

  private void startDante() throws IOException {
    var config = scratch.resolve("danted.conf");
    Files.writeString(
        config,
        """
        logoutput: stderr
        internal: %1$s port = 1080
        external: %1$s
        clientmethod: none
        socksmethod: none
        user.privileged: root
        user.unprivileged: root
        client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
        socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
        """
            .formatted(PROXY));
    startProxy("danted -f " + config);
  }

  private static final String DANTE = "socks5://" + PROXY + ":1080";

  private void startTinyproxy() throws IOException {
    var config = scratch.resolve("tinyproxy.conf");
    Files.writeString(
        config,
        """
        Port 8888
        Listen %1$s
        Bind %1$s
        Timeout 60
        MaxClients 50
        """
            .formatted(PROXY));
    startProxy("tinyproxy -d -c " + config);
  }

  private static final String TINYPROXY = "http://" + PROXY + ":8888";

  private Running get(Object source, String proxy, Object... more) {
    var arguments =
        new ArrayList<Object>(
            List.of("get", source, "-d", copy, "--port", Clients.PORT, "--json", "--no-seed"));
    arguments.addAll(List.of("--proxy", proxy, "--dht-router", "node.test:" + Clients.PORT));
    arguments.addAll(List.of(more));
    return islander.spate(arguments.toArray());
  }

  private Running seed(Object... more) {
    var seed = clients.spateSeed(SEED, seeds, complete, more);
    Clients.awaitSeeding(seed, SECONDS);
    return seed;
  }

  private Running trackedSeed() {
    var seed = seed();
    seed.awaitLine(line -> line.contains("\"tracker\"") && !line.contains("\"error\""), SECONDS);
    return seed;
  }

  private void assertFetched(Running get) {
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
    capture.assertNothingElse();
  }

  private static void assertOnlyTheProxyCame(Running seed) {
    assertThat(seed.lines().stream().filter(line -> line.contains("\"connected\"")).toList())
        .isNotEmpty()
        .allMatch(line -> line.contains("\"address\":\"" + PROXY + ":"));
  }

  @Test
  void peers_and_trackers_are_reached_by_socks_with_a_password() {
    create("http://tracker.test:6969/announce", "udp://tracker.test:6969");
    track();
    startMicrosocks();
    var seed = trackedSeed();

    var get = get(torrent, MICROSOCKS);

    assertFetched(get);
    assertOnlyTheProxyCame(seed);
    assertThat(get.lines()).anyMatch(line -> line.contains("\"proxied\":true"));
    get.awaitError(line -> line.contains("the proxy carries no UDP"), SECONDS);
  }

  @Test
  void peers_and_trackers_are_reached_by_http_connect() throws IOException {
    create("http://tracker.test:6969/announce", "udp://tracker.test:6969");
    track();
    startTinyproxy();
    var seed = trackedSeed();

    assertFetched(get(torrent, TINYPROXY));
    assertOnlyTheProxyCame(seed);
  }

  @Test
  void web_seeds_are_reached_through_it() {
    create();
    startMicrosocks();
    WebServer.start(lab, scratch, SERVER, 8080, complete, "");

    assertFetched(get(torrent, MICROSOCKS, "--web-seed", "http://server.test:8080/"));
  }

  @Test
  void relay_of_a_socks_proxy_carries_utp_and_udp_trackers() throws IOException {
    create("udp://tracker.test:6969");
    track();
    startDante();
    var seed = trackedSeed();

    var get = get(torrent, DANTE, "--no-tcp", "--no-dht");

    assertFetched(get);
    assertOnlyTheProxyCame(seed);
    assertThat(get.lines())
        .anyMatch(line -> line.contains("\"transport\":\"utp\""))
        .anyMatch(line -> line.contains("\"tracker\"") && !line.contains("\"error\""));
  }

  @Test
  void relay_carries_the_dht_joined_by_a_name_that_the_proxy_resolves() throws IOException {
    create();
    startDante();
    var node = Lab.address(2);
    var others = Files.createDirectory(scratch.resolve("others"));
    var another = create(Payloads.file(others, "another.bin", 100_000), "another", List.of());
    clients.spateSeed(node, another, others, "--dht-router", SEED + ":" + Clients.PORT);
    var seed = seed("--dht-router", node + ":" + Clients.PORT);

    var get = get("magnet:?xt=urn:btih:" + Clients.infoHash(torrent), DANTE);

    // Either finds the other: the seed comes in through the relay.
    assertFetched(get);
    assertThat(get.lines()).anyMatch(line -> line.contains("\"proxied\":true"));
    assertThat(seed.lines())
        .anyMatch(line -> line.contains("\"connected\"") && line.contains(PROXY + ":"));
  }

  @Test
  void magnet_links_are_shown_through_it() throws IOException {
    create("http://tracker.test:6969/announce");
    track();
    startMicrosocks();
    trackedSeed();
    var link = "magnet:?xt=urn:btih:" + Clients.infoHash(torrent);

    var show =
        islander.spate(
            "show",
            link + "&tr=http%3A%2F%2Ftracker.test%3A6969%2Fannounce",
            "--proxy",
            MICROSOCKS,
            "--no-dht");

    assertThat(show.awaitExit(SECONDS)).as(show.tail()).isZero();
    assertThat(show.lines()).anyMatch(line -> line.contains("hidden.bin"));
    capture.assertNothingElse();
  }

  @Test
  void the_dht_is_asked_through_it() throws IOException {
    create();
    startDante();
    var node = Lab.address(2);
    var others = Files.createDirectory(scratch.resolve("others"));
    var another = create(Payloads.file(others, "another.bin", 100_000), "another", List.of());
    clients.spateSeed(node, another, others, "--dht-router", SEED + ":" + Clients.PORT);
    var seed = seed("--dht-router", node + ":" + Clients.PORT);

    var peers = List.<String>of();
    for (int i = 0; i < 20 && peers.isEmpty() && seed.isAlive(); i++) { // until it has announced
      var ask =
          islander.spate(
              "dht",
              "peers",
              Clients.infoHash(torrent),
              "--proxy",
              DANTE,
              "--dht-router",
              "node.test:" + Clients.PORT);
      ask.awaitExit(SECONDS);
      peers = ask.lines();
    }

    assertThat(peers).contains(SEED + ":" + Clients.PORT);
    capture.assertNothingElse();
  }

  @Test
  void the_dht_has_no_way_through_a_proxy_of_http() {
    var ask = islander.spate("dht", "peers", "00".repeat(20), "--proxy", TINYPROXY);
    assertThat(ask.awaitExit(SECONDS)).isEqualTo(2);
    assertThat(ask.tail()).contains("an HTTP proxy does not carry");
  }

  @Test
  void links_come_in_around_it_where_the_user_wants_that() {
    create();
    startMicrosocks();
    var arguments = List.of("seed", torrent, "-d", complete, "--port", Clients.PORT, "--json");
    var options = List.of("--proxy", MICROSOCKS, "--no-dht", "--proxy-listen");
    var seed = islander.spate(Stream.of(arguments, options).flatMap(List::stream).toArray());
    Clients.awaitSeeding(seed, SECONDS);

    var get =
        clients.spateGet(SEED, seeds, copy, "--no-seed", "--peer", "10.79.0.2:" + Clients.PORT);

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(complete, copy);
    assertThat(seed.lines())
        .anyMatch(line -> line.contains("\"connected\"") && line.contains("\"incoming\":true"));
  }

  @Test
  void when_it_is_down_nothing_is_sent_to_anybody_else() {
    create("http://tracker.test:6969/announce", "udp://" + TRACKER + ":6969");
    track();
    var seed = seed();

    var get = get(torrent, MICROSOCKS, "--peer", SEED + ":" + Clients.PORT);
    get.awaitLine(line -> line.contains("\"tracker\"") && line.contains("\"error\""), SECONDS);
    island.run("! ss -Htlnu | grep -v '^udp'"); // nothing listens for connections

    capture.assertNothingElse();
    assertThat(seed.lines()).noneMatch(line -> line.contains("\"connected\""));
  }
}

package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.metainfo.MetainfoParser;

/** Our DHT among twenty nodes of libtorrent: each finds what the other has put there. */
@Tag("interop")
class DhtTest {
  private static final int SECONDS = 90;
  private static final String SEED = Lab.address(1);
  private static final String LEECH = Lab.address(2);
  private static final int FIRST_NODE = 4;
  private static final int LAST_NODE = 9;
  private static final String ROUTER = Lab.address(FIRST_NODE) + ":7000";

  @TempDir Path scratch;
  private Lab lab;
  private Clients clients;
  private Path complete;
  private Path copy;
  private Path orders;
  private Running nodes;

  @BeforeEach
  void open() throws IOException {
    lab = Lab.open();
    clients = new Clients(lab, scratch);
    complete = Files.createDirectory(scratch.resolve("complete"));
    copy = Files.createDirectory(scratch.resolve("copy"));
    orders = Files.createFile(scratch.resolve("orders"));
    var command =
        new ArrayList<>(
            List.of(
                Clients.PYTHON,
                clients.resource("libtorrent_dht.py").toString(),
                orders.toString()));
    for (int i = FIRST_NODE; i <= LAST_NODE; i++) {
      command.add(Lab.address(i));
    }
    nodes = lab.start(scratch, command);
    nodes.awaitLine("READY"::equals, SECONDS);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void order(String line) {
    try {
      Files.writeString(orders, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Running dht(String what, String argument, Object... more) {
    var arguments =
        new ArrayList<Object>(
            List.of("dht", what, argument, "--bind", LEECH, "--dht-router", ROUTER));
    arguments.addAll(List.of(more));
    return clients.spate(arguments.toArray());
  }

  @Test
  void items_go_in_both_directions() {
    var put = dht("put", "from us");
    assertThat(put.awaitExit(SECONDS)).as(put.tail()).isZero();
    order("get " + put.lines().getFirst());
    assertThat(nodes.awaitLine(line -> line.startsWith("ITEM"), SECONDS)).isEqualTo("ITEM from us");

    order("put from them");
    var target = nodes.awaitLine(line -> line.startsWith("PUT"), SECONDS).substring(4, 44);
    var get = dht("get", target);
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    assertThat(get.lines()).containsExactly("from them");
  }

  @Test
  void a_signed_item_is_replaced_and_the_newest_is_found() {
    var key = scratch.resolve("key").toString();
    var first = dht("put", "one", "--key", key, "--json");
    assertThat(first.awaitExit(SECONDS)).as(first.tail()).isZero();
    var second = dht("put", "two", "--key", key, "--json");
    assertThat(second.awaitExit(SECONDS)).as(second.tail()).isZero();
    assertThat(second.lines().getFirst()).contains("\"seq\":2");
    var publicKey =
        second.lines().getFirst().replaceAll(".*\"public_key\":\"([0-9a-f]+)\".*", "$1");
    var get = dht("get", publicKey);
    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    assertThat(get.lines()).containsExactly("two");
  }

  @Test
  void peers_go_in_both_directions() {
    var theirs = create(Payloads.file(complete, "theirs", 100_000));
    order("add " + theirs + " " + complete);
    nodes.awaitLine("DONE"::equals, SECONDS);
    awaitPeers(hash(theirs), ":7003");

    var torrent = create(Payloads.file(complete, "ours", 100_000));
    var seed = clients.spateSeed(SEED, torrent, complete, "--dht-router", ROUTER);
    Clients.awaitSeeding(seed, SECONDS);
    var hash = hash(torrent);
    awaitPeers(hash, SEED + ":" + Clients.PORT);
    order("peers " + hash);
    nodes.awaitLine(line -> line.startsWith("PEERS " + SEED + ":" + Clients.PORT), SECONDS);
    var sample = dht("sample", hash);
    assertThat(sample.awaitExit(SECONDS)).as(sample.tail()).isZero();
    assertThat(sample.lines()).contains(hash);
  }

  /** An announce takes a moment to get through: asks until it has. */
  private void awaitPeers(String hash, String peer) {
    Running peers = null;
    for (int i = 0; i < 20; i++) {
      peers = dht("peers", hash);
      peers.awaitExit(SECONDS);
      if (peers.lines().stream().anyMatch(line -> line.endsWith(peer))) {
        return;
      }
    }
    throw new AssertionError("nobody finds " + peer + peers.tail());
  }

  @Test
  void we_download_from_a_seed_that_only_the_dht_knows() {
    var payload = Payloads.file(complete, "theirs", 3_000_000);
    var torrent = create(payload);
    order("add " + torrent + " " + complete);
    nodes.awaitLine("DONE"::equals, SECONDS);

    var get = clients.spateGet(LEECH, torrent, copy, "--no-seed", "--dht-router", ROUTER);

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(payload, copy.resolve("theirs"));
  }

  @Test
  void they_download_from_us_and_only_the_dht_knows_where_we_are() {
    var payload = Payloads.file(complete, "ours", 3_000_000);
    var torrent = create(payload);
    var seed = clients.spateSeed(SEED, torrent, complete, "--dht-router", ROUTER);
    Clients.awaitSeeding(seed, SECONDS);
    awaitPeers(hash(torrent), SEED + ":" + Clients.PORT);

    order("add " + torrent + " " + copy);

    nodes.awaitLine("DONE"::equals, SECONDS);
    Payloads.assertSame(payload, copy.resolve("ours"));
  }

  @Test
  void a_magnet_link_without_a_tracker_is_fetched() {
    var payload = Payloads.file(complete, "theirs", 3_000_000);
    var torrent = create(payload);
    order("add " + torrent + " " + complete);
    nodes.awaitLine("DONE"::equals, SECONDS);
    var link = "magnet:?xt=urn:btih:" + hash(torrent);

    var get = clients.spateGet(LEECH, link, copy, "--no-seed", "--dht-router", ROUTER);

    assertThat(get.awaitExit(SECONDS)).as(get.tail()).isZero();
    Payloads.assertSame(payload, copy.resolve("theirs"));
  }

  private Path create(Path payload) {
    var torrent = scratch.resolve(payload.getFileName() + ".torrent");
    var create = clients.spate("create", payload, "-o", torrent);
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
    return torrent;
  }

  private static String hash(Path torrent) {
    try {
      var swarms = MetainfoParser.parse(Files.readAllBytes(torrent)).infoHash().swarms();
      return swarms.getFirst().toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

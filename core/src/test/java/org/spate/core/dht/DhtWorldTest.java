package org.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * The DHT of a thousand of our nodes in virtual time: what one announces all others find, though
 * nodes come and go, and though many of them lie. More of the same: {@code -Dspate.dht.lookups=}.
 */
class DhtWorldTest {
  private static final int NODES = 1_000;
  private static final int LOOKUPS = Integer.getInteger("spate.dht.lookups", 300);
  private static final int TORRENTS = 50;
  private static final int ROUTERS = 3;
  private static final double LOSS = 0.01;
  private static final long REPLACED_AFTER_NANOS = 10 * DhtWorld.MINUTE_NANOS;

  private final List<Endpoint> routers = new ArrayList<>();
  private final List<Hash160> infoHashes = new ArrayList<>();
  private final Set<DhtWorld.Host> staying = new HashSet<>();
  private int found;
  private int ended;

  /** Everybody joins within five minutes, and has five more to settle down. */
  private DhtWorld world(long seed) {
    var world = new DhtWorld(seed, LOSS);
    for (int i = 0; i < NODES; i++) {
      world.at(
          i * (5 * DhtWorld.MINUTE_NANOS / NODES),
          () -> {
            var host = world.join(routers);
            if (routers.size() < ROUTERS) {
              routers.add(host.endpoint);
              staying.add(host);
            }
          });
    }
    world.run(10 * DhtWorld.MINUTE_NANOS);
    return world;
  }

  /** Some hosts announce a torrent each, and stay. */
  private void announceTorrents(DhtWorld world) {
    for (int i = 0; i < TORRENTS; i++) {
      var host = anyHonest(world);
      var infoHash = NodeIds.random(world.random);
      infoHashes.add(infoHash);
      staying.add(host);
      host.accept(new DhtInput.Announce(infoHash, 6_881 + i, true));
    }
  }

  private static DhtWorld.Host anyHonest(DhtWorld world) {
    var host = world.anyHost();
    while (host.malice != null) {
      host = world.anyHost();
    }
    return host;
  }

  /** Somebody looks for one of the torrents; it is found if its peer is. */
  private void lookUp(DhtWorld world) {
    int torrent = world.random.nextInt(TORRENTS);
    var host = anyHonest(world);
    if (!staying.add(host)) {
      lookUp(world); // announces, or looks for something already
      return;
    }
    long ticket = ended;
    boolean[] isFound = new boolean[1];
    host.listener =
        output -> {
          if (output instanceof DhtOutput.PeersAnswered answered) {
            isFound[0] |= answered.peers().stream().anyMatch(p -> p.port() == 6_881 + torrent);
          } else if (output instanceof DhtOutput.Ended) {
            found += isFound[0] ? 1 : 0;
            ended++;
            staying.remove(host);
            host.listener = _ -> {};
          }
        };
    host.accept(new DhtInput.GetPeers(ticket, infoHashes.get(torrent)));
  }

  private void lookUpOften(DhtWorld world) {
    long between = DhtWorld.SECOND_NANOS / 2;
    for (int i = 0; i < LOOKUPS; i++) {
      world.at(world.nowNanos + i * between, () -> lookUp(world));
    }
    world.run(LOOKUPS * between + 30 * DhtWorld.SECOND_NANOS);
  }

  @Test
  void lookups_succeed_while_a_third_of_the_nodes_is_replaced_every_ten_minutes() {
    var world = world(1);
    announceTorrents(world);
    world.run(DhtWorld.MINUTE_NANOS);
    replaceSomebody(world, REPLACED_AFTER_NANOS / (NODES * 3 / 10));
    world.run(REPLACED_AFTER_NANOS);
    lookUpOften(world);
    assertThat(ended).isEqualTo(LOOKUPS);
    assertThat(found).isGreaterThan(LOOKUPS * 999 / 1_000);
  }

  /** One leaves without a word and another one comes, again and again. */
  private void replaceSomebody(DhtWorld world, long everyNanos) {
    var leaving = world.anyHost();
    if (!staying.contains(leaving)) {
      leaving.leave();
      world.join(routers);
    }
    world.at(world.nowNanos + everyNanos, () -> replaceSomebody(world, everyNanos));
  }

  @Test
  void lookups_succeed_while_a_fifth_of_the_nodes_lies() {
    var world = world(2);
    var gang = new ArrayList<DhtWorld.Host>();
    while (gang.size() < NODES / 5) {
      var host = world.anyHost();
      if (host.malice == null && !staying.contains(host)) {
        gang.add(host);
        host.malice = new Liar(world, gang);
      }
    }
    world.run(5 * DhtWorld.MINUTE_NANOS);
    announceTorrents(world);
    world.run(DhtWorld.MINUTE_NANOS);
    lookUpOften(world);
    assertThat(ended).isEqualTo(LOOKUPS);
    assertThat(found).isGreaterThanOrEqualTo(LOOKUPS * 95 / 100);
  }
}

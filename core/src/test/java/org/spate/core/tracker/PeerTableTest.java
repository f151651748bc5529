package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;

/** The table against a plain map, through thousands of random steps. */
class PeerTableTest {
  private record Peer(int fingerprint, boolean isSeed, int tick) {}

  @Test
  void behaves_like_a_map_from_endpoints_to_peers() {
    for (int seed = 0; seed < 40; seed++) {
      var random = new SplittableRandom(seed);
      boolean v6 = random.nextBoolean();
      int spread = random.nextInt(2, seed % 4 == 0 ? 3_000 : 400);
      var table = new PeerTable(new PeerRows(v6, random.nextLong()), new Slab());
      table.open(new int[8], 4);
      var model = new HashMap<Endpoint, Peer>();
      for (int step = 0; step < 12_000; step++) {
        int address = random.nextInt(spread);
        var endpoint =
            v6
                ? new Endpoint(0x20010db8L << 32, address, 1 + address % 7)
                : Endpoint.v4(address, 1 + address % 7);
        int id = random.nextInt();
        // Grows in the first half and shrinks in the second.
        boolean add = random.nextInt(3) == 0 ^ step < 6_000;
        int row = table.find(endpoint.high(), endpoint.low(), endpoint.port());
        if (row < 0 && add) {
          var peer = new Peer(id, random.nextBoolean(), step & Ticks.MASK);
          table.add(endpoint.high(), endpoint.low(), endpoint.port(), id, peer.isSeed, peer.tick);
          model.put(endpoint, peer);
        } else if (row >= 0 && add) {
          table.rows.refresh(table.array(row), table.at(row), id, step);
          model.put(endpoint, new Peer(id, table.isSeed(row), step));
        } else if (row >= 0) {
          table.remove(row);
          model.remove(endpoint);
        }
        if (step % 400 == 0) {
          assertSame(table, model, "seed " + seed + " step " + step);
        }
      }
    }
  }

  private static void assertSame(PeerTable table, Map<Endpoint, Peer> model, String where) {
    assertThat(table.count()).as(where).isEqualTo(model.size());
    var seen = new HashMap<Endpoint, Peer>();
    for (int row = 0; row < table.count(); row++) {
      var array = table.array(row);
      int at = table.at(row);
      var rows = table.rows;
      var endpoint = new Endpoint(rows.high(array, at), rows.low(array, at), rows.port(array, at));
      assertThat(table.find(endpoint.high(), endpoint.low(), endpoint.port()))
          .as(where)
          .isEqualTo(row);
      assertThat(table.isSeed(row)).as(where).isEqualTo(row >= table.leecherCount());
      seen.put(
          endpoint, new Peer(rows.fingerprint(array, at), table.isSeed(row), rows.tick(array, at)));
    }
    assertThat(seen).as(where).isEqualTo(model);
  }
}

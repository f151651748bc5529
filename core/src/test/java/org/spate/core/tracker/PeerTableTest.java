package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/** The table against a plain map, through thousands of random steps. */
class PeerTableTest {
  private record Peer(PeerId id, boolean isSeed, int lastSeenSeconds) {}

  @Test
  void behaves_like_a_map_from_endpoints_to_peers() {
    for (int seed = 0; seed < 40; seed++) {
      var random = new SplittableRandom(seed);
      boolean v6 = random.nextBoolean();
      int spread = random.nextInt(2, 400);
      var table = new PeerTable(v6, random.nextInt());
      var model = new HashMap<Endpoint, Peer>();
      for (int step = 0; step < 3_000; step++) {
        int address = random.nextInt(spread);
        var endpoint =
            v6
                ? new Endpoint(0x20010db8L << 32, address, 1 + address % 7)
                : Endpoint.v4(address, 1 + address % 7);
        var id = new PeerId(new Hash160(random.nextLong(), random.nextLong(), random.nextInt()));
        // Grows in the first half and shrinks in the second.
        boolean add = random.nextInt(3) == 0 ^ step < 1_500;
        int row = table.find(endpoint);
        if (row < 0 && add) {
          var peer = new Peer(id, random.nextBoolean(), step);
          table.add(endpoint, id, peer.isSeed, step);
          model.put(endpoint, peer);
        } else if (row >= 0 && add) {
          table.refresh(row, id, step);
          model.put(endpoint, new Peer(id, table.isSeed(row), step));
        } else if (row >= 0) {
          table.remove(row);
          model.remove(endpoint);
        }
        if (step % 50 == 0) {
          assertSame(table, model, "seed " + seed + " step " + step);
        }
      }
    }
  }

  private static void assertSame(PeerTable table, Map<Endpoint, Peer> model, String where) {
    assertThat(table.count()).as(where).isEqualTo(model.size());
    var seen = new HashMap<Endpoint, Peer>();
    for (int row = 0; row < table.count(); row++) {
      var endpoint = table.endpoint(row);
      assertThat(table.find(endpoint)).as(where).isEqualTo(row);
      assertThat(table.isSeed(row)).as(where).isEqualTo(row >= table.leecherCount());
      seen.put(
          endpoint, new Peer(table.peerId(row), table.isSeed(row), table.lastSeenSeconds(row)));
      assertThat(table.hasPeerId(row, table.peerId(row))).isTrue();
    }
    assertThat(seen).as(where).isEqualTo(model);
  }
}

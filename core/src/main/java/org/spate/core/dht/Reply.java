package org.spate.core.dht;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * The return values of a KRPC response. Which of them are there depends on the query, which only
 * its sender remembers.
 *
 * @param nodes of both families
 * @param peers what BEP 5 calls the values
 */
record Reply(
    List<NodeInfo> nodes,
    List<Endpoint> peers,
    byte @Nullable [] token,
    @Nullable Scrape scrape,
    @Nullable Value value,
    @Nullable Samples samples) {

  static final Reply EMPTY = new Reply(List.of(), List.of(), null, null, null, null);

  /** Two filters of one swarm (BEP 33). */
  record Scrape(BloomFilter seeds, BloomFilter peers) {}

  /**
   * What a node holds of an item (BEP 44), unverified.
   *
   * @param bencoded the value, or null if the asker knows it already
   * @param seq of a mutable item
   */
  record Value(
      byte @Nullable [] bencoded,
      byte @Nullable [] publicKey,
      byte @Nullable [] signature,
      @Nullable Long seq) {}

  /**
   * Some of the info-hashes that a node holds peers of (BEP 51).
   *
   * @param intervalSeconds when it is worth asking again: 0 to 21,600
   * @param count how many it holds
   */
  record Samples(List<Hash160> infoHashes, int intervalSeconds, int count) {}

  Reply withNodes(List<NodeInfo> all) {
    return new Reply(all, peers, token, scrape, value, samples);
  }

  Reply withPeers(List<Endpoint> some) {
    return new Reply(nodes, some, token, scrape, value, samples);
  }
}

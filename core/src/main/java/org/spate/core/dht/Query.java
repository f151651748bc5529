package org.spate.core.dht;

import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/** What one node asks of another: the method of a KRPC query and its arguments (BEP 5). */
sealed interface Query {

  record Ping() implements Query {}

  record FindNode(Hash160 target, Want want) implements Query {}

  /**
   * @param noSeed whether seeds are of no use to who asks (BEP 33)
   * @param scrape whether the swarm is to be counted (BEP 33)
   */
  record GetPeers(Hash160 infoHash, Want want, boolean noSeed, boolean scrape) implements Query {}

  /**
   * @param port where the peer listens; 0 if it is the port that the query comes from
   * @param seed whether the peer has everything (BEP 33)
   */
  record AnnouncePeer(Hash160 infoHash, int port, boolean seed, byte[] token) implements Query {}

  /**
   * BEP 44's {@code get}.
   *
   * @param seq the item is wanted only if its number is greater
   */
  record GetItem(Hash160 target, Want want, @Nullable Long seq) implements Query {}

  /**
   * BEP 44's {@code put}.
   *
   * @param cas the number that the item must have so far
   */
  record PutItem(Item item, byte[] token, @Nullable Long cas) implements Query {}

  /** BEP 51. */
  record SampleInfohashes(Hash160 target, Want want) implements Query {}
}

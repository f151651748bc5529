package org.spate.core.dht;

import java.util.List;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** What a {@link Dht} wants done, or has to tell. */
public sealed interface DhtOutput {

  record SendDatagram(int socket, Endpoint to, byte[] datagram) implements DhtOutput {}

  /** Peers of a torrent that is being announced. */
  record PeersFound(Hash160 infoHash, List<Endpoint> peers) implements DhtOutput {}

  /**
   * A torrent has been announced in one family.
   *
   * @param nodeCount the nodes that took it
   */
  record Announced(Hash160 infoHash, int nodeCount) implements DhtOutput {}

  /** More peers for a {@code GetPeers}; none twice. */
  record PeersAnswered(long ticket, List<Endpoint> peers) implements DhtOutput {}

  /** A genuine item for a {@code GetItem}. */
  record ItemFound(long ticket, Item item) implements DhtOutput {}

  /**
   * What one node holds (BEP 51).
   *
   * @param intervalSeconds when it is worth asking this node again
   * @param count how many info-hashes it holds
   */
  record Sampled(
      long ticket, NodeInfo from, List<Hash160> infoHashes, int intervalSeconds, int count)
      implements DhtOutput {}

  /**
   * A search is over.
   *
   * @param asked nodes that were asked
   * @param answered of the closest, those that answered for the target
   * @param stored nodes that took what was to be stored
   * @param refusal the error that most stores failed with (BEP 44), or 0
   * @param seeds about how many seeds the swarm has, by BEP 33; 0 where nobody counts
   * @param peers the same for other peers
   */
  record Ended(
      long ticket, int asked, int answered, int stored, int refusal, double seeds, double peers)
      implements DhtOutput {}

  /** The address, port 0, that most nodes see us under. */
  record ExternalAddressFound(int socket, Endpoint address) implements DhtOutput {}
}

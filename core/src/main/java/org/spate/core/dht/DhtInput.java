package org.spate.core.dht;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** What can happen to a {@link Dht}. Sockets are numbered by the host. */
public sealed interface DhtInput {

  /**
   * There is a socket to use. Each address that a host has for the DHT is one of these, and a node
   * of its own (BEP 45); an unbound socket of both families is two.
   */
  record SocketOpened(int socket, boolean v6) implements DhtInput {}

  record SocketClosed(int socket) implements DhtInput {}

  /** A datagram came in that begins with {@code d}; who sent it says the socket's family. */
  record DatagramReceived(int socket, Endpoint from, byte[] datagram) implements DhtInput {}

  /** Nodes that are there for newcomers. */
  record RoutersFound(List<Endpoint> routers) implements DhtInput {}

  /** Nodes that somebody told us of: {@code port} messages, the {@code nodes} of torrents. */
  record NodesFound(List<Endpoint> nodes) implements DhtInput {}

  /**
   * Announces a peer, and looks for others, again and again until {@link Withdraw}; or changes what
   * is announced.
   *
   * @param port where the peer listens; 0 if at the port that our datagrams come from
   * @param isSeed whether it has everything (BEP 33)
   */
  record Announce(Hash160 infoHash, int port, boolean isSeed) implements DhtInput {}

  record Withdraw(Hash160 infoHash) implements DhtInput {}

  /** An announced torrent could use more peers before its next turn. */
  record WantPeers(Hash160 infoHash) implements DhtInput {}

  /**
   * Looks for peers once; answered by {@code PeersAnswered} and, last, {@code Ended}.
   *
   * @param ticket names the answers
   */
  record GetPeers(long ticket, Hash160 infoHash) implements DhtInput {}

  /**
   * Counts a swarm (BEP 33); answered by {@code Ended}. Many nodes that count name no peers, so it
   * is a question of its own.
   */
  record Scrape(long ticket, Hash160 infoHash) implements DhtInput {}

  /**
   * Looks for an item once; answered by {@code ItemFound}, each better than the last, and {@code
   * Ended}.
   *
   * @param salt of a mutable item
   */
  record GetItem(long ticket, Hash160 target, byte[] salt) implements DhtInput {}

  /**
   * Stores an item at the nodes closest to its target; answered by {@code Ended}.
   *
   * @param cas the number that a mutable item must have so far, or null
   */
  record PutItem(long ticket, Item item, @Nullable Long cas) implements DhtInput {}

  /**
   * Asks nodes on the way to a target for info-hashes that they hold (BEP 51); answered by {@code
   * Sampled} and {@code Ended}.
   */
  record SampleInfohashes(long ticket, Hash160 target) implements DhtInput {}
}

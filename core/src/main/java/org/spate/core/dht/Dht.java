package org.spate.core.dht;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;

/**
 * The distributed hash table as one host takes part in it: a node for each of its addresses (BEP
 * 45), in the DHT of IPv4, of IPv6, or both (BEP 32). Routes inputs to the nodes and searches
 * concerned and collects their outputs.
 */
public final class Dht implements Machine<DhtInput, DhtOutput> {
  /** More sockets than these are not used. */
  public static final int SOCKETS_MAX = 16;

  /** More searches at a time end at once, with nothing. */
  public static final int SEARCHES_MAX = 1_000;

  private static final int FOREIGN_PINGS_MAX = 4;

  private final DhtSettings settings;
  private final RandomGenerator random;
  private final List<DhtState.SavedNode> saved;
  private final Map<Integer, Part> parts = new LinkedHashMap<>();
  private final Map<Hash160, PeerLookup.Announcement> announced = new LinkedHashMap<>();
  private final List<Endpoint> routers = new ArrayList<>();
  private final List<Search> searches = new ArrayList<>();
  private final Queue<DhtOutput> outputs = new ArrayDeque<>();
  private long deadlineNanos = NEVER;

  /** One node and what it announces. */
  private record Part(DhtNode node, AnnouncedTorrents torrents) {}

  /**
   * @param saved what an earlier run left, or {@link DhtState#EMPTY}
   * @param random must be unpredictable on a real network: tokens and transaction ids are all that
   *     tells friend from stranger
   */
  public Dht(DhtSettings settings, DhtState saved, RandomGenerator random) {
    this.settings = settings;
    this.saved = new ArrayList<>(saved.nodes());
    this.random = random;
  }

  @Override
  public void accept(DhtInput input, long nowNanos) {
    switch (input) {
      case DhtInput.SocketOpened(int socket, boolean v6) -> open(socket, v6, nowNanos);
      case DhtInput.SocketClosed(int socket) -> parts.remove(socket);
      case DhtInput.DatagramReceived(int socket, Endpoint from, byte[] datagram) -> {
        var part = parts.get(socket);
        if (part != null && part.node().isV6() != from.isV4()) {
          part.node().received(from, datagram, nowNanos);
        }
      }
      case DhtInput.RoutersFound(List<Endpoint> found) -> addRouters(found, nowNanos);
      case DhtInput.NodesFound(List<Endpoint> nodes) -> ping(nodes, nowNanos);
      case DhtInput.Announce(Hash160 infoHash, int port, boolean isSeed) -> {
        var announcement = new PeerLookup.Announcement(port, isSeed);
        announced.put(infoHash, announcement);
        parts.values().forEach(p -> p.torrents().announce(infoHash, announcement, nowNanos));
      }
      case DhtInput.Withdraw(Hash160 infoHash) -> {
        announced.remove(infoHash);
        parts.values().forEach(part -> part.torrents().withdraw(infoHash));
      }
      case DhtInput.WantPeers(Hash160 infoHash) ->
          parts.values().forEach(part -> part.torrents().wantPeers(infoHash, nowNanos));
      case DhtInput.GetPeers(long ticket, Hash160 infoHash) ->
          search(ticket, infoHash, Search.peers(ticket, infoHash, outputs::add), nowNanos);
      case DhtInput.Scrape(long ticket, Hash160 infoHash) ->
          search(ticket, infoHash, Search.scrape(infoHash), nowNanos);
      case DhtInput.GetItem(long ticket, Hash160 target, byte[] salt) ->
          search(ticket, target, Search.item(ticket, target, salt, outputs::add), nowNanos);
      case DhtInput.PutItem(long ticket, Item item, Long cas) ->
          search(ticket, item.target(), Search.put(new ItemLookup.Put(item, cas)), nowNanos);
      case DhtInput.SampleInfohashes(long ticket, Hash160 target) ->
          search(ticket, target, Search.samples(ticket, target, outputs::add), nowNanos);
    }
    settle(nowNanos);
  }

  private void open(int socket, boolean v6, long nowNanos) {
    if (parts.size() >= SOCKETS_MAX || parts.containsKey(socket)) {
      return;
    }
    var before = takeSaved(v6);
    var id = before == null ? null : before.id();
    var node = new DhtNode(socket, v6, settings, id, random, new Surroundings(v6), nowNanos);
    node.upkeep().addRouters(routers, nowNanos);
    if (before != null) {
      node.upkeep().addSaved(before.contacts(), nowNanos);
    }
    var torrents = new AnnouncedTorrents(node, random, new Findings());
    announced.forEach((infoHash, ours) -> torrents.announce(infoHash, ours, nowNanos));
    parts.put(socket, new Part(node, torrents));
  }

  private DhtState.@Nullable SavedNode takeSaved(boolean v6) {
    for (var node : saved) {
      if (node.v6() == v6) {
        saved.remove(node);
        return node;
      }
    }
    return null;
  }

  private void addRouters(List<Endpoint> found, long nowNanos) {
    for (var router : found) {
      if (routers.size() < Upkeep.ROUTERS_MAX && !routers.contains(router)) {
        routers.add(router);
      }
    }
    parts.values().forEach(part -> part.node().upkeep().addRouters(found, nowNanos));
  }

  private void ping(List<Endpoint> nodes, long nowNanos) {
    for (var endpoint : nodes) {
      for (var part : parts.values()) {
        part.node().upkeep().ping(endpoint, null, nowNanos);
      }
    }
  }

  private void search(long ticket, Hash160 target, Search.Part part, long nowNanos) {
    if (searches.size() >= SEARCHES_MAX) {
      outputs.add(new DhtOutput.Ended(ticket, 0, 0, 0, 0, 0, 0));
    } else {
      searches.add(new Search(ticket, target, part, outputs::add, nowNanos));
    }
  }

  @Override
  public void advance(long nowNanos) {
    for (var part : parts.values()) {
      if (part.node().deadlineNanos() - nowNanos <= 0) {
        part.node().advance(nowNanos);
      }
    }
    settle(nowNanos);
  }

  /** Begins what can begin now, and finds out when to look again. */
  private void settle(long nowNanos) {
    deadlineNanos = NEVER;
    var nodes = parts.values().stream().map(Part::node).toList();
    for (var search : searches) {
      search.advance(nodes, nowNanos);
    }
    searches.removeIf(Search::isOver);
    for (var search : searches) {
      if (search.deadlineNanos() - nowNanos > 0) {
        deadlineNanos = Math.min(deadlineNanos, search.deadlineNanos());
      }
    }
    for (var part : parts.values()) {
      part.torrents().advance(nowNanos);
      long due = part.torrents().deadlineNanos(nowNanos);
      deadlineNanos = Math.min(deadlineNanos, Math.min(due, part.node().deadlineNanos()));
    }
  }

  @Override
  public @Nullable DhtOutput poll() {
    return outputs.poll();
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** What surrounds a node: its socket, and the nodes of the other family. */
  private final class Surroundings implements DhtNode.Outside {
    private final boolean v6;

    Surroundings(boolean v6) {
      this.v6 = v6;
    }

    @Override
    public void send(int socket, Endpoint to, byte[] datagram) {
      outputs.add(new DhtOutput.SendDatagram(socket, to, datagram));
    }

    @Override
    public List<NodeInfo> closest(Hash160 target, int countMax) {
      for (var part : parts.values()) {
        if (part.node().isV6() != v6) {
          return part.node().table().closest(target, countMax);
        }
      }
      return List.of();
    }

    @Override
    public void onForeignNodes(List<NodeInfo> nodes, long nowNanos) {
      for (var part : parts.values()) {
        if (part.node().isV6() != v6) {
          nodes.stream()
              .filter(part.node().table()::wants)
              .limit(FOREIGN_PINGS_MAX)
              .forEach(n -> part.node().upkeep().ping(n.endpoint(), n.id(), nowNanos));
        }
      }
    }

    @Override
    public void onPeerStored(Hash160 infoHash, Endpoint peer) {
      if (announced.containsKey(infoHash)) {
        outputs.add(new DhtOutput.PeersFound(infoHash, List.of(peer)));
      }
    }

    @Override
    public void onExternalAddress(int socket, Endpoint address) {
      outputs.add(new DhtOutput.ExternalAddressFound(socket, address));
    }
  }

  /** Passes on what announced torrents find. */
  private final class Findings implements AnnouncedTorrents.Listener {
    @Override
    public void onPeers(Hash160 infoHash, List<Endpoint> peers) {
      outputs.add(new DhtOutput.PeersFound(infoHash, peers));
    }

    @Override
    public void onAnnounced(Hash160 infoHash, int nodeCount) {
      outputs.add(new DhtOutput.Announced(infoHash, nodeCount));
    }
  }

  /** What to begin with next time. */
  public DhtState state() {
    var nodes = new ArrayList<DhtState.SavedNode>(saved);
    for (var part : parts.values()) {
      var node = part.node();
      var contacts = node.table().contacts().reversed().stream().map(c -> c.node).toList();
      nodes.add(new DhtState.SavedNode(node.isV6(), node.id(), contacts));
    }
    return new DhtState(nodes);
  }

  public DhtStatus status(long nowNanos) {
    return new DhtStatus(
        parts.values().stream().map(part -> status(part.node(), nowNanos)).toList());
  }

  private static DhtStatus.NodeStatus status(DhtNode node, long nowNanos) {
    var peers = node.responder().peers();
    return new DhtStatus.NodeStatus(
        node.isV6(),
        node.id(),
        node.table().count(),
        node.upkeep().isReady(),
        node.upkeep().isReadOnly(nowNanos),
        node.externalAddress(),
        peers.infoHashCount(),
        peers.peerCount(),
        node.responder().items().count());
  }

  DhtNode node(int socket) {
    var part = parts.get(socket);
    if (part == null) {
      throw new IllegalArgumentException("no socket " + socket);
    }
    return part.node();
  }
}

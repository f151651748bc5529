package org.spate.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.metainfo.InfoHash;
import org.spate.engine.dht.DhtService;
import org.spate.engine.net.Loop;

/**
 * What one torrent has to do with the DHT: nothing if it is private (BEP 27), or if the session
 * does without. On the torrent's loop.
 */
final class DhtPresence {
  private final @Nullable DhtService service;
  private final Loop loop;
  private final Reachability reach;
  private final BooleanSupplier isPrivate;
  private final Consumer<List<Endpoint>> onPeers;
  private final List<String> nodes;
  private final List<Hash160> announced = new ArrayList<>();

  /**
   * @param nodes {@code host:port} of nodes that the torrent names
   */
  DhtPresence(
      Services services,
      Loop loop,
      List<String> nodes,
      BooleanSupplier isPrivate,
      Consumer<List<Endpoint>> onPeers) {
    this.service = services.dht();
    this.loop = loop;
    this.nodes = nodes;
    this.reach = services.reach();
    this.isPrivate = isPrivate;
    this.onPeers = onPeers;
  }

  private @Nullable DhtService allowed() {
    return isPrivate.getAsBoolean() ? null : service;
  }

  /** The UDP port to tell peers of (BEP 5); 0 if they are not told of any. */
  int port() {
    var dht = allowed();
    return dht == null ? 0 : dht.port();
  }

  /** A peer has told where its node is. */
  void nodeFound(Endpoint node) {
    var dht = allowed();
    if (dht != null && node.port() != 0) {
      dht.nodesFound(List.of(node));
    }
  }

  /** Announces all hashes, or announces them anew; a torrent that turned private is withdrawn. */
  void announce(InfoHash infoHash, boolean isSeed) {
    var dht = allowed();
    if (dht == null) {
      withdraw();
      return;
    }
    if (announced.isEmpty() && !nodes.isEmpty()) {
      dht.namesFound(nodes);
    }
    for (var hash : infoHash.swarms()) {
      if (!announced.contains(hash)) {
        announced.add(hash);
      }
      dht.announce(hash, reach.port(), isSeed, peers -> loop.execute(() -> onFound(hash, peers)));
    }
  }

  private void onFound(Hash160 hash, List<Endpoint> peers) {
    if (announced.contains(hash) && allowed() != null) {
      onPeers.accept(peers);
    }
  }

  void wantPeers() {
    if (service != null) {
      announced.forEach(service::wantPeers);
    }
  }

  void withdraw() {
    if (service != null) {
      announced.forEach(service::withdraw);
    }
    announced.clear();
  }
}

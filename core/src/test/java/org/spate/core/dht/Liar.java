package org.spate.core.dht;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * A node that wants to catch every search (Sybil answers, threat 37): asked about a target it names
 * eight nodes that seem to be next to it and are not, or are liars themselves; what it is to store
 * it throws away, and peers it makes up. Its own id is as good as anybody's.
 */
final class Liar implements DhtWorld.Malice {
  private static final int TRIES = 40;

  private final DhtWorld world;
  private final RandomGenerator random;
  private final List<DhtWorld.Host> gang;
  int asked;

  Liar(DhtWorld world, List<DhtWorld.Host> gang) {
    this.world = world;
    this.random = world.random.split();
    this.gang = gang;
  }

  @Override
  public boolean received(DhtWorld.Host self, Endpoint from, byte[] datagram) {
    if (!(KrpcReader.read(datagram) instanceof Krpc.Asked query)) {
      return false; // it does take part as a client
    }
    asked++;
    var id = self.node().id();
    var reply =
        switch (query.query()) {
          case Query.FindNode(Hash160 target, _) -> lie(target, List.of());
          case Query.GetPeers ask -> lie(ask.infoHash(), List.of(world.internet()));
          case Query.GetItem ask -> lie(ask.target(), List.of());
          case Query.SampleInfohashes ask -> lie(ask.target(), List.of());
          case Query.Ping _, Query.AnnouncePeer _, Query.PutItem _ -> Reply.EMPTY;
        };
    var answer = new Krpc.Answered(query.transactionId(), id, reply, world.internet());
    world.send(self.endpoint, from, KrpcWriter.write(answer));
    return true;
  }

  private Reply lie(Hash160 target, List<Endpoint> peers) {
    var nodes = new ArrayList<NodeInfo>();
    for (int i = 0; i < Bucket.SIZE; i++) {
      nodes.add(
          switch (random.nextInt(3)) {
            case 0 -> new NodeInfo(NodeIds.sharing(target, 40, random), world.internet());
            case 1 -> wellPlaced(target);
            default -> fellow(target);
          });
    }
    return new Reply(nodes, peers, new byte[] {1, 2, 3, 4}, null, null, null);
  }

  /** A host that does not exist, of an address that may have an id near the target (BEP 42). */
  private NodeInfo wellPlaced(Hash160 target) {
    NodeInfo best = null;
    for (int i = 0; i < TRIES; i++) {
      var address = world.internet();
      var node = new NodeInfo(NodeIds.boundTo(address, random), address);
      if (best == null || NodeIds.compareDistance(target, node.id(), best.id()) < 0) {
        best = node;
      }
    }
    return best;
  }

  private NodeInfo fellow(Hash160 target) {
    DhtWorld.Host best = null;
    for (int i = 0; i < TRIES / 2; i++) {
      var host = gang.get(random.nextInt(gang.size()));
      if (best == null || NodeIds.compareDistance(target, host.node().id(), best.node().id()) < 0) {
        best = host;
      }
    }
    return new NodeInfo(best.node().id(), best.endpoint);
  }
}

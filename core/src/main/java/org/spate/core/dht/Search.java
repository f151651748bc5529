package org.spate.core.dht;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * Something that is looked for once, in the DHT of each family. A node that has not joined yet is
 * waited for, though not for ever.
 */
final class Search {
  /** How long all nodes may take to join, and the last of them after the first is at work. */
  static final long PATIENCE_NANOS = 20 * 1_000_000_000L;

  static final long SECOND_PATIENCE_NANOS = 4 * 1_000_000_000L;

  /** Makes the lookup of one node; it has to report its end. */
  interface Part {
    Lookup.Purpose at(DhtNode node, Findings findings, LongConsumer whenDone);
  }

  private final long ticket;
  private final Hash160 target;
  private final Part part;
  private final long startedNanos;
  private final Consumer<DhtOutput> out;
  private final Findings findings = new Findings();
  private final Set<Boolean> familiesStarted = new HashSet<>();
  private int running;
  private boolean isOver;

  Search(long ticket, Hash160 target, Part part, Consumer<DhtOutput> out, long nowNanos) {
    this.ticket = ticket;
    this.target = target;
    this.part = part;
    this.out = out;
    this.startedNanos = nowNanos;
  }

  /** Begins at the nodes that are ready; one of each family will do (BEP 45). */
  void advance(List<DhtNode> nodes, long nowNanos) {
    boolean isHopeful = false;
    for (var node : nodes) {
      if (familiesStarted.contains(node.isV6())) {
        continue;
      }
      if (!node.upkeep().isReady()) {
        isHopeful |= node.upkeep().isHopeful();
      } else {
        var purpose = part.at(node, findings, this::onDone);
        running++;
        if (node.look(target, purpose, nowNanos)) {
          familiesStarted.add(node.isV6());
        } else {
          running--;
          isHopeful = true;
        }
      }
    }
    // At the very beginning nobody may have told yet whom to join by.
    boolean isWorthWhile = isHopeful || familiesStarted.isEmpty();
    boolean isWaiting = isWorthWhile && deadlineNanos() - nowNanos > 0;
    if (running == 0 && !isWaiting && !isOver) {
      end();
    }
  }

  private void onDone(long nowNanos) {
    running--; // whether anything is left to wait for is seen at the next advance
  }

  private void end() {
    isOver = true;
    out.accept(
        new DhtOutput.Ended(
            ticket,
            findings.asked,
            findings.answered,
            findings.stored,
            findings.refusal,
            findings.seeds.estimate(),
            findings.peers.estimate()));
  }

  boolean isOver() {
    return isOver;
  }

  /** Until when nodes that have not joined are waited for. */
  long deadlineNanos() {
    return startedNanos + (familiesStarted.isEmpty() ? PATIENCE_NANOS : SECOND_PATIENCE_NANOS);
  }

  // The kinds

  static Part peers(long ticket, Hash160 infoHash, Consumer<DhtOutput> out) {
    Consumer<List<Endpoint>> onPeers =
        peers -> out.accept(new DhtOutput.PeersAnswered(ticket, peers));
    return (node, findings, whenDone) -> {
      PeerLookup.tellOwn(node, infoHash, onPeers);
      return new PeerLookup(infoHash, null, false, node, findings, onPeers, whenDone);
    };
  }

  static Part scrape(Hash160 infoHash) {
    return (node, findings, whenDone) ->
        new PeerLookup(infoHash, null, true, node, findings, _ -> {}, whenDone);
  }

  static Part item(long ticket, Hash160 target, byte[] salt, Consumer<DhtOutput> out) {
    var best = new BestItem(item -> out.accept(new DhtOutput.ItemFound(ticket, item)));
    return (node, findings, whenDone) -> {
      var own = node.responder().items().find(target);
      if (own != null) {
        best.accept(own);
      }
      return new ItemLookup(target, salt, null, node, findings, best, whenDone);
    };
  }

  static Part put(ItemLookup.Put put) {
    byte[] salt = put.item() instanceof Item.Mutable mutable ? mutable.salt() : new byte[0];
    var target = put.item().target();
    return (node, findings, whenDone) ->
        new ItemLookup(target, salt, put, node, findings, _ -> {}, whenDone);
  }

  static Part samples(long ticket, Hash160 target, Consumer<DhtOutput> out) {
    return (node, findings, whenDone) -> new SampleLookup(ticket, target, findings, out, whenDone);
  }

  /** Passes on the first item, and then only newer ones. */
  private static final class BestItem implements Consumer<Item> {
    private final Consumer<Item> next;
    private long seq = -1;
    private boolean isFound;

    BestItem(Consumer<Item> next) {
      this.next = next;
    }

    @Override
    public void accept(Item item) {
      long itsSeq = item instanceof Item.Mutable mutable ? mutable.seq() : 0;
      if (!isFound || itsSeq > seq) {
        isFound = true;
        seq = itsSeq;
        next.accept(item);
      }
    }
  }

  /** Asks every node on the way for samples (BEP 51). */
  private record SampleLookup(
      long ticket,
      Hash160 target,
      Findings findings,
      Consumer<DhtOutput> out,
      LongConsumer whenDone)
      implements Lookup.Purpose {
    @Override
    public Query query() {
      return new Query.SampleInfohashes(target, Want.UNSAID);
    }

    @Override
    public void onReply(NodeInfo from, Reply reply, long nowNanos) {
      var samples = reply.samples();
      if (samples != null) {
        out.accept(
            new DhtOutput.Sampled(
                ticket, from, samples.infoHashes(), samples.intervalSeconds(), samples.count()));
      }
    }

    @Override
    public void onEnd(int asked, List<Lookup.Answer> answered, long nowNanos) {
      findings.asked += asked;
      findings.answered += answered.size();
      whenDone.accept(nowNanos);
    }
  }
}

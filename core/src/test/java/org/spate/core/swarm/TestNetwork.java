package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.Payload;
import org.spate.core.wire.PeerMessage;

/**
 * A handful of real swarms joined by perfect links of one latency, in virtual time: enough of a
 * world to state how neighbours behave towards each other. Rates and queues are the simulator's
 * business.
 */
final class TestNetwork {
  static final long MILLIS = 1_000_000;
  static final long SECOND = 1000 * MILLIS;
  private static final long LATENCY = 10 * MILLIS;

  /** A block that may have been tampered with; its digest tells. */
  record TestBlock(int length, boolean corrupt) implements Payload {
    @Override
    public void release() {}
  }

  private record Event(long whenNanos, long sequence, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) ->
              a.whenNanos != b.whenNanos
                  ? Long.compare(a.whenNanos, b.whenNanos)
                  : Long.compare(a.sequence, b.sequence));
  private final Map<Endpoint, Node> nodes = new HashMap<>();
  private final PieceGeometry geometry;
  private final SplittableRandom random;
  private long now;
  private long sequence;
  private int links;

  TestNetwork(PieceGeometry geometry, long seed) {
    this.geometry = geometry;
    this.random = new SplittableRandom(seed);
  }

  long now() {
    return now;
  }

  PieceGeometry geometry() {
    return geometry;
  }

  Node seed(String name) {
    return add(name, PieceSet.all(geometry.pieceCount()), s -> s);
  }

  Node leecher(String name) {
    return add(name, new PieceSet(geometry.pieceCount()), s -> s);
  }

  Node add(String name, PieceSet have, UnaryOperator<SwarmSettings> settings) {
    var node = new Node(name, Endpoint.v4(0x0A000001 + nodes.size(), 6881), have, settings);
    nodes.put(node.endpoint, node);
    return node;
  }

  /** Runs until nothing is left to do before a time. */
  void runUntil(long untilNanos) {
    while (!events.isEmpty() && events.peek().whenNanos <= untilNanos) {
      var event = events.poll();
      now = event.whenNanos;
      event.action.run();
    }
    now = untilNanos;
  }

  void runSeconds(long seconds) {
    runUntil(now + seconds * SECOND);
  }

  private void at(long whenNanos, Runnable action) {
    events.add(new Event(whenNanos, sequence++, action));
  }

  final class Node {
    final String name;
    final Endpoint endpoint;
    final Swarm swarm;
    final PeerId id = PeerId.random(random);
    final List<SwarmEvent> told = new ArrayList<>();
    final Map<Integer, boolean[]> assembled = new HashMap<>();
    final Map<Integer, Node> others = new HashMap<>();
    final int[] sentByPiece = new int[geometry.pieceCount()];
    final List<PeerMessage> sent = new ArrayList<>();

    /** What this node's uploads are turned into. */
    UnaryOperator<PeerMessage> tamper = message -> message;

    private long wakeNanos = Swarm.NEVER;

    Node(String name, Endpoint endpoint, PieceSet have, UnaryOperator<SwarmSettings> settings) {
      this.name = name;
      this.endpoint = endpoint;
      swarm = new Swarm(geometry, have, settings.apply(SwarmSettings.DEFAULT), id, random.split());
      at(now, () -> give(new SwarmInput.Resume()));
    }

    void knows(Node... peers) {
      var endpoints = new ArrayList<Endpoint>();
      for (var peer : peers) {
        endpoints.add(peer.endpoint);
      }
      at(now, () -> give(new SwarmInput.PeersFound(PeerSource.TRACKER, endpoints)));
    }

    boolean isDone() {
      return swarm.isFinished();
    }

    void give(SwarmInput input) {
      swarm.accept(input, now);
      drain();
    }

    private void wake() {
      if (wakeNanos == now) {
        wakeNanos = Swarm.NEVER;
        swarm.advance(now);
        drain();
      }
    }

    private void drain() {
      for (var output = swarm.poll(); output != null; output = swarm.poll()) {
        carryOut(output);
      }
      long deadline = swarm.deadlineNanos();
      if (deadline != Swarm.NEVER && deadline != wakeNanos) {
        wakeNanos = Math.max(deadline, now);
        at(wakeNanos, this::wake);
      }
    }

    private void carryOut(SwarmOutput output) {
      switch (output) {
        case SwarmOutput.Dial(var remote) -> dial(remote);
        case SwarmOutput.Send(int link, var message) -> send(link, message);
        case SwarmOutput.CloseLink(int link, var _) -> {
          var other = others.remove(link);
          if (other != null) {
            at(now + LATENCY, () -> other.onRemoteClosed(link));
          }
        }
        case SwarmOutput.ReadBlock(int link, int index, int begin, int length) ->
            at(
                now,
                () ->
                    give(
                        new SwarmInput.BlockRead(
                            link, index, begin, new TestBlock(length, false))));
        case SwarmOutput.WriteBlock(int index, int begin, var block) ->
            assembled
                    .computeIfAbsent(index, i -> new boolean[geometry.blockCount(i)])[
                    begin / PieceGeometry.BLOCK_LENGTH] =
                ((TestBlock) block).corrupt();
        case SwarmOutput.VerifyPiece(int index, boolean _) -> at(now + MILLIS, () -> verify(index));
        case SwarmOutput.WantPeers() -> {}
        case SwarmOutput.Notify(var event) -> told.add(event);
      }
    }

    private void verify(int index) {
      var blocks = assembled.remove(index);
      if (blocks == null) {
        blocks = new boolean[geometry.blockCount(index)];
      }
      boolean good = true;
      var digests = new long[blocks.length];
      for (int i = 0; i < blocks.length; i++) {
        good &= !blocks[i];
        digests[i] = blocks[i] ? random.nextLong() : i;
      }
      give(new SwarmInput.PieceVerified(index, good, digests));
    }

    private void dial(Endpoint remote) {
      var other = nodes.get(remote);
      if (other == null) {
        at(now + SECOND, () -> give(new SwarmInput.DialFailed(remote)));
        return;
      }
      int link = links++;
      at(
          now + 2 * LATENCY,
          () -> {
            others.put(link, other);
            other.others.put(link, this);
            var from = endpoint.withPort(40000 + link);
            other.give(new SwarmInput.LinkOpened(link, from, true, handshake(id)));
            give(new SwarmInput.LinkOpened(link, remote, false, handshake(other.id)));
          });
    }

    private static Handshake handshake(PeerId id) {
      return new Handshake(Handshake.FAST | Handshake.EXTENSION_PROTOCOL, new Hash160(1, 2, 3), id);
    }

    private void send(int link, PeerMessage message) {
      sent.add(message);
      var other = others.get(link);
      if (message instanceof PeerMessage.Piece(int index, int _, var block)) {
        sentByPiece[index]++;
        at(now + MILLIS, () -> give(new SwarmInput.PayloadSent(link, block.length())));
      }
      if (other != null) {
        var arrived = tamper.apply(message);
        at(now + LATENCY, () -> other.onArrived(link, arrived));
      }
    }

    private void onArrived(int link, PeerMessage message) {
      if (others.containsKey(link)) {
        give(new SwarmInput.MessageReceived(link, message));
      }
    }

    private void onRemoteClosed(int link) {
      if (others.remove(link) != null) {
        give(new SwarmInput.LinkClosed(link));
      }
    }
  }
}

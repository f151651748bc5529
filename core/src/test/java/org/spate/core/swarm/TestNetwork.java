package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Handshake;
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

  private record Event(long whenNanos, long sequence, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) ->
              a.whenNanos != b.whenNanos
                  ? Long.compare(a.whenNanos, b.whenNanos)
                  : Long.compare(a.sequence, b.sequence));
  private final Map<Endpoint, Party> nodes = new HashMap<>();
  private final PieceGeometry geometry;
  final TestBlock.Register blocks = new TestBlock.Register();
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

  /** A peer that a test plays: it dials nobody. */
  Stranger stranger() {
    var stranger = new Stranger(Endpoint.v4(0x0A000001 + nodes.size(), 6881));
    nodes.put(stranger.endpoint, stranger);
    return stranger;
  }

  /** Every node pauses, and what is on its way arrives: all blocks must be settled then. */
  void quiesce() {
    for (var party : nodes.values()) {
      if (party instanceof Node node) {
        node.give(new SwarmInput.Pause());
      }
    }
    runSeconds(2);
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

  /** Whoever has an address. */
  abstract class Party {
    final Endpoint endpoint;
    final PeerId id = PeerId.random(random);
    final Map<Integer, Party> others = new HashMap<>();

    Party(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    abstract void onOpened(int link, Endpoint remote, boolean incoming, Party other);

    abstract void onMessage(int link, PeerMessage message);

    abstract void onClosed(int link);

    final void pass(int link, PeerMessage message) {
      var other = others.get(link);
      if (other != null) {
        at(
            now + LATENCY,
            () -> {
              if (other.others.containsKey(link)) {
                other.onMessage(link, message);
              }
            });
      }
    }

    final void hangUp(int link) {
      var other = others.remove(link);
      if (other != null) {
        at(
            now + LATENCY,
            () -> {
              if (other.others.remove(link) != null) {
                other.onClosed(link);
              }
            });
      }
    }
  }

  /** Answers each message as the test says. */
  final class Stranger extends Party {
    BiConsumer<Integer, PeerMessage> hears = (_, _) -> {};
    IntConsumer meets = _ -> {};

    private Stranger(Endpoint endpoint) {
      super(endpoint);
    }

    void says(int link, PeerMessage... messages) {
      for (var message : messages) {
        pass(link, message);
      }
    }

    void later(long nanos, Runnable action) {
      at(now + nanos, action);
    }

    @Override
    void onOpened(int link, Endpoint remote, boolean incoming, Party other) {
      meets.accept(link);
    }

    @Override
    void onMessage(int link, PeerMessage message) {
      hears.accept(link, message);
    }

    @Override
    void onClosed(int link) {}
  }

  final class Node extends Party {
    final String name;
    final Swarm swarm;
    final List<SwarmEvent> told = new ArrayList<>();
    final Map<Integer, boolean[]> assembled = new HashMap<>();
    final int[] sentByPiece = new int[geometry.pieceCount()];
    final List<PeerMessage> sent = new ArrayList<>();

    /** What this node's uploads are turned into. */
    UnaryOperator<PeerMessage> tamper = message -> message;

    private long wakeNanos = Swarm.NEVER;

    Node(String name, Endpoint endpoint, PieceSet have, UnaryOperator<SwarmSettings> settings) {
      super(endpoint);
      this.name = name;
      swarm = new Swarm(geometry, have, settings.apply(SwarmSettings.DEFAULT), id, random.split());
      at(now, () -> give(new SwarmInput.Resume()));
    }

    void knows(Party... peers) {
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
        case SwarmOutput.Punch(var remote) -> dial(remote);
        case SwarmOutput.Send(int link, var message) -> send(link, message);
        case SwarmOutput.CloseLink(int link, var _) -> hangUp(link);
        case SwarmOutput.ReadBlock(int link, int index, int begin, int length) ->
            at(
                now + random.nextLong(5 * MILLIS),
                () ->
                    give(
                        new SwarmInput.BlockRead(link, index, begin, blocks.block(length, false))));
        case SwarmOutput.WriteBlock(int index, int begin, var block) -> {
          block.release();
          assembled
                  .computeIfAbsent(index, i -> new boolean[geometry.blockCount(i)])[
                  begin / PieceGeometry.BLOCK_LENGTH] =
              ((TestBlock) block).isCorrupt();
        }
        case SwarmOutput.VerifyPiece(int index, boolean _) -> at(now + MILLIS, () -> verify(index));
        case SwarmOutput.ExpectLeaves _, SwarmOutput.HashLeaves _, SwarmOutput.WantPeers _ -> {}
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
            other.onOpened(link, endpoint.withPort(40000 + link), true, this);
            onOpened(link, remote, false, other);
          });
    }

    @Override
    void onOpened(int link, Endpoint remote, boolean incoming, Party other) {
      give(new SwarmInput.LinkOpened(link, remote, incoming, handshake(other.id)));
    }

    private static Handshake handshake(PeerId id) {
      return new Handshake(Handshake.FAST | Handshake.EXTENSION_PROTOCOL, new Hash160(1, 2, 3), id);
    }

    private void send(int link, PeerMessage message) {
      sent.add(message);
      if (message instanceof PeerMessage.Piece(int index, int _, var block)) {
        sentByPiece[index]++;
        block.release();
        at(now + MILLIS, () -> give(new SwarmInput.PayloadSent(link, block.length())));
      }
      pass(link, tamper.apply(message));
    }

    /** A block that arrives is another one than that which was sent. */
    @Override
    void onMessage(int link, PeerMessage message) {
      var arrived =
          message instanceof PeerMessage.Piece(int index, int begin, TestBlock block)
              ? new PeerMessage.Piece(index, begin, blocks.block(block.length(), block.isCorrupt()))
              : message;
      give(new SwarmInput.MessageReceived(link, arrived));
    }

    @Override
    void onClosed(int link) {
      give(new SwarmInput.LinkClosed(link, CloseReason.REMOTE));
    }
  }
}

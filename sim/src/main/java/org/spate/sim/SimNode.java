package org.spate.sim;

import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;
import org.spate.core.PeerId;
import org.spate.core.announce.Standing;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.CloseReason;
import org.spate.core.swarm.PeerSource;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.Swarm;
import org.spate.core.swarm.SwarmBounds;
import org.spate.core.swarm.SwarmEvent;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.swarm.SwarmOutput;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;

/**
 * A host of one machine in virtual time: carries its outputs out on the network, the storage and
 * the tracker, and feeds it what comes back. What a dishonest node does, its host does to honest
 * outputs.
 */
final class SimNode implements Host, Standing {
  private static final int LISTEN_PORT = 6881;
  private static final int DIAL_PORT = 50_000;
  private static final int ADDRESSES = 10 << 24; // 10.0.0.0/8
  private static final long FLAGS = Handshake.EXTENSION_PROTOCOL | Handshake.FAST;
  private static final int DEADLINES_AT_ONE_TIME_MAX = 1000;

  private final NodeClass kind;
  private final Surroundings world;
  private final AccessLink access;
  private final SplittableRandom random;
  private final Endpoint endpoint;
  private final Handshake handshake;
  private final PeerId peerId;
  private final SimStorage storage;
  private final SimAnnouncer announcer;
  private final LinkTable links = new LinkTable();
  private final ArrayDeque<SwarmInput> inputs; // empty but while this node acts
  private @Nullable Machine<SwarmInput, SwarmOutput> machine;
  private long deadlineNanos = World.NEVER; // the deadline that is in the queue
  private long lastDeadlineNanos = -1;
  private int deadlinesAtOneTime;
  private boolean stirred; // the machine was called since its deadline was last looked at

  SimNode(int id, NodeClass kind, Surroundings world, SplittableRandom random) {
    this.kind = kind;
    this.world = world;
    this.inputs = world.inputs();
    this.random = random;
    this.access = world.network().attach(this, kind.upload(), kind.download(), kind.latencyNanos());
    access.groups = kind.groups();
    this.endpoint = Endpoint.v4(ADDRESSES | id, LISTEN_PORT);
    this.peerId = PeerId.random(random);
    this.handshake = new Handshake(FLAGS, world.torrent().infoHash().primary(), peerId);
    var geometry = world.torrent().geometry();
    this.storage = new SimStorage(geometry, world.hostModel(), initialPieces(geometry));
    this.announcer = new SimAnnouncer(this, peerId, this, world.tracker(), world, random.split());
  }

  private PieceSet initialPieces(PieceGeometry geometry) {
    int count = geometry.pieceCount();
    return kind.startsComplete() ? PieceSet.all(count) : new PieceSet(count);
  }

  int id() {
    return access.id;
  }

  NodeClass kind() {
    return kind;
  }

  AccessLink access() {
    return access;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  SimStorage storage() {
    return storage;
  }

  boolean isOnline() {
    return access.online;
  }

  int linkCount() {
    return links.size();
  }

  /** The node that an endpoint of this world belongs to. */
  static int idOf(Endpoint endpoint) {
    return endpoint.v4Address() & 0xFF_FFFF;
  }

  // Coming and going.

  void join() {
    access.online = true;
    machine =
        world
            .brain()
            .create(
                storage.verified(),
                kind.settings().withListenPort(LISTEN_PORT),
                peerId,
                random.split());
    tell(new SwarmInput.Resume());
    announcer.start();
    world.network().settle(access);
  }

  /** Says goodbye to links and tracker. */
  void leave() {
    if (machine != null) {
      tell(new SwarmInput.Pause());
      world.network().settle(access);
      announcer.stop();
      shutDown();
    }
  }

  void crash() {
    announcer.crash();
    shutDown();
  }

  private void shutDown() {
    for (var own = links.any(); own != null; own = links.any()) {
      links.remove(own);
      world.network().close(own);
    }
    access.online = false;
    machine = null;
  }

  /** What of its machine's queues is beyond its bound. */
  List<String> brokenBounds() {
    return machine instanceof Swarm swarm
        ? SwarmBounds.broken(swarm.status(world.time().nowNanos()), swarm.settings())
        : List.of();
  }

  // What the network tells.

  @Override
  public void linkOpened(Flow own, boolean incoming) {
    links.add(own);
    var remote = (SimNode) own.to.host;
    var address = incoming ? remote.endpoint.withPort(DIAL_PORT) : remote.endpoint;
    tell(new SwarmInput.LinkOpened(own.number(), address, incoming, remote.handshake));
  }

  @Override
  public void dialFailed(AccessLink remote) {
    tell(new SwarmInput.DialFailed(((SimNode) remote.host).endpoint));
  }

  @Override
  public void received(int link, PeerMessage message) {
    tell(new SwarmInput.MessageReceived(link, message));
  }

  @Override
  public void payloadSent(Flow own, int bytes) {
    tell(new SwarmInput.PayloadSent(own.number(), bytes));
  }

  @Override
  public void linkClosed(Flow own) {
    links.remove(own);
    tell(new SwarmInput.LinkClosed(own.number(), CloseReason.REMOTE));
  }

  // What time brings.

  void onDeadline() {
    long now = world.time().nowNanos();
    if (now != deadlineNanos) {
      return; // replaced by an earlier one
    }
    deadlineNanos = World.NEVER;
    stirred = true;
    if (machine != null && access.frozenUntilNanos <= now && machine.deadlineNanos() <= now) {
      refuseToSpin(now);
      machine.advance(now);
      carryOut(machine);
    }
    world.network().settle(access);
  }

  void onBlockRead() {
    if (machine != null) {
      answer(storage.finishRead());
      world.network().settle(access);
    }
  }

  void onPieceHashed() {
    if (machine != null) {
      var result = storage.finishHash();
      world.ledger().onPiece(this, result.index(), result.good());
      if (result.good() && storage.verified().isFull()) {
        announcer.completed();
      }
      tell(result);
      world.network().settle(access);
    }
  }

  void onAnnounceDue() {
    announcer.onDue();
  }

  void onTrackerReplied() {
    var peers = announcer.onReplied();
    if (machine != null && !peers.isEmpty()) {
      tell(new SwarmInput.PeersFound(PeerSource.TRACKER, peers));
      world.network().settle(access);
    }
  }

  // What the tracker is told.

  @Override
  public int port() {
    return LISTEN_PORT;
  }

  @Override
  public long uploaded() {
    return access.blockBytesSent;
  }

  @Override
  public long downloaded() {
    return access.blockBytesReceived;
  }

  @Override
  public long left() {
    var pieces = storage.verified();
    int missing = pieces.pieceCount() - pieces.size();
    return (long) missing * world.torrent().geometry().pieceLength();
  }

  // The machine's loop.

  @Override
  public boolean hasWork() {
    return !inputs.isEmpty();
  }

  private void tell(SwarmInput input) {
    if (machine != null) {
      inputs.add(input);
    }
  }

  @Override
  public void settle() {
    long now = world.time().nowNanos();
    while (machine != null) {
      var input = inputs.poll();
      if (input == null) {
        break;
      }
      stirred = true;
      machine.accept(input, now);
      carryOut(machine);
    }
    if (stirred) {
      stirred = false;
      scheduleDeadline(now);
    }
  }

  private void carryOut(Machine<SwarmInput, SwarmOutput> source) {
    for (var output = source.poll(); output != null; output = source.poll()) {
      carryOut(output);
    }
  }

  private void carryOut(SwarmOutput output) {
    switch (output) {
      case SwarmOutput.Send(int link, PeerMessage message) -> send(link, message);
      case SwarmOutput.ReadBlock(int link, int index, int begin, int length) ->
          read(new SimStorage.Read(link, index, begin, length));
      case SwarmOutput.WriteBlock(int index, int begin, var block) ->
          storage.write(index, begin, block);
      case SwarmOutput.VerifyPiece(int index, boolean wantDigests) -> verify(index, wantDigests);
      case SwarmOutput.Dial(Endpoint remote) -> dial(remote);
      case SwarmOutput.Punch(Endpoint remote) -> dial(remote); // nobody is behind a router here
      case SwarmOutput.CloseLink(int link, var _) -> close(link);
      case SwarmOutput.ExpectLeaves _, SwarmOutput.HashLeaves _ ->
          throw new IllegalStateException("the torrents of the simulator have no trees");
      case SwarmOutput.WantPeers _ -> announcer.wantPeers();
      case SwarmOutput.Notify(SwarmEvent event) -> world.ledger().onEvent(this, event);
    }
  }

  private void send(int link, PeerMessage message) {
    var own = links.find(link);
    if (own == null) {
      discard(message); // the link has ended, which the machine is about to hear
      return;
    }
    switch (kind.behaviour()) {
      case Behaviour.Honest _ -> world.network().send(own, message);
      case Behaviour.FreeRider _ -> {
        if (!(message instanceof PeerMessage.Unchoke)) {
          world.network().send(own, message);
        }
      }
      case Behaviour.Liar _ -> {
        if (message instanceof PeerMessage.Piece) {
          discard(message);
        } else {
          world.network().send(own, message);
        }
      }
      case Behaviour.Poisoner(double share) ->
          world.network().send(own, random.nextDouble() < share ? spoilt(message) : message);
    }
  }

  private static void discard(PeerMessage message) {
    if (message instanceof PeerMessage.Piece piece) {
      piece.block().release();
    }
  }

  private PeerMessage spoilt(PeerMessage message) {
    return message instanceof PeerMessage.Piece(int index, int begin, var block)
        ? new PeerMessage.Piece(index, begin, world.bytes().corrupted(block, random.nextLong()))
        : message;
  }

  private void dial(Endpoint remote) {
    int id = idOf(remote);
    if (id == id() || id >= world.nodeCount() || remote.port() != LISTEN_PORT) {
      tell(new SwarmInput.DialFailed(remote));
    } else {
      world.network().dial(access, world.network().node(id));
    }
  }

  private void close(int link) {
    var own = links.find(link);
    if (own != null) {
      links.remove(own);
      world.network().close(own);
    }
  }

  private void read(SimStorage.Read read) {
    if (world.hostModel().readsAtOnce()) {
      answer(read);
    } else {
      long done = storage.beginRead(read, world.time().nowNanos());
      world.time().schedule(EventKind.BLOCK_READ, id(), done);
    }
  }

  private void answer(SimStorage.Read read) {
    tell(
        new SwarmInput.BlockRead(
            read.link(), read.index(), read.begin(), world.bytes().good(read.length())));
  }

  private void verify(int index, boolean wantDigests) {
    long done = storage.beginHash(index, wantDigests, world.time().nowNanos());
    world.time().schedule(EventKind.PIECE_HASHED, id(), done);
  }

  /** One deadline of a node is in the queue; an earlier one replaces it, a later one waits. */
  private void scheduleDeadline(long nowNanos) {
    if (machine == null) {
      return;
    }
    long wanted = machine.deadlineNanos();
    if (wanted == Machine.NEVER || access.frozenUntilNanos == World.NEVER) {
      return;
    }
    wanted = Math.max(Math.max(wanted, nowNanos), access.frozenUntilNanos);
    if (wanted < deadlineNanos) {
      deadlineNanos = wanted;
      world.time().schedule(EventKind.DEADLINE, id(), wanted);
    }
  }

  private void refuseToSpin(long nowNanos) {
    deadlinesAtOneTime = nowNanos == lastDeadlineNanos ? deadlinesAtOneTime + 1 : 0;
    lastDeadlineNanos = nowNanos;
    if (deadlinesAtOneTime > DEADLINES_AT_ONE_TIME_MAX) {
      throw new IllegalStateException("a machine whose deadline does not move");
    }
  }
}

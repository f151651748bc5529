package org.spate.engine;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.swarm.CloseReason;
import org.spate.core.swarm.MetadataSwarm;
import org.spate.core.swarm.SwarmEvent;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.swarm.SwarmOutput;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.Payload;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.Violation;
import org.spate.core.wire.WireLimits;
import org.spate.engine.net.Deadline;
import org.spate.engine.net.Link;
import org.spate.engine.net.LinkOwner;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Network;
import org.spate.engine.net.PeerTls;
import org.spate.engine.net.Throttle;
import org.spate.engine.storage.StorageException;
import org.spate.engine.storage.TorrentStorage;

/**
 * Runs one swarm, or the {@link MetadataSwarm} before it, on its loop: feeds it what links and
 * storage report, carries out what it wants, keeps its one deadline. The clock is read once for
 * each event. What is answered at once waits in line as the next event, so no decision is
 * interrupted by its own consequence.
 */
final class SwarmDriver<M extends Machine<SwarmInput, SwarmOutput>> implements LinkOwner {

  /** Whom the swarm's words are for. */
  interface Listener {
    void onSwarmEvent(SwarmEvent event);

    void onWantPeers();

    DhtPresence dht();

    /** An invariant of the swarm broke; the driver has stopped for good. */
    void onBroken(RuntimeException cause);
  }

  private final InfoHash infoHash;
  private final WireLimits wireLimits;
  private final Services services;
  private final Network network;
  private final Loop loop;
  private final Throttle down;
  private final Throttle up;
  private final @Nullable TorrentStorage storage;
  private final M swarm;
  private final Machine<SwarmInput, SwarmOutput> machine;
  private final Listener listener;
  private final Map<Integer, Link> links = new HashMap<>();
  private @Nullable WebSources webSources;
  private @Nullable PeerTls tls;
  private final ArrayDeque<SwarmInput> waiting = new ArrayDeque<>();
  private final BitSet verifying = new BitSet();
  private final Deadline deadline;
  private int nextLink;
  private boolean isBusy;
  private boolean isRunning;
  private boolean isOver;
  private boolean isPressed;

  /**
   * @param wireLimits what messages may come, as far as that is known
   * @param storage null where there are no pieces yet
   * @param machine the swarm, or what stands around it to record it
   * @param firstLink no link has had this number, or a greater one, in this torrent
   */
  SwarmDriver(
      Services services,
      Loop loop,
      InfoHash infoHash,
      WireLimits wireLimits,
      Throttle down,
      Throttle up,
      @Nullable TorrentStorage storage,
      M swarm,
      Machine<SwarmInput, SwarmOutput> machine,
      int firstLink,
      Listener listener) {
    this.infoHash = infoHash;
    this.wireLimits = wireLimits;
    this.services = services;
    this.network = services.network();
    this.loop = loop;
    this.down = down;
    this.up = up;
    this.storage = storage;
    this.swarm = swarm;
    this.machine = machine;
    this.nextLink = firstLink;
    this.listener = listener;
    this.deadline = loop.deadline(this::advance);
  }

  M swarm() {
    return swarm;
  }

  /** Servers that stand beside the links; to be told before it runs. */
  void webSources(WebSources sources) {
    webSources = sources;
  }

  /** What its links are to be secured by; to be told before it is admitted. */
  void secured(@Nullable PeerTls by) {
    tls = by;
  }

  @Override
  public @Nullable PeerTls tls() {
    return tls;
  }

  /** Whether storage cannot keep up. */
  boolean isPressed() {
    return isPressed;
  }

  boolean isRunning() {
    return isRunning;
  }

  /** Begins, or goes on, or pauses. */
  void run(boolean run) {
    if (run != isRunning) {
      isRunning = run;
      accept(run ? new SwarmInput.Resume() : new SwarmInput.Pause());
      if (run && webSources != null) {
        webSources.begin(this);
      }
    }
  }

  // Events

  /** One input; carried out before this returns, unless it comes while another one is. */
  void accept(SwarmInput input) {
    loop.assertCurrent();
    if (isBusy) {
      waiting.add(input);
      return;
    }
    run(input, Loop.nowNanos());
  }

  private void advance() {
    if (!isOver) {
      run(null, Loop.nowNanos());
    }
  }

  /** Feeds an input, or the time if there is none, and then what was caused by that. */
  private void run(@Nullable SwarmInput input, long nowNanos) {
    if (isOver) {
      discard(input);
      return;
    }
    isBusy = true;
    try {
      if (input == null) {
        machine.advance(nowNanos);
      } else {
        machine.accept(input, nowNanos);
      }
      carryOutAll();
      for (var next = waiting.poll(); next != null; next = waiting.poll()) {
        machine.accept(next, nowNanos);
        carryOutAll();
      }
      deadline.set(machine.deadlineNanos(), nowNanos);
    } catch (RuntimeException e) {
      onBroken(e);
    } finally {
      isBusy = false;
    }
  }

  private static void discard(@Nullable SwarmInput input) {
    switch (input) {
      case SwarmInput.BlockRead read -> read.block().release();
      case SwarmInput.MessageReceived(_, PeerMessage.Piece(_, _, Payload block)) -> block.release();
      case null, default -> {}
    }
  }

  private void onBroken(RuntimeException cause) {
    end();
    listener.onBroken(cause);
  }

  private void carryOutAll() {
    for (var output = machine.poll(); output != null; output = machine.poll()) {
      carryOut(output);
    }
  }

  private void carryOut(SwarmOutput output) {
    switch (output) {
      case SwarmOutput.Send(int number, var message) -> send(number, message);
      case SwarmOutput.ReadBlock(int number, int index, int begin, int length) ->
          storage().read(number, index, begin, length);
      case SwarmOutput.WriteBlock(int index, int begin, var block) ->
          storage().write(index, begin, block);
      case SwarmOutput.VerifyPiece(int index, boolean wantDigests) -> {
        verifying.set(index);
        storage().verify(index, wantDigests);
      }
      case SwarmOutput.ExpectLeaves(int index, byte[] leaves) -> storage().expect(index, leaves);
      case SwarmOutput.HashLeaves(int number, int index) ->
          storage()
              .hashLeaves(
                  index, leaves -> accept(new SwarmInput.LeavesHashed(number, index, leaves)));
      case SwarmOutput.Dial(var remote) -> network.dial(remote, this);
      case SwarmOutput.Punch(var remote) -> network.punch(remote, this);
      case SwarmOutput.CloseLink(int number, _) -> {
        var link = links.remove(number);
        if (link != null) {
          link.close();
        } else if (webSources != null) {
          webSources.close(number);
        }
      }
      case SwarmOutput.WantPeers() -> listener.onWantPeers();
      case SwarmOutput.Notify(var event) -> listener.onSwarmEvent(event);
    }
  }

  private void send(int number, PeerMessage message) {
    var link = links.get(number);
    if (link != null) {
      link.send(message);
    } else if (webSources != null && webSources.send(number, message)) {
      return;
    } else if (message instanceof PeerMessage.Piece(_, _, Payload block)) {
      block.release();
    }
  }

  private TorrentStorage storage() {
    if (storage == null) {
      throw new IllegalStateException("no storage");
    }
    return storage;
  }

  /**
   * Leads the links of the machine that held this swarm's place, and knows what it knew; that one
   * has ended then.
   */
  void inherit(SwarmDriver<MetadataSwarm> before) {
    var bequest = before.swarm.bequest();
    links.putAll(before.links);
    links.values().forEach(link -> link.moveTo(this));
    before.links.clear();
    before.end();
    bequest.forEach(this::accept);
  }

  private void end() {
    isOver = true;
    isRunning = false;
    deadline.cancel();
    List.copyOf(links.values()).forEach(Link::close);
    links.clear();
    if (webSources != null) {
      webSources.closeAll();
    }
    waiting.forEach(SwarmDriver::discard);
    waiting.clear();
  }

  // Storage

  /** The answer to a verification; one that this swarm did not ask for is none of its business. */
  void onVerified(int pieceIndex, boolean good, long @Nullable [] digests) {
    if (verifying.get(pieceIndex)) {
      verifying.clear(pieceIndex);
      accept(new SwarmInput.PieceVerified(pieceIndex, good, digests));
    }
  }

  /** Storage cannot keep up, or can again: links stop reading meanwhile. */
  void onPressure(boolean pressed) {
    isPressed = pressed;
    for (var link : links.values()) {
      link.holdReading(pressed);
    }
  }

  void limitsChanged() {
    links.values().forEach(Link::limitsChanged);
  }

  // LinkOwner

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public boolean isOpen() {
    return isRunning;
  }

  @Override
  public boolean isNamedBy(Hash160 infoHash) {
    return this.infoHash.swarms().contains(infoHash);
  }

  @Override
  public Handshake greeting(Hash160 infoHash) {
    long reserved = Handshake.EXTENSION_PROTOCOL | Handshake.FAST;
    reserved |= this.infoHash.isHybrid() ? Handshake.V2 : 0;
    reserved |= listener.dht().port() != 0 ? Handshake.DHT : 0;
    return new Handshake(reserved, infoHash, services.peerId());
  }

  @Override
  public Hash160 primaryHash() {
    return infoHash.primary();
  }

  @Override
  public Hash160 answerHash(Handshake theirs) {
    boolean canUpgrade = infoHash.isHybrid() && theirs.supports(Handshake.V2);
    return canUpgrade ? infoHash.swarms().getLast() : theirs.infoHash();
  }

  @Override
  public WireLimits wireLimits() {
    return wireLimits;
  }

  @Override
  public Throttle downThrottle() {
    return down;
  }

  @Override
  public Throttle upThrottle() {
    return up;
  }

  @Override
  public int nextLink() {
    return nextLink++;
  }

  int nextLinkAfterAll() {
    return nextLink;
  }

  @Override
  public void opened(Link link, Handshake theirs) {
    if (isOver) {
      link.close();
      return;
    }
    links.put(link.number(), link);
    link.holdReading(isPressed);
    accept(
        new SwarmInput.LinkOpened(
            link.number(), link.remote(), link.incoming(), link.route(), theirs));
    tellDhtPort(link, theirs);
  }

  /** BEP 5: after the first words, of which a bitfield must be the very first. */
  private void tellDhtPort(Link link, Handshake theirs) {
    int port = listener.dht().port();
    if (port != 0 && theirs.supports(Handshake.DHT) && links.containsKey(link.number())) {
      link.send(new PeerMessage.Port(port));
    }
  }

  @Override
  public void dialFailed(Endpoint remote) {
    accept(new SwarmInput.DialFailed(remote));
  }

  @Override
  public void received(Link link, PeerMessage message) {
    if (message instanceof PeerMessage.Port(int port)) {
      listener.dht().nodeFound(link.remote().withPort(port));
    }
    accept(new SwarmInput.MessageReceived(link.number(), message));
  }

  @Override
  public void payloadSent(Link link, int bytes) {
    accept(new SwarmInput.PayloadSent(link.number(), bytes));
  }

  @Override
  public void closed(Link link) {
    closed(link, CloseReason.REMOTE);
  }

  private void closed(Link link, CloseReason reason) {
    if (links.remove(link.number()) != null) {
      accept(new SwarmInput.LinkClosed(link.number(), reason));
    }
  }

  @Override
  public void violated(Link link, Violation violation) {
    closed(link, CloseReason.of(violation));
  }

  @Override
  public void unreadable(Link link, StorageException cause) {
    closed(link, CloseReason.UNREADABLE);
    storage().report(cause);
  }
}

package org.spate.core.swarm;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;
import org.spate.core.PeerId;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.Timers.Timer;
import org.spate.core.wire.PeerMessage;

/**
 * The brain of one torrent: owner of its neighbours and pieces, and a router only. Each input goes
 * to the collaborator that owns the slice of state concerned; what they want done is collected in
 * the outbox.
 *
 * <p>A swarm begins paused: {@link SwarmInput.Resume} starts it.
 */
public final class Swarm implements Machine<SwarmInput, SwarmOutput> {
  private static final long SECOND = 1_000_000_000L;

  /** How long to wait before storage that failed is tried again. */
  private static final long STORAGE_RETRY_NANOS = 10 * SECOND;

  private final PieceGeometry geometry;
  private final PieceSet have;
  private final Outbox out = new Outbox();
  private final Neighbours neighbours = new Neighbours();
  private final PiecePicker picker;
  private final PieceLedger ledger;
  private final LeafGuard guard;
  private final LeafReads leafReads;
  private final Downloader downloader;
  private final Uploader uploader;
  private final Choker choker;
  private final SuperSeeder superSeeder;
  private final Suggester suggester;
  private final PeerTable table;
  private final Connector connector;
  private final PeerExchange exchange;
  private final Conversation conversation;
  private final WebSeeds webSeeds;
  private final Timers timers = new Timers();

  private SwarmSettings settings;
  private boolean running;
  private boolean finished;
  private @Nullable String problem;

  /**
   * @param have the pieces that are there and verified; the swarm keeps its own copy
   * @param self our peer id, to know ourselves by
   * @param random the only source of chance
   */
  public Swarm(
      PieceGeometry geometry,
      PieceSet have,
      SwarmSettings settings,
      PeerId self,
      RandomGenerator random) {
    this(geometry, have, settings, self, random, Description.NONE);
  }

  /**
   * @param description what those are told who came without a {@code .torrent} file
   */
  public Swarm(
      PieceGeometry geometry,
      PieceSet have,
      SwarmSettings settings,
      PeerId self,
      RandomGenerator random,
      Description description) {
    this.geometry = geometry;
    this.have = have.copy();
    this.settings = settings;
    picker = new PiecePicker(geometry, this.have, random);
    ledger = new PieceLedger(geometry);
    guard = new LeafGuard(description.hashes(), neighbours, ledger, out);
    leafReads = new LeafReads(description.hashes(), this.have, out);
    downloader =
        new Downloader(
            geometry, this.have, picker, ledger, guard, neighbours, out, settings, random);
    uploader = new Uploader(geometry, this.have, picker, neighbours, out, random);
    choker = new Choker(neighbours, uploader, out, settings, random);
    superSeeder =
        new SuperSeeder(settings.superSeeding(), this.have, picker, uploader, out, random);
    suggester = new Suggester(this.have, neighbours, uploader, out, random);
    table = new PeerTable(random);
    connector = new Connector(neighbours, table, out, settings, self);
    exchange = new PeerExchange(neighbours, connector, out);
    webSeeds = new WebSeeds(geometry, neighbours, picker, downloader, table, out);
    conversation =
        new Conversation(
            this.have,
            downloader,
            uploader,
            choker,
            superSeeder,
            connector,
            exchange,
            new FastGrants(geometry, this.have, superSeeder, out),
            description,
            leafReads,
            guard,
            out,
            settings);
    apply(settings);
    finished = picker.wantedCount() == 0;
    choker.seeding(finished);
    uploader.seeding(finished);
    conversation.finished(finished, List.of(), 0);
  }

  // Machine.

  @Override
  public void accept(SwarmInput input, long nowNanos) {
    switch (input) {
      case SwarmInput.MessageReceived(int link, var message) -> {
        var peer = neighbours.find(link);
        if (peer == null) {
          Conversation.discard(message);
        } else {
          closeFor(peer, conversation.onMessage(peer, message, nowNanos), nowNanos);
        }
      }
      case SwarmInput.PayloadSent(int link, int bytes) -> {
        var peer = neighbours.find(link);
        if (peer != null) {
          uploader.onSent(peer, bytes, nowNanos);
        }
      }
      case SwarmInput.BlockRead(int link, int index, int begin, var block) -> {
        var peer = neighbours.find(link);
        if (peer == null) {
          block.release();
        } else {
          uploader.onBlockRead(peer, index, begin, block, nowNanos);
        }
      }
      case SwarmInput.PieceVerified verified -> onVerified(verified, nowNanos);
      case SwarmInput.BlockFailed(int index, int begin) -> onBlockFailed(index, begin, nowNanos);
      case SwarmInput.LeavesHashed(int link, int _, byte[] leaves) ->
          leafReads.onHashed(neighbours.find(link), leaves, nowNanos);
      case SwarmInput.LinkOpened opened ->
          onLinkOpened(exchange.holepunch().recognised(opened, nowNanos), nowNanos);
      case SwarmInput.WebSeedOpened opened -> webSeeds.onOpened(opened, running, nowNanos);
      case SwarmInput.WebSeedFailed failed -> webSeeds.onFailed(failed, nowNanos);
      case SwarmInput.LinkInherited(var opened, var source, var heard) ->
          onLinkInherited(opened, source, heard, nowNanos);
      case SwarmInput.LinkClosed(int link, var reason) -> {
        var peer = neighbours.find(link);
        if (peer != null) {
          forget(peer, reason, nowNanos);
        }
      }
      case SwarmInput.DialFailed(var remote) -> exchange.onDialFailed(remote, nowNanos);
      case SwarmInput.PeersFound(var source, var peers) ->
          connector.onFound(peers, source, nowNanos);
      case SwarmInput.PeersBanned(var peers) -> peers.forEach(table::ban);
      case SwarmInput.StorageFailed(String text) -> onStorageFailed(text, nowNanos);
      case SwarmInput.Resume() -> resume(nowNanos);
      case SwarmInput.Pause() -> pause(nowNanos);
      case SwarmInput.PrioritiesChanged(byte[] priorities) -> {
        picker.priorities(priorities);
        downloader.recountAll(nowNanos);
        checkFinished(nowNanos);
      }
      case SwarmInput.SettingsChanged(var changed) -> {
        apply(changed);
        superSeeder.mode(changed.superSeeding(), nowNanos);
      }
    }
    settle(nowNanos);
  }

  @Override
  public void advance(long nowNanos) {
    for (var due = timers.takeDue(nowNanos); due != null; due = timers.takeDue(nowNanos)) {
      onTimer(due, nowNanos);
    }
    settle(nowNanos);
  }

  @Override
  public @Nullable SwarmOutput poll() {
    return out.poll();
  }

  @Override
  public long deadlineNanos() {
    return timers.earliestNanos(running ? suggester.dueNanos() : NEVER);
  }

  /** After every event: dial, and hand out what the uplink has room for. */
  private void settle(long nowNanos) {
    if (running) {
      connector.dial(nowNanos);
      uploader.pump(nowNanos);
      if (!superSeeder.isActive() && !settings.plain()) {
        suggester.settle(nowNanos);
      }
    }
  }

  private void onTimer(Timer timer, long nowNanos) {
    switch (timer) {
      case TICK -> {
        timers.set(Timer.TICK, nowNanos + SECOND);
        tick(nowNanos);
      }
      case RECHOKE -> {
        timers.set(Timer.RECHOKE, nowNanos + Choker.RECHOKE_NANOS);
        checkLinks(nowNanos);
        choker.rechoke(nowNanos);
      }
      case STORAGE_RETRY -> resume(nowNanos);
    }
  }

  private void tick(long nowNanos) {
    webSeeds.tick(nowNanos);
    downloader.checkTimeouts(nowNanos);
    guard.everySecond(nowNanos);
    choker.adaptSlots(nowNanos);
    uploader.everySecond();
    superSeeder.everySecond(nowNanos);
    if (superSeeder.isActive()) {
      meet(nowNanos);
    }
    exchange.everySecond(nowNanos);
    connector.everySecond(finished, nowNanos);
    connector.lookForPeers(nowNanos);
  }

  /** Without pieces a neighbour need not tell any. */
  private void meet(long nowNanos) {
    for (var peer : neighbours.all()) {
      if (connector.isAcquainted(peer, nowNanos)) {
        superSeeder.onReady(peer, nowNanos);
      }
    }
  }

  private void checkLinks(long nowNanos) {
    for (var peer : List.copyOf(neighbours.all())) {
      out.flush(peer, nowNanos);
      closeFor(peer, connector.check(peer, finished, nowNanos), nowNanos);
    }
  }

  // Links.

  private void onLinkOpened(SwarmInput.LinkOpened opened, long nowNanos) {
    var refusal = running ? connector.refusal(opened, nowNanos) : CloseReason.PAUSED;
    if (refusal != null) {
      out.add(new SwarmOutput.CloseLink(opened.link(), refusal));
      connector.onRefused(opened, refusal, nowNanos);
      return;
    }
    var victim = connector.victim(opened, nowNanos);
    if (victim != null) {
      closeFor(victim, CloseReason.REPLACED, nowNanos);
    }
    var loser = connector.loser(opened);
    var peer = connector.welcome(opened, loser, geometry.pieceCount(), nowNanos);
    if (loser != null) {
      closeFor(loser, CloseReason.DUPLICATE, nowNanos);
    }
    out.tell(
        new SwarmEvent.PeerConnected(
            peer.link, peer.remote, peer.incoming, peer.source, peer.route));
    conversation.open(peer, nowNanos);
  }

  private void onLinkInherited(
      SwarmInput.LinkOpened opened, PeerSource source, List<PeerMessage> heard, long nowNanos) {
    if (!running) {
      out.add(new SwarmOutput.CloseLink(opened.link(), CloseReason.PAUSED));
      out.tell(new SwarmEvent.PeerGone(opened.link(), opened.remote(), CloseReason.PAUSED));
      return;
    }
    var peer = connector.inherit(opened, source, geometry.pieceCount(), nowNanos);
    conversation.goOn(peer, nowNanos);
    for (var message : heard) {
      if (neighbours.find(peer.link) == peer) {
        closeFor(peer, conversation.onMessage(peer, message, nowNanos), nowNanos);
      }
    }
  }

  private void closeFor(Peer peer, @Nullable CloseReason reason, long nowNanos) {
    if (reason != null && neighbours.find(peer.link) != null) {
      out.add(new SwarmOutput.CloseLink(peer.link, reason));
      forget(peer, reason, nowNanos);
    }
  }

  private void forget(Peer peer, CloseReason reason, long nowNanos) {
    neighbours.remove(peer);
    choker.onGone(peer);
    uploader.onGone(peer, nowNanos);
    superSeeder.onGone(peer);
    leafReads.onGone(peer);
    downloader.onGone(peer);
    exchange.onGone(peer);
    connector.onClosed(peer, reason, nowNanos);
    out.tell(webSeeds.onGone(peer, reason));
    if (running) {
      downloader.fillAll(nowNanos);
      if (!peer.amChoking) {
        choker.fillFreeSlots(nowNanos);
      }
    }
  }

  // Pieces.

  private void onVerified(SwarmInput.PieceVerified verified, long nowNanos) {
    int piece = verified.index();
    if (have.contains(piece)) {
      return;
    }
    if (verified.good()) {
      guard.onPassed(piece);
      ban(ledger.onPassed(piece, verified.digests()), piece, nowNanos);
      downloader.onVerified(piece, nowNanos);
      conversation.announcePiece(piece, neighbours.all(), nowNanos);
      out.tell(new SwarmEvent.PieceCompleted(piece, picker.wantedCount()));
      checkFinished(nowNanos);
    } else {
      if (guard.hasConvicted(piece)) {
        ledger.forget(piece);
      }
      ban(ledger.onFailed(piece, verified.digests()), piece, nowNanos);
      guard.onFailed(piece, nowNanos);
      out.tell(new SwarmEvent.PieceFailed(piece));
      downloader.onFailed(piece, nowNanos);
    }
  }

  /** BEP 52: the block's own hash says who sent something wrong, before the piece is there. */
  private void onBlockFailed(int piece, int begin, long nowNanos) {
    int block = begin / PieceGeometry.BLOCK_LENGTH;
    guard.onConviction(piece);
    downloader.onBlockFailed(piece, block);
    var sender = ledger.onBlockFailed(piece, block);
    if (sender != null) {
      ban(new Verdict(List.of(sender), List.of()), piece, nowNanos);
    }
    downloader.fillAll(nowNanos);
  }

  private void ban(Verdict verdict, int piece, long nowNanos) {
    for (var remote : verdict.convicted()) {
      if (table.ban(remote)) {
        out.tell(webSeeds.banned(remote, piece));
      }
      for (var peer : List.copyOf(neighbours.all())) {
        if (peer.remote.equals(remote)) {
          closeFor(peer, CloseReason.SENT_BAD_DATA, nowNanos);
        }
      }
    }
  }

  private void checkFinished(long nowNanos) {
    boolean now = picker.wantedCount() == 0;
    if (now && !finished) {
      out.tell(new SwarmEvent.Finished(have.isFull()));
    }
    if (now != finished) {
      finished = now;
      choker.seeding(finished);
      uploader.seeding(finished);
      conversation.finished(finished, neighbours.all(), nowNanos);
    }
  }

  // Commands and trouble.

  private void resume(long nowNanos) {
    timers.set(Timer.STORAGE_RETRY, NEVER);
    problem = null;
    if (!running) {
      running = true;
      timers.set(Timer.TICK, nowNanos + SECOND);
      timers.set(Timer.RECHOKE, nowNanos + Choker.RECHOKE_NANOS);
      downloader.verifyPadding();
      connector.lookForPeers(nowNanos);
    }
  }

  private void pause(long nowNanos) {
    running = false;
    timers.clear();
    for (var peer : List.copyOf(neighbours.all())) {
      closeFor(peer, CloseReason.PAUSED, nowNanos);
    }
  }

  private void onStorageFailed(String text, long nowNanos) {
    picker.forgetUnfinished();
    ledger.forgetAll();
    guard.forgetAll();
    if (running) {
      pause(nowNanos);
      problem = text;
      timers.set(Timer.STORAGE_RETRY, nowNanos + STORAGE_RETRY_NANOS);
      out.tell(new SwarmEvent.StorageProblem(text));
    }
  }

  private void apply(SwarmSettings changed) {
    settings = changed;
    picker.sequential(changed.sequential());
    picker.randomFirst(changed.randomFirstPieces());
    downloader.settings(changed);
    uploader.limitEach(changed.uploadPerAddress());
    choker.settings(changed, finished);
    uploader.plain(changed.plain());
    connector.settings(changed);
    exchange.settings(changed);
    conversation.settings(changed);
  }

  // Looking in from outside.

  public SwarmSettings settings() {
    return settings;
  }

  /** The verified pieces; a copy. */
  public PieceSet pieces() {
    return have.copy();
  }

  /** Peers that were proved to have sent bad data, oldest first; a copy. */
  public List<Endpoint> banned() {
    return table.banned();
  }

  /** How many pieces are verified. */
  public int piecesDone() {
    return have.size();
  }

  /** Whether every wanted piece is verified. */
  public boolean isFinished() {
    return finished;
  }

  /** A snapshot; rates are as of {@code nowNanos}. */
  public SwarmStatus status(long nowNanos) {
    var peers = neighbours.all().stream().map(peer -> peer.status(nowNanos)).toList();
    var bytes = PieceBytes.of(geometry, have, picker);
    return new SwarmStatus(
        geometry.pieceCount(),
        have.size(),
        bytes.wanted(),
        bytes.done(),
        bytes.left(),
        downloader.downloaded(),
        uploader.uploaded(),
        (long) downloader.rate(nowNanos),
        (long) uploader.rate(nowNanos),
        downloader.wasted(),
        have.isFull(),
        !running,
        table.size(),
        problem,
        peers);
  }
}

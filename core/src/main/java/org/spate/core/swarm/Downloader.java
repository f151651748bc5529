package org.spate.core.swarm;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.PeerMessage;

/**
 * Asks neighbours for blocks and takes what they send: interest, requests in flight, time-outs,
 * endgame cancels. What to ask for is the picker's business, how much at once the pipeline's.
 */
final class Downloader {
  /** A neighbour that owes blocks and sends none for so long is snubbing us (BEP 3). */
  static final long SNUB_NANOS = 60_000_000_000L;

  /** A whole piece is asked for at once, so that it can be served in one turn; but not more. */
  private static final int REQUESTS_MIN = 64;

  private static final long RATE_WINDOW_NANOS = 5_000_000_000L;

  private final PieceGeometry geometry;
  private final PieceSet have;
  private final PiecePicker picker;
  private final PieceLedger ledger;
  private final LeafGuard guard;
  private final Neighbours neighbours;
  private final Sources sources = new Sources();
  private final Outbox out;
  private final ChangeOvers changeOvers;
  private final RateMeter total = new RateMeter(RATE_WINDOW_NANOS);
  private SwarmSettings settings;
  private long downloaded;
  private long wasted;

  Downloader(
      PieceGeometry geometry,
      PieceSet have,
      PiecePicker picker,
      PieceLedger ledger,
      LeafGuard guard,
      Neighbours neighbours,
      Outbox out,
      SwarmSettings settings,
      RandomGenerator random) {
    this.changeOvers = new ChangeOvers(picker, neighbours, random, this::changeOver);
    this.geometry = geometry;
    this.have = have;
    this.picker = picker;
    this.ledger = ledger;
    this.guard = guard;
    this.neighbours = neighbours;
    this.out = out;
    this.settings = settings;
  }

  void settings(SwarmSettings changed) {
    settings = changed;
  }

  double rate(long nowNanos) {
    return total.rate(nowNanos);
  }

  long downloaded() {
    return downloaded;
  }

  long wasted() {
    return wasted;
  }

  // What a neighbour has, and whether we want it.

  void onHave(Peer peer, int piece, long nowNanos) {
    picker.onHave(piece);
    if (picker.isWanted(piece)) {
      peer.wantedCount++;
      updateInterest(peer, nowNanos);
      fill(peer, nowNanos);
      if (!settings.plain()) {
        changeOvers.share(piece, peer, isBeginner(), nowNanos);
      }
    }
  }

  /** Whether we have next to nothing to trade. */
  private boolean isBeginner() {
    return have.size() <= settings.randomFirstPieces();
  }

  /** A neighbour says that its uplink is idle. */
  void onSuggest(Peer peer, long nowNanos) {
    fill(peer, nowNanos);
    if (!settings.plain() && peer.canRequest()) {
      if (peer.pipeline.size() <= picker.endgameBlocksMax()) { // others are asked for these, too
        changeOvers.onIdle(peer, nowNanos);
      }
      fill(peer, true, nowNanos);
    }
  }

  private void changeOver(int piece, Peer from, Peer to, long nowNanos) {
    for (int block = 0; block < geometry.fetchBlockCount(piece); block++) {
      cancel(from, piece, block, nowNanos);
    }
    fill(to, nowNanos);
    fill(from, nowNanos);
  }

  void onDontHave(Peer peer, int piece, long nowNanos) {
    picker.onDontHave(piece);
    if (picker.isWanted(piece)) {
      peer.wantedCount--;
      updateInterest(peer, nowNanos);
    }
  }

  /** It told all its pieces at once. */
  void onBitfield(Peer peer, long nowNanos) {
    picker.onJoined(peer.has);
    recount(peer, nowNanos);
    fill(peer, nowNanos);
  }

  /** Wishes have changed: what each neighbour is worth must be counted anew. */
  void recountAll(long nowNanos) {
    for (var peer : neighbours.all()) {
      recount(peer, nowNanos);
    }
    fillAll(nowNanos);
  }

  private void recount(Peer peer, long nowNanos) {
    int count = 0;
    for (int piece = peer.has.next(0); piece >= 0; piece = peer.has.next(piece + 1)) {
      count += picker.isWanted(piece) ? 1 : 0;
    }
    peer.wantedCount = count;
    updateInterest(peer, nowNanos);
  }

  private void updateInterest(Peer peer, long nowNanos) {
    boolean interested = peer.wantedCount > 0;
    if (interested != peer.amInterested) {
      peer.amInterested = interested;
      sources.consider(peer);
      out.send(
          peer,
          interested ? new PeerMessage.Interested() : new PeerMessage.NotInterested(),
          nowNanos);
    }
  }

  // Requests.

  void fillAll(long nowNanos) {
    for (var peer : sources.all()) {
      fill(peer, nowNanos);
    }
  }

  /**
   * Tops up what is asked of a neighbour. One that tells when its uplink idles is not asked for
   * what others are asked for, too, unless it does: it would be busy, and upload in vain.
   */
  void fill(Peer peer, long nowNanos) {
    boolean tells = peer.suggestsWhenIdle && !settings.plain();
    fill(peer, !tells, nowNanos);
    if (tells && peer.pipeline.isEmpty() && peer.canRequest() && picker.isEndgame()) {
      changeOvers.onEndgame(peer, nowNanos);
    }
  }

  private void fill(Peer peer, boolean mayRepeat, long nowNanos) {
    var web = peer.web;
    if (!peer.canRequest() || peer.rejecting || (web != null && !web.isNeeded)) {
      return;
    }
    int room = depth(peer, nowNanos) - peer.pipeline.size();
    // Not one by one: a batch of requests makes one segment.
    if (room <= 0 || room < peer.pipeline.size() / 8) {
      return;
    }
    var mode =
        new Pick(
            settings.wholePieces(),
            ledger.isOnParole(peer.remote),
            peer.snubbed,
            mayRepeat,
            web != null ? web.within : peer.peerChoking ? peer.allowedFast : null);
    picker.pick(
        peer.link,
        peer.has,
        mode,
        room,
        (piece, begin, length) -> {
          guard.onRequest(peer, piece, nowNanos);
          owe(peer, nowNanos);
          peer.pipeline.add(piece, begin / PieceGeometry.BLOCK_LENGTH, nowNanos);
          out.send(peer, new PeerMessage.Request(piece, begin, length), nowNanos);
        });
  }

  /** It owes blocks from now on, if it did not; what was taken back unanswered counts on. */
  private static void owe(Peer peer, long nowNanos) {
    if (peer.pipeline.isEmpty() && !peer.overdue) {
      peer.lastBlockNanos = nowNanos;
    }
  }

  private int depth(Peer peer, long nowNanos) {
    if (peer.snubbed) {
      return 1;
    }
    if (peer.web != null) {
      return WebSource.depth(geometry.blockCountMax());
    }
    return peer.pipeline.depth(
        peer.downRate.rate(nowNanos),
        settings.requestSlackNanos(),
        PieceGeometry.BLOCK_LENGTH,
        Math.clamp(geometry.blockCountMax(), RequestPipeline.DEPTH_MIN, REQUESTS_MIN),
        peer.requestLimit);
  }

  /** Pieces that it lets us fetch while it chokes us (BEP 6). */
  void onAllowedFast(Peer peer, long nowNanos) {
    sources.consider(peer);
    fill(peer, nowNanos);
  }

  void onUnchoke(Peer peer, long nowNanos) {
    peer.peerChoking = false;
    peer.rejecting = false;
    sources.consider(peer);
    fill(peer, nowNanos);
    if (!settings.plain()) {
      changeOvers.shareAny(peer, isBeginner(), nowNanos);
    }
  }

  /** Without the Fast extension a choke drops our requests; with it each is rejected (BEP 6). */
  void onChoke(Peer peer, long nowNanos) {
    peer.peerChoking = true;
    if (!peer.fast) {
      takeBack(peer);
      peer.overdue = false;
      fillAll(nowNanos);
    }
  }

  /** A request is refused (BEP 6). Returns why the link must close, or null. */
  @Nullable CloseReason onReject(Peer peer, int piece, int begin, long nowNanos) {
    if (!geometry.isPiece(piece)) {
      return CloseReason.BAD_INDEX;
    }
    int block = begin / PieceGeometry.BLOCK_LENGTH;
    if (!peer.pipeline.remove(piece, block)) {
      onLateReject(peer);
      return null;
    }
    picker.onReleased(peer.link, piece, block);
    peer.rejecting = true;
    if (peer.peerChoking && peer.allowedFast != null) {
      peer.allowedFast.remove(piece);
    }
    if (peer.pipeline.isEmpty()) {
      fillOthers(peer, nowNanos);
    }
    return null;
  }

  /** The answer to a request that was taken back; if there is none, it rejects what it likes. */
  private static void onLateReject(Peer peer) {
    if (peer.takenBack == 0) {
      peer.nuisance++;
    } else if (--peer.takenBack == 0) {
      peer.overdue = false;
    }
  }

  /** A web server failed: it owes nothing, and others may be asked. */
  void onFailed(Peer peer, long nowNanos) {
    takeBack(peer);
    peer.overdue = false;
    fillOthers(peer, nowNanos);
  }

  void onGone(Peer peer) {
    sources.leave(peer);
    peer.pipeline.drain((_, _) -> {});
    picker.onLinkGone(peer.link);
    if (peer.saidPieces) {
      picker.onGone(peer.has);
    }
  }

  private void fillOthers(Peer except, long nowNanos) {
    for (var peer : sources.all()) {
      if (peer != except) {
        fill(peer, nowNanos);
      }
    }
  }

  private void takeBack(Peer peer) {
    peer.pipeline.drain((piece, block) -> takeBack(peer, piece, block));
  }

  private void takeBack(Peer peer, int piece, int block) {
    peer.takenBack++;
    picker.onReleased(peer.link, piece, block);
  }

  /** Every second: neighbours that owe blocks and send none. */
  void checkTimeouts(long nowNanos) {
    for (var peer : sources.all()) {
      checkTimeouts(peer, nowNanos);
      if (peer.rejecting
          || peer.pipeline.isEmpty()) { // else the next block brings the next request
        peer.rejecting = false;
        fill(peer, nowNanos);
      }
    }
    sources.prune(picker);
  }

  /** What it owes since it last sent a block counts, also what was taken back meanwhile. */
  private void checkTimeouts(Peer peer, long nowNanos) {
    var pipeline = peer.pipeline;
    if (pipeline.isEmpty()) {
      return;
    }
    long waited = nowNanos - peer.lastBlockNanos;
    if (peer.overdue && waited > SNUB_NANOS) {
      peer.snubbed = true;
    }
    int asked = pipeline.size();
    long timeout = RequestPipeline.timeoutNanos(geometry.pieceLength());
    if (Math.min(waited, nowNanos - pipeline.oldestNanos()) > timeout) {
      peer.overdue = true;
      takeBack(peer);
    } else {
      // One that sends others and withholds some.
      pipeline.drainSentBefore(nowNanos - SNUB_NANOS, (p, block) -> takeBack(peer, p, block));
    }
    if (pipeline.size() < asked) {
      fillOthers(peer, nowNanos);
    }
  }

  // Blocks.

  /** Takes a block. Returns why the link must close, or null. */
  @Nullable CloseReason onBlock(Peer peer, PeerMessage.Piece message, long nowNanos) {
    int piece = message.index();
    var payload = message.block();
    int length = payload.length();
    if (!geometry.isBlock(piece, message.begin(), length)) {
      payload.release();
      return CloseReason.UNSOLICITED;
    }
    int block = message.begin() / PieceGeometry.BLOCK_LENGTH;
    boolean late = !peer.pipeline.answered(piece, block, nowNanos);
    if (late && --peer.takenBack < 0) {
      payload.release();
      return CloseReason.UNSOLICITED;
    }
    count(peer, length, nowNanos);
    var result =
        late
            ? picker.onLateBlock(peer.link, piece, block)
            : picker.onBlock(peer.link, piece, block);
    switch (result) {
      case DUPLICATE, UNREQUESTED -> {
        wasted += length;
        payload.release();
      }
      case ACCEPTED -> store(peer, message, block, nowNanos);
      case COMPLETES_PIECE -> {
        store(peer, message, block, nowNanos);
        verify(piece);
      }
    }
    fill(peer, nowNanos);
    return null;
  }

  private void count(Peer peer, int length, long nowNanos) {
    if (peer.web != null) {
      peer.web.onBlock();
    }
    peer.downRate.add(length, nowNanos);
    peer.downloaded += length;
    peer.lastBlockNanos = nowNanos;
    peer.overdue = false;
    peer.snubbed = false;
    total.add(length, nowNanos);
    downloaded += length;
  }

  private void store(Peer peer, PeerMessage.Piece message, int block, long nowNanos) {
    ledger.onBlock(message.index(), block, peer.remote);
    out.add(new SwarmOutput.WriteBlock(message.index(), message.begin(), message.block()));
    // Endgame: what one neighbour has sent the others need not send.
    picker.othersRequesting(
        message.index(),
        block,
        peer.link,
        link -> cancel(neighbours.find(link), message.index(), block, nowNanos));
  }

  private void cancel(@Nullable Peer peer, int piece, int block, long nowNanos) {
    if (peer != null && peer.pipeline.remove(piece, block)) {
      peer.takenBack++;
      picker.onReleased(peer.link, piece, block);
      int length = geometry.blockLength(piece, block);
      int begin = block * PieceGeometry.BLOCK_LENGTH;
      out.send(peer, new PeerMessage.Cancel(piece, begin, length), nowNanos);
    }
  }

  // Pieces.

  private void verify(int piece) {
    out.add(new SwarmOutput.VerifyPiece(piece, ledger.wantsDigests(piece)));
  }

  /** Pieces that are nothing but padding (BEP 47) are fetched from nobody. */
  void verifyPadding() {
    for (int piece = 0; piece < geometry.pieceCount(); piece++) {
      if (picker.isBlockless(piece) && picker.isWanted(piece)) {
        verify(piece);
      }
    }
  }

  /** A piece is verified and stored. */
  void onVerified(int piece, long nowNanos) {
    have.add(piece);
    boolean wanted = picker.isWanted(piece);
    picker.onVerified(piece);
    for (var peer : neighbours.all()) {
      if (wanted && peer.has.contains(piece)) {
        peer.wantedCount--;
        updateInterest(peer, nowNanos);
      }
    }
  }

  /** A block was wrong: it alone was for nothing. */
  void onBlockFailed(int piece, int block) {
    wasted += geometry.blockLength(piece, block);
    picker.onBlockFailed(piece, block);
  }

  /** A piece failed its hash: all of it was for nothing. */
  void onFailed(int piece, long nowNanos) {
    wasted += geometry.dataLength(piece);
    picker.onFailed(piece);
    fillAll(nowNanos);
  }
}

package org.spate.core.swarm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Payload;
import org.spate.core.wire.PeerMessage;

/**
 * Serves requests: one neighbour at a time, a piece at a time, then the next in turn. A piece that
 * goes out at the full rate of the uplink can be passed on soon; twenty that go out side by side
 * can all be passed on late. Only as much is handed to the host as keeps the uplink busy, so that
 * what is decided last is still decided by us and not by a queue.
 *
 * <p>A link that never takes as much as the uplink gives has a bottleneck of its own: it gets what
 * keeps that busy, and others are served beside it.
 */
final class Uploader {
  /** Bytes handed out and not gone that are enough to keep any uplink busy for a moment. */
  private static final int WINDOW_MIN = 64 * 1024;

  private static final int WINDOW_MAX = 8 * 1024 * 1024;
  private static final double WINDOW_SECONDS = 0.05;

  /** A link this near to the rate of the whole uplink has nothing but the uplink to hold it up. */
  private static final double FAST_SHARE = 0.7;

  /** A link that has taken nothing for so long stalls, and the uplink is free. */
  private static final long STALL_NANOS = 1_000_000_000L;

  /** What a slower link counts for, of its rate: so one more is tried beside those at work. */
  private static final double SLOW_COUNT = 0.8;

  /** Most that one neighbour is served before it is the next one's turn. */
  private static final int TURN_MAX = 1024 * 1024;

  /** One turn in so many goes to whoever is next and gives, however common its wish is. */
  private static final int FAIR_TURNS = 5;

  /** One in so many goes to whoever is next, so that nobody starves (BEP 3, optimistic). */
  private static final int OPTIMISTIC_TURNS = 20;

  /** Turns that a neighbour gets before it is asked what it gave. */
  private static final int CREDIT_TURNS = 1;

  /** Taking more than so many times what it gives makes a free rider. */
  private static final int FREE_RIDE_RATIO = 20;

  private static final long RATE_WINDOW_NANOS = 5_000_000_000L;

  private final PieceGeometry geometry;
  private final PieceSet have;
  private final PiecePicker picker;
  private final Neighbours neighbours;
  private final Outbox out;
  private final ArrayDeque<Peer> rotation = new ArrayDeque<>(); // who has requests waiting
  private final List<Peer> sending = new ArrayList<>(); // who has bytes on their way out
  private final UploadQuota quota = new UploadQuota();
  private final RateMeter total = new RateMeter(RATE_WINDOW_NANOS);
  private long uploaded;
  private final RandomGenerator random;
  private boolean isSeeding;
  private boolean isPlain;
  private int @Nullable [] begun; // how often each piece was begun to be sent, while spreading
  private int turns;
  private boolean isIdle = true;
  private boolean stirred; // something has come that may let more be handed out

  Uploader(
      PieceGeometry geometry,
      PieceSet have,
      PiecePicker picker,
      Neighbours neighbours,
      Outbox out,
      RandomGenerator random) {
    this.picker = picker;
    this.neighbours = neighbours;
    this.random = random;
    this.geometry = geometry;
    this.have = have;
    this.out = out;
  }

  /** A seed takes nothing, so it asks nobody what it gave. */
  void seeding(boolean seeding) {
    isSeeding = seeding;
  }

  /** Most bytes for one address, 0 for no limit. */
  void limitEach(long bytes) {
    quota.limit(bytes);
  }

  /** Whether it has been given all that one address may have. */
  boolean isSated(Peer peer) {
    return quota.isSpent(peer.remote);
  }

  /** Plain clients serve all who have a slot side by side. */
  void plain(boolean plain) {
    isPlain = plain;
  }

  /** Whether pieces go out for the first time, and each should before any goes out again. */
  void spreading(boolean spreading) {
    begun = spreading ? new int[geometry.pieceCount()] : null;
  }

  double rate(long nowNanos) {
    return total.rate(nowNanos);
  }

  long uploaded() {
    return uploaded;
  }

  /** Whether nothing waits and nothing is on its way out. */
  boolean isIdle() {
    return isIdle;
  }

  /** Bytes that a neighbour is served at a time. */
  int turnLength() {
    return Math.min(geometry.pieceLength(), TURN_MAX);
  }

  /** A request (BEP 3). Returns why the link must close, or null. */
  @Nullable CloseReason onRequest(Peer peer, PeerMessage.Request request, long nowNanos) {
    if (!geometry.isRange(request.index(), request.begin(), request.length())
        || request.length() > PieceGeometry.BLOCK_LENGTH * 8) {
      return CloseReason.BAD_REQUEST;
    }
    if (isSated(peer)) {
      reject(peer, request.index(), request.begin(), request.length(), nowNanos);
      return null;
    }
    if (!have.contains(request.index()) || !peer.mayRequest(request.index(), request.length())) {
      peer.nuisance++;
      reject(peer, request.index(), request.begin(), request.length(), nowNanos);
      return null;
    }
    if (peer.requests.isFull()) {
      if (!peer.fast) {
        return CloseReason.REQUEST_FLOOD;
      }
      peer.nuisance++;
      reject(peer, request.index(), request.begin(), request.length(), nowNanos);
      return null;
    }
    peer.requests.add(request.index(), request.begin(), request.length());
    stirred = true;
    enter(peer);
    return null;
  }

  void onCancel(Peer peer, PeerMessage.Cancel cancel, long nowNanos) {
    if (peer.requests.remove(cancel.index(), cancel.begin(), cancel.length())) {
      reject(peer, cancel.index(), cancel.begin(), cancel.length(), nowNanos);
      if (peer.requests.isEmpty()) {
        leave(peer);
      }
    }
  }

  /** Its requests are dropped but those granted; with Fast it is told of each (BEP 6). */
  void onChoked(Peer peer, long nowNanos) {
    var queue = peer.requests;
    for (int left = queue.size(); left > 0; left--) {
      int index = queue.headIndex();
      int begin = queue.headBegin();
      int length = queue.headLength();
      queue.removeHead();
      if (peer.mayRequest(index, length)) {
        queue.add(index, begin, length);
      } else {
        reject(peer, index, begin, length, nowNanos);
      }
    }
    if (queue.isEmpty()) {
      leave(peer);
    }
  }

  void onGone(Peer peer, long nowNanos) {
    stirred = true;
    leave(peer);
    landed(peer, peer.inFlight);
    peer.requests.clear();
  }

  void onBlockRead(Peer peer, int index, int begin, Payload block, long nowNanos) {
    out.send(peer, new PeerMessage.Piece(index, begin, block), nowNanos);
  }

  void onSent(Peer peer, int bytes, long nowNanos) {
    stirred = true;
    int gone = Math.min(bytes, peer.inFlight);
    peer.lastTakenNanos = nowNanos;
    if (sending.size() == 1) {
      peer.drain.add(gone, nowNanos);
    } else {
      peer.drain.addShared(gone, nowNanos);
    }
    peer.upRate.add(gone, nowNanos);
    peer.uploaded += gone;
    quota.onSent(peer.remote, gone);
    total.add(gone, nowNanos);
    uploaded += gone;
    landed(peer, gone);
  }

  private void landed(Peer peer, int bytes) {
    peer.inFlight -= bytes;
    if (peer.inFlight == 0 && bytes > 0) {
      peer.drain.stop();
      sending.remove(peer);
      isIdle = sending.isEmpty();
    }
  }

  /** Links may have stalled meanwhile. */
  void everySecond() {
    stirred = true;
  }

  /** Hands out what the uplink has room for. Asked after every event; most bring none. */
  void pump(long nowNanos) {
    if (!stirred) {
      return;
    }
    stirred = false;
    double uplink = total.rate(nowNanos);
    long window = (long) Math.clamp(uplink * WINDOW_SECONDS, WINDOW_MIN, WINDOW_MAX);
    long pressure = 0;
    for (var peer : sending) {
      pressure += pressure(peer, window, uplink, nowNanos);
    }
    int full = 0;
    while (pressure < window && full < rotation.size()) {
      var peer = rotation.getFirst();
      if (isFull(peer, window, nowNanos)) {
        rotation.addLast(rotation.removeFirst());
        full++;
        continue;
      }
      pressure -= pressure(peer, window, uplink, nowNanos);
      serve(peer, nowNanos);
      pressure += pressure(peer, window, uplink, nowNanos);
      full = 0;
      if (peer.requests.isEmpty()) {
        leave(peer);
        peer.turnBytes = 0;
        chooseNext();
      } else if (isTurnOver(peer)) {
        peer.turnBytes = 0;
        rotation.addLast(rotation.removeFirst());
        chooseNext();
      }
    }
  }

  /**
   * A turn is over: newcomers first, then by rarity; every fifth turn is for whoever is next. While
   * pieces go out for the first time rarity is all. Who gives nothing gets what the others leave,
   * and every twentieth turn.
   */
  private void chooseNext() {
    if (isPlain) {
      return;
    }
    turns++;
    var next = begun == null ? newcomer() : withRarestWish();
    if (next == null && turns % OPTIMISTIC_TURNS != 0) {
      next = turns % FAIR_TURNS == 0 ? firstThatGives() : withRarestWish();
    }
    if (next != null && next != rotation.peekFirst()) {
      rotation.remove(next);
      rotation.addFirst(next);
    }
  }

  /**
   * Whoever has nothing yet has nothing to give: the sooner it gets a piece, the sooner it can. One
   * that got two and still claims to have none is no newcomer.
   */
  private @Nullable Peer newcomer() {
    int tickets = 0;
    long least = 2L * geometry.pieceLength();
    Peer drawn = null;
    for (var peer : rotation) {
      long given = peer.uploaded + peer.inFlight;
      if (peer.has.isEmpty() && given <= least && given < 2L * geometry.pieceLength()) {
        tickets = given < least ? 0 : tickets;
        least = given;
        drawn = random.nextInt(++tickets) == 0 ? peer : drawn;
      }
    }
    return drawn;
  }

  /**
   * Among those who give: a piece that few have is in demand, and whoever gets it can serve it too.
   * So it doubles in every turn, instead of waiting behind what everybody can serve. One that half
   * of the neighbours have is in no hurry; among those who ask for such the one goes first that has
   * least, so that all are done at about the same time.
   */
  private @Nullable Peer withRarestWish() {
    int common = begun == null ? (neighbours.count() + 1) / 2 : Integer.MAX_VALUE;
    int least = Integer.MAX_VALUE;
    Peer next = null;
    for (var peer : rotation) {
      int copies = copies(peer.requests);
      int urgency = copies < common ? copies : common + peer.has.size();
      if (urgency < least && (isSeeding || !isFreeRider(peer))) {
        least = urgency;
        next = peer;
      }
    }
    return next;
  }

  private @Nullable Peer firstThatGives() {
    for (var peer : rotation) {
      if (isSeeding || !isFreeRider(peer)) {
        return peer;
      }
    }
    return null;
  }

  /** Of the piece that is asked for next; one that is on its way out counts as well. */
  private int copies(UploadQueue requests) {
    int index = requests.headIndex();
    int copies = picker.availability(index);
    return begun == null || requests.headBegin() > 0 ? copies : Math.max(copies, begun[index]);
  }

  /** Tit for tat among those who have a slot: who gives next to nothing is served last. */
  private boolean isFreeRider(Peer peer) {
    return peer.uploaded - (long) CREDIT_TURNS * turnLength() > FREE_RIDE_RATIO * peer.downloaded;
  }

  private void serve(Peer peer, long nowNanos) {
    var queue = peer.requests;
    int index = queue.headIndex();
    int length = queue.headLength();
    if (begun != null && queue.headBegin() == 0) {
      begun[index]++;
    }
    out.add(new SwarmOutput.ReadBlock(peer.link, index, queue.headBegin(), length));
    queue.removeHead();
    if (peer.inFlight == 0) {
      peer.lastTakenNanos = nowNanos;
      peer.drain.start(nowNanos);
      sending.add(peer);
      isIdle = false;
    }
    peer.inFlight += length;
    peer.turnPiece = index;
    peer.turnBytes += length;
  }

  private boolean isTurnOver(Peer peer) {
    return isPlain || peer.requests.headIndex() != peer.turnPiece || peer.turnBytes >= TURN_MAX;
  }

  /** Bytes on their way out over a link, as far as they keep our own uplink busy. */
  private static long pressure(Peer peer, long window, double uplink, long nowNanos) {
    if (isStalled(peer, nowNanos)) {
      return 0;
    }
    double best = peer.drain.best();
    boolean isSlow = best >= 0 && best < FAST_SHARE * uplink && isFull(peer, window, nowNanos);
    return isSlow
        ? (long) Math.min(peer.inFlight, best * SLOW_COUNT * WINDOW_SECONDS)
        : peer.inFlight;
  }

  /** Whether more would not make it faster. */
  private static boolean isFull(Peer peer, long window, long nowNanos) {
    double best = peer.drain.best();
    double enough = best < 0 ? window : Math.max(best * WINDOW_SECONDS, WINDOW_MIN);
    return peer.inFlight >= enough || isStalled(peer, nowNanos);
  }

  private static boolean isStalled(Peer peer, long nowNanos) {
    return peer.inFlight > 0 && nowNanos - peer.lastTakenNanos > STALL_NANOS;
  }

  private void enter(Peer peer) {
    if (!peer.inRotation) {
      peer.inRotation = true;
      rotation.addLast(peer);
    }
  }

  private void leave(Peer peer) {
    if (peer.inRotation) {
      peer.inRotation = false;
      rotation.remove(peer);
    }
  }

  private void reject(Peer peer, int index, int begin, int length, long nowNanos) {
    if (peer.fast) {
      out.send(peer, new PeerMessage.RejectRequest(index, begin, length), nowNanos);
    }
  }
}

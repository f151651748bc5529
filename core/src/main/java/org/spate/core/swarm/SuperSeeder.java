package org.spate.core.swarm;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.swarm.SwarmSettings.SuperSeeding;
import org.spate.core.wire.PeerMessage;

/**
 * Super-seeding (BEP 16): the only seed shows no pieces and offers them one by one, so that it
 * sends every piece once before it sends any twice. A neighbour gets its next offer when a piece
 * that it had from us alone is seen at another: so most pieces go to those who pass them on. Once
 * another seed is in sight, or all pieces are out and the uplink idles, it shows everything.
 * Anybody can say that he has everything, and end the effect for the whole swarm: one such claim
 * counts when all the others together have every piece, two from different addresses count at once.
 *
 * <p>How many offers a neighbour has open follows its speed: when it has a piece and waits for
 * nothing more from us, they were too few. Not so for one that has never passed a piece on: what a
 * free rider is given is lost to the others, and has to be sent once more.
 */
final class SuperSeeder {
  /** Open offers to a neighbour at first. */
  private static final int OFFERS_MIN = 4;

  private static final int OFFERS_MAX = 256;

  /** Claims to be a seed, from as many addresses, that are believed without more ado. */
  private static final int CLAIMS_BELIEVED = 2;

  /** What a neighbour is shown at once when super-seeding ends, and each second from then on. */
  static final int HAVES_PER_SECOND = 1000;

  private final PieceSet have;
  private final int pieceCount;
  private final PiecePicker picker;
  private final Uploader uploader;
  private final Outbox out;
  private final RandomGenerator random;

  private static final class Offers {
    final Peer peer;
    final PieceSet made;
    final PieceSet alone; // of these, what it has and no other neighbour
    int open;
    int limit = OFFERS_MIN;
    boolean passesOn; // a piece that it had from us alone came to another
    boolean isReady; // it may be offered pieces
    int shown; // when all is shown: the pieces before this one are

    Offers(Peer peer, int pieceCount) {
      this.peer = peer;
      made = new PieceSet(pieceCount);
      alone = new PieceSet(pieceCount);
    }
  }

  private final Map<Peer, Offers> offers = new LinkedHashMap<>(); // whom we hide from
  private final Map<Peer, Offers> showing = new LinkedHashMap<>(); // who is being shown all
  private final Set<Peer> claimants = new LinkedHashSet<>(); // neighbours that have everything
  private final Set<Endpoint> claims = new LinkedHashSet<>(); // addresses that ever claimed it
  private int[] openByPiece = {};
  private @Nullable Offers[] onlyHolder = {}; // for each piece, the neighbour that has it alone
  private SuperSeeding mode = SuperSeeding.OFF;
  private boolean active;

  /**
   * @param have what we have; it begins at once if that is everything and the mode is not off
   */
  SuperSeeder(
      SuperSeeding mode,
      PieceSet have,
      PiecePicker picker,
      Uploader uploader,
      Outbox out,
      RandomGenerator random) {
    this.uploader = uploader;
    this.have = have;
    this.pieceCount = have.pieceCount();
    this.picker = picker;
    this.out = out;
    this.random = random;
    mode(mode, 0);
  }

  /** A changed mode. Whoever has seen everything has; it is hidden from those who come from now. */
  void mode(SuperSeeding changed, long nowNanos) {
    if (changed == mode) {
      return;
    }
    mode = changed;
    if (mode == SuperSeeding.OFF) {
      leave(nowNanos);
    } else if (!active && have.isFull()) {
      active = true;
      uploader.spreading(true);
      openByPiece = new int[pieceCount];
      onlyHolder = new Offers[pieceCount];
      claims.clear();
      claimants.forEach(this::claim);
    }
  }

  /** While active, neighbours must not be told what we have by other ways. */
  boolean isActive() {
    return active;
  }

  /** A new neighbour was told that we have nothing. */
  void hide(Peer peer) {
    offers.put(peer, new Offers(peer, pieceCount));
  }

  /** It may be offered pieces, whether it has told its own or not yet. */
  void onReady(Peer peer, long nowNanos) {
    var own = offers.get(peer);
    if (own != null && !own.isReady) {
      onPieces(peer, nowNanos);
    }
  }

  /** It has told all its pieces at once; some may be offered already. */
  void onPieces(Peer peer, long nowNanos) {
    if (isOver(peer, nowNanos)) {
      return;
    }
    var own = offers.get(peer);
    if (own == null) {
      return;
    }
    own.isReady = true;
    for (int piece = own.made.next(0); piece >= 0; piece = own.made.next(piece + 1)) {
      if (peer.has.contains(piece)) {
        close(own, piece);
      }
    }
    refill(peer, nowNanos);
  }

  /** Whether there is nothing to hide; what a neighbour said last may be the reason. */
  private boolean isOver(Peer peer, long nowNanos) {
    if (peer.isSeed() && claimants.add(peer)) {
      claim(peer);
      leaveIfNotAlone(nowNanos);
    }
    return !active;
  }

  private void claim(Peer peer) {
    if (claims.size() < CLAIMS_BELIEVED) {
      claims.add(peer.remote.withPort(0));
    }
  }

  private void leaveIfNotAlone(long nowNanos) {
    if (active
        && mode == SuperSeeding.AUTO
        && (claims.size() == CLAIMS_BELIEVED || (isOfNoUse() && othersHaveEverything()))) {
      leave(nowNanos);
    }
  }

  /** Somebody else shows everything, or the uplink has nothing to do because of what we hide. */
  private boolean isOfNoUse() {
    return !claims.isEmpty() || uploader.isIdle();
  }

  private boolean othersHaveEverything() {
    for (int piece = 0; piece < pieceCount; piece++) {
      if (picker.availability(piece) <= claimants.size()) {
        return false;
      }
    }
    return true;
  }

  private void close(Offers own, int piece) {
    own.open--;
    openByPiece[piece]--;
  }

  /** It has a piece now; if that was an offer of ours, the next one is due. */
  void onHave(Peer peer, int piece, long nowNanos) {
    if (isOver(peer, nowNanos)) {
      return;
    }
    var first = onlyHolder[piece];
    if (first != null && first.peer != peer) {
      first.passesOn |= !isOffered(peer, piece);
      passedOn(first, piece);
      refill(first.peer, nowNanos);
    }
    var own = offers.get(peer);
    if (own == null) {
      return;
    }
    if (own.made.contains(piece)) {
      taken(own, piece);
    }
    refill(peer, nowNanos);
  }

  private void taken(Offers own, int piece) {
    openByPiece[piece]--;
    if (picker.availability(piece) > 1) {
      own.open--;
    } else {
      own.alone.add(piece);
      onlyHolder[piece] = own;
    }
    if (isIdle(own.peer) && mayWiden(own)) {
      widen(own);
    }
  }

  /** Whether a neighbour that has a piece may have it from us. */
  private boolean isOffered(Peer peer, int piece) {
    var own = offers.get(peer);
    return own != null && own.made.contains(piece);
  }

  private boolean mayWiden(Offers own) {
    return own.passesOn || uploader.isIdle();
  }

  private static boolean isIdle(Peer peer) {
    return peer.requests.isEmpty() && peer.inFlight == 0;
  }

  /** It waits for nothing more from us: the offers were too few. */
  private void widen(Offers own) {
    own.limit = Math.min(own.limit * 2, OFFERS_MAX);
    passedOnAll(own);
  }

  private void passedOn(Offers own, int piece) {
    if (own.alone.remove(piece)) {
      onlyHolder[piece] = null;
      own.open--;
    }
  }

  private void passedOnAll(Offers own) {
    for (int piece = own.alone.next(0); piece >= 0; piece = own.alone.next(piece + 1)) {
      passedOn(own, piece);
    }
  }

  void onDontHave(Peer peer, int piece) {
    claimants.remove(peer);
    var own = offers.get(peer);
    if (own != null && own.made.contains(piece)) {
      passedOn(own, piece);
      own.open++;
      openByPiece[piece]++;
    }
  }

  void onGone(Peer peer) {
    claimants.remove(peer);
    showing.remove(peer);
    var own = offers.remove(peer);
    if (own != null) {
      passedOnAll(own);
      for (int piece = own.made.next(0); piece >= 0; piece = own.made.next(piece + 1)) {
        openByPiece[piece] -= peer.has.contains(piece) ? 0 : 1;
      }
    }
  }

  /**
   * Every second: who has all that it was offered waits for somebody to fetch it in vain, and who
   * is not interested does not want what it was offered; both see more.
   */
  void everySecond(long nowNanos) {
    showing.entrySet().removeIf(entry -> isAllShown(entry.getKey(), entry.getValue(), nowNanos));
    leaveIfNotAlone(nowNanos);
    for (var entry : offers.entrySet()) {
      var peer = entry.getKey();
      var own = entry.getValue();
      if (!own.isReady) {
        continue;
      }
      if (own.open > 0 && own.open == own.alone.size() && isIdle(peer) && mayWiden(own)) {
        widen(own);
      } else if (!peer.peerInterested && own.alone.isEmpty() && own.limit < pieceCount) {
        own.limit *= 2;
      }
      refill(peer, nowNanos);
    }
  }

  private void refill(Peer peer, long nowNanos) {
    var own = offers.get(peer);
    while (own != null && own.isReady && own.open < own.limit) {
      int piece = scarcest(peer, own);
      if (piece < 0) {
        return;
      }
      own.made.add(piece);
      own.open++;
      openByPiece[piece]++;
      out.send(peer, new PeerMessage.Have(piece), nowNanos);
    }
  }

  /**
   * The piece that fewest have or were offered, by lot among equals; -1 if it knows of all, or if
   * every piece is offered and we are still sending some for the first time.
   */
  private int scarcest(Peer peer, Offers own) {
    int best = -1;
    int fewest = Integer.MAX_VALUE;
    boolean awaited = false;
    int start = random.nextInt(pieceCount);
    for (int i = 0; i < pieceCount; i++) {
      int piece = start + i < pieceCount ? start + i : start + i - pieceCount;
      int copies = picker.availability(piece) + openByPiece[piece];
      awaited |= picker.availability(piece) == 0;
      if (copies < fewest && !peer.has.contains(piece) && !own.made.contains(piece)) {
        best = piece;
        fewest = copies;
        if (copies == 0) {
          break;
        }
      }
    }
    return fewest > 0 && awaited && !uploader.isIdle() ? -1 : best;
  }

  /** Shows everything to everyone; not in one burst of messages, where there are many pieces. */
  private void leave(long nowNanos) {
    active = false;
    uploader.spreading(false);
    for (var entry : offers.entrySet()) {
      if (!isAllShown(entry.getKey(), entry.getValue(), nowNanos)) {
        showing.put(entry.getKey(), entry.getValue());
      }
    }
    offers.clear();
    Arrays.fill(onlyHolder, null);
  }

  private boolean isAllShown(Peer peer, Offers own, long nowNanos) {
    for (int sent = 0; sent < HAVES_PER_SECOND && own.shown < pieceCount; own.shown++) {
      if (!peer.has.contains(own.shown) && !own.made.contains(own.shown)) {
        out.send(peer, new PeerMessage.Have(own.shown), nowNanos);
        sent++;
      }
    }
    return own.shown == pieceCount;
  }
}

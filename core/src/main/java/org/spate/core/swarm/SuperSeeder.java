package org.spate.core.swarm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.spate.core.wire.PeerMessage;

/**
 * Super-seeding (BEP 16): the only seed shows no pieces and offers them one by one, each to the
 * neighbour that has least to fetch, so that it sends every piece once before it sends any twice.
 * As soon as another seed is in sight it shows everything.
 *
 * <p>How many offers a neighbour has open follows its speed: when it has a piece and waits for
 * nothing more from us, they were too few.
 */
final class SuperSeeder {
  /** Open offers to a neighbour at first. */
  private static final int OFFERS_MIN = 2;

  private static final int OFFERS_MAX = 256;

  private final int pieceCount;
  private final PiecePicker picker;
  private final Outbox out;
  private final RandomGenerator random;

  private static final class Offers {
    final PieceSet made;
    int open;
    int limit = OFFERS_MIN;

    Offers(int pieceCount) {
      made = new PieceSet(pieceCount);
    }
  }

  private final Map<Peer, Offers> offers = new LinkedHashMap<>();
  private final int[] openByPiece;
  private boolean active;

  SuperSeeder(
      boolean active, int pieceCount, PiecePicker picker, Outbox out, RandomGenerator random) {
    this.active = active;
    this.pieceCount = pieceCount;
    this.picker = picker;
    this.out = out;
    this.random = random;
    this.openByPiece = new int[active ? pieceCount : 0];
  }

  /** While active, neighbours must not be told what we have by other ways. */
  boolean isActive() {
    return active;
  }

  /** It may be offered pieces, whether it has told its own or not yet. */
  void onReady(Peer peer, long nowNanos) {
    if (active && !offers.containsKey(peer)) {
      offers.put(peer, new Offers(pieceCount));
      onPieces(peer, nowNanos);
    }
  }

  /** It has told all its pieces at once; some may be offered already. */
  void onPieces(Peer peer, long nowNanos) {
    var own = offers.get(peer);
    if (!active || own == null) {
      onReady(peer, nowNanos);
      return;
    }
    for (int piece = own.made.next(0); piece >= 0; piece = own.made.next(piece + 1)) {
      if (peer.has.contains(piece)) {
        close(own, piece);
      }
    }
    if (peer.isSeed()) {
      leave(nowNanos);
    } else {
      refill(peer, nowNanos);
    }
  }

  private void close(Offers own, int piece) {
    own.open--;
    openByPiece[piece]--;
  }

  /** It has a piece now; if that was an offer of ours, the next one is due. */
  void onHave(Peer peer, int piece, long nowNanos) {
    var own = offers.get(peer);
    if (!active || own == null) {
      return;
    }
    if (own.made.contains(piece)) {
      close(own, piece);
      if (peer.requests.isEmpty() && peer.inFlight == 0) {
        own.limit = Math.min(own.limit * 2, OFFERS_MAX); // it ran dry
      }
    }
    if (peer.isSeed()) {
      leave(nowNanos);
    } else {
      refill(peer, nowNanos);
    }
  }

  void onDontHave(Peer peer, int piece) {
    var own = offers.get(peer);
    if (active && own != null && own.made.contains(piece)) {
      own.open++;
      openByPiece[piece]++;
    }
  }

  void onGone(Peer peer) {
    var own = offers.remove(peer);
    if (active && own != null) {
      for (int piece = own.made.next(0); piece >= 0; piece = own.made.next(piece + 1)) {
        openByPiece[piece] -= peer.has.contains(piece) ? 0 : 1;
      }
    }
  }

  /** Every second: who is not interested does not want what it was offered, and sees more. */
  void widen(long nowNanos) {
    if (!active) {
      return;
    }
    for (var entry : offers.entrySet()) {
      var peer = entry.getKey();
      var own = entry.getValue();
      if (!peer.peerInterested && own.limit < pieceCount) {
        own.limit *= 2;
        refill(peer, nowNanos);
      }
    }
  }

  private void refill(Peer peer, long nowNanos) {
    var own = offers.get(peer);
    while (own != null && own.open < own.limit) {
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

  /** The piece that fewest have or were offered, by lot among equals; -1 if it knows of all. */
  private int scarcest(Peer peer, Offers own) {
    int best = -1;
    int fewest = Integer.MAX_VALUE;
    int start = random.nextInt(pieceCount);
    for (int i = 0; i < pieceCount; i++) {
      int piece = start + i < pieceCount ? start + i : start + i - pieceCount;
      int copies = picker.availability(piece) + openByPiece[piece];
      if (copies < fewest && !peer.has.contains(piece) && !own.made.contains(piece)) {
        best = piece;
        fewest = copies;
        if (copies == 0) {
          break;
        }
      }
    }
    return best;
  }

  /** Shows everything to everyone. */
  void leave(long nowNanos) {
    if (!active) {
      return;
    }
    active = false;
    for (var entry : offers.entrySet()) {
      var peer = entry.getKey();
      for (int piece = 0; piece < pieceCount; piece++) {
        if (!peer.has.contains(piece) && !entry.getValue().made.contains(piece)) {
          out.send(peer, new PeerMessage.Have(piece), nowNanos);
        }
      }
    }
    offers.clear();
  }
}

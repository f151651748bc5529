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
 * <p>How many offers a neighbour has open follows its speed: whenever our uplink falls idle there
 * were too few.
 */
final class SuperSeeder {
  /** Open offers to a neighbour at first. */
  private static final int OFFERS_MIN = 2;

  private static final int OFFERS_MAX = 256;

  /** New offers get this long to bring requests before there are more. */
  private static final long GROW_NANOS = 100_000_000L;

  private final int pieceCount;
  private final Neighbours neighbours;
  private final PiecePicker picker;
  private final Outbox out;
  private final RandomGenerator random;

  private static final class Offers {
    final PieceSet made;
    int open;

    Offers(int pieceCount) {
      made = new PieceSet(pieceCount);
    }
  }

  private final Map<Peer, Offers> offers = new LinkedHashMap<>();
  private final int[] openByPiece;
  private boolean active;
  private int offersPerPeer = OFFERS_MIN;
  private long grownNanos;

  SuperSeeder(
      boolean active,
      int pieceCount,
      Neighbours neighbours,
      PiecePicker picker,
      Outbox out,
      RandomGenerator random) {
    this.active = active;
    this.pieceCount = pieceCount;
    this.neighbours = neighbours;
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
      grownNanos = offers.isEmpty() ? nowNanos : grownNanos;
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

  /** Our uplink has nothing to do: the offers were too few for those who fetch them. */
  void onIdle(long nowNanos) {
    if (!active
        || offers.isEmpty()
        || offersPerPeer == OFFERS_MAX
        || nowNanos - grownNanos < GROW_NANOS) {
      return;
    }
    grownNanos = nowNanos;
    offersPerPeer *= 2;
    for (var peer : neighbours.all()) {
      if (offers.containsKey(peer)) {
        refill(peer, nowNanos);
      }
    }
  }

  private void refill(Peer peer, long nowNanos) {
    var own = offers.get(peer);
    while (own != null && own.open < offersPerPeer) {
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

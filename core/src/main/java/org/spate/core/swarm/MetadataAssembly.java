package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.wire.MetadataMessage;

/**
 * An info dictionary in the making, of one size that neighbours claim, with the senders of its
 * pieces. The first time its hash fails nobody can say who lied, unless all came from one. So from
 * then on it is fetched from one neighbour at a time; and once it is right, what the first attempt
 * was made of tells who had lied there.
 */
final class MetadataAssembly {
  /** Nobody in particular. */
  static final int ANYBODY = -1;

  /** Neighbours that are asked for the same piece when there is nothing else to ask for. */
  private static final int ASKED_MAX = 2;

  private record Suspicion(int piece, Hash160 digest, Endpoint sender) {}

  private final int size;
  private final byte[] @Nullable [] pieces;
  private final @Nullable Endpoint[] senders;
  private final int[] asked;
  private final List<Suspicion> suspicions = new ArrayList<>(); // of the first attempt
  private int missing;
  private int buffered;
  private boolean isDistrustful;
  private int onlyLink = ANYBODY;

  MetadataAssembly(int size) {
    int count = Math.ceilDiv(size, MetadataMessage.PIECE_LENGTH);
    this.size = size;
    this.pieces = new byte @Nullable [count][];
    this.senders = new @Nullable Endpoint[count];
    this.asked = new int[count];
    this.missing = count;
  }

  int pieceCount() {
    return pieces.length;
  }

  int pieceLength(int piece) {
    int begin = piece * MetadataMessage.PIECE_LENGTH;
    return Math.min(MetadataMessage.PIECE_LENGTH, size - begin);
  }

  int buffered() {
    return buffered;
  }

  boolean isComplete() {
    return missing == 0;
  }

  /** Whether a neighbour may be asked now; if it is one at a time, this one is it from now on. */
  boolean admits(int link) {
    if (isDistrustful && onlyLink == ANYBODY) {
      onlyLink = link;
    }
    return !isDistrustful || onlyLink == link;
  }

  /** A neighbour will not deliver, for now or for ever. */
  void onFailing(int link) {
    if (isDistrustful && onlyLink == link) {
      clear();
    }
  }

  /** The next piece to ask a neighbour for, or -1. */
  int next(Set<Integer> except) {
    int again = -1;
    for (int i = 0; i < pieces.length; i++) {
      if (pieces[i] == null && asked[i] == 0) {
        return i;
      }
      boolean mayAgain = pieces[i] == null && asked[i] < ASKED_MAX && !except.contains(i);
      again = again < 0 && mayAgain ? i : again;
    }
    return again;
  }

  void onAsked(int piece) {
    asked[piece]++;
  }

  /** It was answered, or will not be. */
  void onSettled(int piece) {
    asked[piece]--;
  }

  /** Takes a piece of the right length. */
  void put(int piece, byte[] bytes, Endpoint sender) {
    if (pieces[piece] == null) {
      pieces[piece] = bytes;
      senders[piece] = sender;
      buffered += bytes.length;
      missing--;
    }
  }

  /** All of it; only when it is complete. */
  byte[] joined() {
    var whole = new byte[size];
    for (int i = 0; i < pieces.length; i++) {
      var piece = pieces[i];
      if (piece != null) {
        System.arraycopy(piece, 0, whole, i * MetadataMessage.PIECE_LENGTH, piece.length);
      }
    }
    return whole;
  }

  /** Begins again. */
  void clear() {
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = null;
      senders[i] = null;
    }
    missing = pieces.length;
    buffered = 0;
    onlyLink = ANYBODY;
  }

  /** It is complete and wrong. Returns who is to blame beyond doubt; begins again. */
  List<Endpoint> fail() {
    var culprits = new ArrayList<Endpoint>();
    for (var sender : senders) {
      if (sender != null && !culprits.contains(sender)) {
        culprits.add(sender);
      }
    }
    boolean isProof = culprits.size() == 1;
    if (!isProof && suspicions.isEmpty()) {
      remember();
    }
    isDistrustful = true;
    clear();
    return isProof ? culprits : List.of();
  }

  private void remember() {
    for (int i = 0; i < pieces.length; i++) {
      var piece = pieces[i];
      var sender = senders[i];
      if (piece != null && sender != null) {
        suspicions.add(new Suspicion(i, Hash160.sha1(piece, 0, piece.length), sender));
      }
    }
  }

  /** It is complete and right. Returns who sent something else the first time. */
  List<Endpoint> liars() {
    var liars = new ArrayList<Endpoint>();
    for (var suspicion : suspicions) {
      var right = pieces[suspicion.piece];
      if (right != null
          && !Hash160.sha1(right, 0, right.length).equals(suspicion.digest)
          && !liars.contains(suspicion.sender)) {
        liars.add(suspicion.sender);
      }
    }
    return liars;
  }
}

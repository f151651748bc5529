package org.spate.core.swarm;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Availability: how many neighbours have each piece, and the pieces that may be started in the
 * order in which they should be, by file priority and rarest first.
 *
 * <p>The order is one array cut into adjacent buckets, one for each availability within each
 * priority in use, before them the pieces that are not listed:
 *
 * <pre>not listed | priority 7: 0 1 2 ... | priority 1: 0 1 2 ...</pre>
 *
 * A piece moves to the next bucket by changing places with the piece at the border, which then
 * moves by one: O(1). It settles at a random place there, so each bucket is in random order at any
 * time and equally rare pieces tie at random. Listing and unlisting pass the borders before the
 * piece's bucket; there are few, as pieces are started from the rare end.
 *
 * <p>Neighbours with every piece are one number aside. They are not told apart from those that got
 * there piece by piece: both add one to every piece, so either representation may leave for the
 * other.
 */
final class AvailabilityOrder {
  private static final int STRIDE_START = 8;

  private final RandomGenerator random;
  private final int[] order;
  private final int[] places; // of each piece in the order
  private final char[] counts; // neighbours that have each piece, without `full`
  private final byte[] priorities;
  private final byte[] ranks = new byte[FilePriority.COUNT]; // of each priority, 0 for the highest
  private int rankCount = 1;
  private int stride = STRIDE_START; // buckets of a rank
  private int[] borders; // where each bucket begins; behind the last one the piece count
  private int full; // neighbours with every piece

  /** With nothing listed, until {@link #rebuild}. */
  AvailabilityOrder(int pieceCount, RandomGenerator random) {
    this.random = random;
    this.order = new int[pieceCount];
    this.places = new int[pieceCount];
    this.counts = new char[pieceCount];
    this.priorities = new byte[pieceCount];
    this.borders = new int[stride + 1];
    for (int i = 0; i < pieceCount; i++) {
      place(i, i);
    }
    Arrays.fill(borders, pieceCount);
  }

  /** How many neighbours have a piece. */
  int availability(int piece) {
    return counts[piece] + full;
  }

  byte priority(int piece) {
    return priorities[piece];
  }

  /** Pieces of a smaller rank come first, whatever their availability. */
  int rank(int piece) {
    return rankCount == 1 ? 0 : ranks[priorities[piece]];
  }

  /** Where a piece stands among those listed: the smaller, the sooner it should be started. */
  int place(int piece) {
    return places[piece];
  }

  boolean isListed(int piece) {
    return places[piece] >= borders[0];
  }

  /** Where those begin that somebody may have. */
  int firstSlot(int rank) {
    return borders[rank * stride + (full > 0 ? 0 : 1)];
  }

  /** Behind the last piece of a rank. */
  int endSlot(int rank) {
    return borders[(rank + 1) * stride];
  }

  int rankCount() {
    return rankCount;
  }

  int pieceAt(int slot) {
    return order[slot];
  }

  void onHave(int piece) {
    if (counts[piece] == stride - 1) {
      widen();
    }
    if (isListed(piece)) {
      int bucket = bucket(piece);
      exchange(places[piece], --borders[bucket + 1]);
      settle(piece, bucket + 1);
    }
    counts[piece]++;
  }

  void onDontHave(int piece) {
    if (counts[piece] == 0) {
      unpackFull();
    }
    if (isListed(piece)) {
      int bucket = bucket(piece);
      exchange(places[piece], borders[bucket]++);
      settle(piece, bucket - 1);
    }
    counts[piece]--;
  }

  void onJoined(PieceSet has) {
    if (has.isFull()) {
      full++;
      return;
    }
    for (int piece = has.next(0); piece >= 0; piece = has.next(piece + 1)) {
      onHave(piece);
    }
  }

  void onGone(PieceSet has) {
    if (has.isFull() && full > 0) {
      full--;
      return;
    }
    for (int piece = has.next(0); piece >= 0; piece = has.next(piece + 1)) {
      onDontHave(piece);
    }
  }

  /** Lists a piece that is not. */
  void list(int piece) {
    int bucket = bucket(piece);
    for (int i = 0; i <= bucket; i++) {
      exchange(places[piece], --borders[i]);
    }
    settle(piece, bucket);
  }

  /** Takes a listed piece off the list. */
  void unlist(int piece) {
    for (int i = bucket(piece); i >= 0; i--) {
      exchange(places[piece], borders[i]++);
    }
  }

  /** New priorities and a new list; O(pieces). */
  void rebuild(byte[] perPiece, PieceSet listed) {
    System.arraycopy(perPiece, 0, priorities, 0, priorities.length);
    rankPriorities();
    shuffle();
    borders = new int[rankCount * stride + 1];
    sortByBucket(listed);
  }

  private void rankPriorities() {
    var used = new boolean[FilePriority.COUNT];
    for (byte priority : priorities) {
      used[priority] = true;
    }
    rankCount = 0;
    for (int priority = FilePriority.HIGHEST; priority > FilePriority.UNWANTED; priority--) {
      if (used[priority]) {
        ranks[priority] = (byte) rankCount++;
      }
    }
    rankCount = Math.max(1, rankCount);
  }

  /** A counting sort, stable so that the shuffled order within a bucket stays. */
  private void sortByBucket(PieceSet listed) {
    var cursors = new int[borders.length + 1]; // of the unlisted, then of each bucket
    for (int piece = 0; piece < order.length; piece++) {
      cursors[1 + (listed.contains(piece) ? 1 + bucket(piece) : 0)]++;
    }
    for (int i = 1; i < cursors.length; i++) {
      cursors[i] += cursors[i - 1];
    }
    System.arraycopy(cursors, 1, borders, 0, borders.length);
    for (int piece : order.clone()) {
      place(piece, cursors[listed.contains(piece) ? 1 + bucket(piece) : 0]++);
    }
  }

  private void shuffle() {
    for (int i = order.length - 1; i >= 0; i--) {
      int other = random.nextInt(i + 1);
      int piece = order[i];
      place(order[other], i);
      place(piece, other);
    }
  }

  private int bucket(int piece) {
    return rank(piece) * stride + counts[piece];
  }

  /** Moves a piece to a random place within the bucket that it is in. */
  private void settle(int piece, int bucket) {
    int begin = borders[bucket];
    int size = borders[bucket + 1] - begin;
    if (size > 1) {
      exchange(places[piece], begin + random.nextInt(size));
    }
  }

  private void exchange(int slot, int other) {
    int piece = order[slot];
    place(order[other], slot);
    place(piece, other);
  }

  private void place(int piece, int slot) {
    order[slot] = piece;
    places[piece] = slot;
  }

  /** Twice the buckets; the order stays. */
  private void widen() {
    if (stride > Character.MAX_VALUE / 2) {
      throw new IllegalStateException("more neighbours than a piece can count");
    }
    var wider = new int[rankCount * stride * 2 + 1];
    for (int rank = 0; rank < rankCount; rank++) {
      System.arraycopy(borders, rank * stride, wider, rank * stride * 2, stride);
      int end = borders[(rank + 1) * stride];
      Arrays.fill(wider, rank * stride * 2 + stride, (rank + 1) * stride * 2, end);
    }
    wider[wider.length - 1] = order.length;
    borders = wider;
    stride *= 2;
  }

  /**
   * Counts one of the neighbours that have every piece piece by piece; O(pieces), once for each.
   */
  private void unpackFull() {
    if (full == 0) {
      throw new IllegalStateException("a piece is gone that nobody had");
    }
    full--;
    for (char count : counts) {
      if (count == stride - 1) {
        widen();
        break;
      }
    }
    for (int piece = 0; piece < counts.length; piece++) {
      counts[piece]++;
    }
    for (int rank = 0; rank < rankCount; rank++) {
      System.arraycopy(borders, rank * stride, borders, rank * stride + 1, stride - 1);
    }
  }
}

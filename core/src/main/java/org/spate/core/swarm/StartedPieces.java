package org.spate.core.swarm;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that are being fetched or hashed, those first that can still be asked for: wanted,
 * with a free block. They are few, as started pieces are finished first.
 */
final class StartedPieces {
  private static final int START = 8;

  private final int[] places; // of each piece in the list, or NONE
  private StartedPiece[] list = new StartedPiece[START];
  private int size;
  private int openCount;
  private int ownedCount;

  StartedPieces(int pieceCount) {
    places = new int[pieceCount];
    Arrays.fill(places, StartedPiece.NONE);
  }

  int size() {
    return size;
  }

  /** How many at the front of the list have a free block and are wanted. */
  int openCount() {
    return openCount;
  }

  /** How many one peer has for itself. */
  int ownedCount() {
    return ownedCount;
  }

  StartedPiece at(int place) {
    return list[Objects.checkIndex(place, size)];
  }

  boolean contains(int index) {
    return places[index] != StartedPiece.NONE;
  }

  @Nullable StartedPiece find(int index) {
    return contains(index) ? list[places[index]] : null;
  }

  void add(StartedPiece piece, boolean isWanted) {
    if (size == list.length) {
      list = Arrays.copyOf(list, size * 2);
    }
    put(piece, size++);
    ownedCount += piece.owner() != StartedPiece.NONE ? 1 : 0;
    update(piece, isWanted);
  }

  void remove(StartedPiece piece) {
    disown(piece);
    update(piece, false);
    exchange(places[piece.index()], --size);
    places[piece.index()] = StartedPiece.NONE;
    list[size] = list[0]; // so that nothing is held that is gone
  }

  void disown(StartedPiece piece) {
    ownedCount -= piece.owner() != StartedPiece.NONE ? 1 : 0;
    piece.disown();
  }

  /** Puts a piece among the open ones or the others, after a change. */
  void update(StartedPiece piece, boolean isWanted) {
    boolean isOpen = isWanted && piece.free() > 0;
    int place = places[piece.index()];
    if (isOpen && place >= openCount) {
      exchange(place, openCount++);
    } else if (!isOpen && place < openCount) {
      exchange(place, --openCount);
    }
  }

  private void exchange(int place, int other) {
    var piece = list[place];
    put(list[other], place);
    put(piece, other);
  }

  private void put(StartedPiece piece, int place) {
    list[place] = piece;
    places[piece.index()] = place;
  }
}

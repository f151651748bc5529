package org.spate.core.swarm;

import java.util.Arrays;

/** A set of piece indexes of one torrent, as a bitfield that knows its size. */
public final class PieceSet {
  private final int pieceCount;
  private final long[] words;
  private int size;

  public PieceSet(int pieceCount) {
    this.pieceCount = pieceCount;
    this.words = new long[(pieceCount + 63) >>> 6];
  }

  public static PieceSet all(int pieceCount) {
    var set = new PieceSet(pieceCount);
    set.addAll();
    return set;
  }

  /** From the bits of a bitfield message (BEP 3) that fits. */
  public static PieceSet ofBitfield(byte[] bits, int pieceCount) {
    var set = new PieceSet(pieceCount);
    for (int i = 0; i < bits.length; i++) {
      int reversed = Integer.reverse(bits[i] & 0xFF) >>> 24;
      set.words[i >>> 3] |= (long) reversed << ((i & 7) << 3);
      set.size += Integer.bitCount(bits[i] & 0xFF);
    }
    return set;
  }

  /** As a bitfield (BEP 3): bit 7 of byte 0 is piece 0. */
  public byte[] toBitfield() {
    var bits = new byte[(pieceCount + 7) >>> 3];
    for (int i = 0; i < bits.length; i++) {
      int octet = (int) (words[i >>> 3] >>> ((i & 7) << 3)) & 0xFF;
      bits[i] = (byte) (Integer.reverse(octet) >>> 24);
    }
    return bits;
  }

  public boolean contains(int index) {
    return (words[index >>> 6] & 1L << index) != 0;
  }

  /** Returns false if it was there. */
  public boolean add(int index) {
    if (contains(index)) {
      return false;
    }
    words[index >>> 6] |= 1L << index;
    size++;
    return true;
  }

  /** Returns false if it was not there. */
  public boolean remove(int index) {
    if (!contains(index)) {
      return false;
    }
    words[index >>> 6] &= ~(1L << index);
    size--;
    return true;
  }

  public void addAll() {
    Arrays.fill(words, -1L);
    if ((pieceCount & 63) != 0) {
      words[words.length - 1] = (1L << pieceCount) - 1;
    }
    size = pieceCount;
  }

  /** Of the pieces that were looked at again those stay, or come, that are good. */
  public void replace(PieceSet looked, PieceSet good) {
    for (int i = looked.next(0); i >= 0; i = looked.next(i + 1)) {
      if (good.contains(i)) {
        add(i);
      } else {
        remove(i);
      }
    }
  }

  /** Adds every member of another set over the same pieces. */
  public void addAll(PieceSet other) {
    size += missingFrom(other);
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
  }

  public void clear() {
    Arrays.fill(words, 0);
    size = 0;
  }

  /** The first member at or behind an index, or -1. */
  public int next(int from) {
    if (from >= pieceCount) {
      return -1;
    }
    int word = from >>> 6;
    long bits = words[word] & -1L << from;
    while (bits == 0) {
      if (++word == words.length) {
        return -1;
      }
      bits = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** The first index at or behind one that is a member of both sets, or -1. */
  public int nextCommon(PieceSet other, int from) {
    if (from >= pieceCount) {
      return -1;
    }
    int word = from >>> 6;
    long bits = words[word] & other.words[word] & -1L << from;
    while (bits == 0) {
      if (++word == words.length) {
        return -1;
      }
      bits = words[word] & other.words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** The first member at or behind an index that another set lacks, or -1. */
  public int nextNotIn(PieceSet other, int from) {
    if (from >= pieceCount) {
      return -1;
    }
    int word = from >>> 6;
    long bits = words[word] & ~other.words[word] & -1L << from;
    while (bits == 0) {
      if (++word == words.length) {
        return -1;
      }
      bits = words[word] & ~other.words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** How many members another set has that this one lacks. */
  public int missingFrom(PieceSet other) {
    int count = 0;
    for (int i = 0; i < words.length; i++) {
      count += Long.bitCount(other.words[i] & ~words[i]);
    }
    return count;
  }

  public PieceSet copy() {
    var set = new PieceSet(pieceCount);
    System.arraycopy(words, 0, set.words, 0, words.length);
    set.size = size;
    return set;
  }

  public int size() {
    return size;
  }

  public int pieceCount() {
    return pieceCount;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public boolean isFull() {
    return size == pieceCount;
  }
}

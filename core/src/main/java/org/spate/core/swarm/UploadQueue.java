package org.spate.core.swarm;

import java.util.Arrays;

/** The requests of one neighbour that wait to be served, oldest first. */
final class UploadQueue {
  /** Most requests kept for a neighbour; told to it as {@code reqq} (BEP 10). */
  static final int REQUESTS_MAX = 2000;

  private static final int FIELDS = 3;

  private static final int[] NONE = {};

  private int[] ring = NONE; // index, begin, length of each; given up when the last is gone
  private int head;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean isFull() {
    return size >= REQUESTS_MAX;
  }

  void add(int index, int begin, int length) {
    if (size * FIELDS == ring.length) {
      grow();
    }
    int slot = slot(size++);
    ring[slot] = index;
    ring[slot + 1] = begin;
    ring[slot + 2] = length;
  }

  int headIndex() {
    return ring[slot(0)];
  }

  int headBegin() {
    return ring[slot(0) + 1];
  }

  int headLength() {
    return ring[slot(0) + 2];
  }

  void removeHead() {
    if (size == 0) {
      throw new IllegalStateException("no request waits");
    }
    head = (head + FIELDS) % ring.length;
    if (--size == 0) {
      clear();
    }
  }

  /** Returns false if there is no such request. */
  boolean remove(int index, int begin, int length) {
    for (int i = 0; i < size; i++) {
      int slot = slot(i);
      if (ring[slot] == index && ring[slot + 1] == begin && ring[slot + 2] == length) {
        for (int j = i; j < size - 1; j++) {
          System.arraycopy(ring, slot(j + 1), ring, slot(j), FIELDS);
        }
        if (--size == 0) {
          clear();
        }
        return true;
      }
    }
    return false;
  }

  void clear() {
    ring = NONE;
    head = 0;
    size = 0;
  }

  private int slot(int position) {
    return (head + position * FIELDS) % ring.length;
  }

  private void grow() {
    var larger = Arrays.copyOfRange(ring, head, head + Math.max(8 * FIELDS, ring.length * 2));
    if (head > 0) {
      System.arraycopy(ring, 0, larger, ring.length - head, head);
    }
    ring = larger;
    head = 0;
  }
}

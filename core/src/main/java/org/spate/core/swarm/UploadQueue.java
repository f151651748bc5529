package org.spate.core.swarm;

/** The requests of one neighbour that wait to be served, oldest first. */
final class UploadQueue extends RequestRuns {
  /** Most requests kept for a neighbour; told to it as {@code reqq} (BEP 10). */
  static final int REQUESTS_MAX = 2000;

  private static final long THERE = 0;
  private static final long NONE = -1;

  boolean isFull() {
    return size() >= REQUESTS_MAX;
  }

  void add(int index, int begin, int length) {
    add(request(index, begin), length, THERE);
  }

  int headIndex() {
    return piece(first());
  }

  int headBegin() {
    return (int) first();
  }

  int headLength() {
    return firstStep();
  }

  void removeHead() {
    removeFirst();
  }

  /** Returns false if there is no such request. */
  boolean remove(int index, int begin, int length) {
    return remove(request(index, begin), length, NONE) == THERE;
  }
}

package org.spate.sim;

import java.util.Arrays;

/**
 * The one priority queue of a world: events by time, and in the order of their scheduling where
 * times are equal, so that a run has one order only.
 *
 * <p>A 4-ary heap in one array of longs, three to an event: time, sequence number, what. Four
 * children lie side by side in memory, which for queues of millions of events matters more than the
 * number of comparisons.
 */
final class EventQueue {
  private static final int ARITY = 4;
  private static final int STRIDE = 3;

  private long[] heap = new long[STRIDE * 1024];
  private int end; // index behind the last event
  private long sequence;
  private long time;
  private long what;

  void add(long eventTime, long eventWhat) {
    if (end == heap.length) {
      heap = Arrays.copyOf(heap, heap.length * 2);
    }
    long order = sequence++;
    int slot = end;
    end += STRIDE;
    while (slot > 0) {
      int parent = (slot / STRIDE - 1) / ARITY * STRIDE;
      if (heap[parent] <= eventTime) {
        break; // an equal time was scheduled earlier and stays ahead
      }
      move(parent, slot);
      slot = parent;
    }
    put(slot, eventTime, order, eventWhat);
  }

  /** Takes the next event off; {@link #time()} and {@link #what()} then tell it. */
  boolean poll() {
    if (end == 0) {
      return false;
    }
    time = heap[0];
    what = heap[2];
    end -= STRIDE;
    sink(heap[end], heap[end + 1], heap[end + 2]);
    return true;
  }

  long time() {
    return time;
  }

  long what() {
    return what;
  }

  int size() {
    return end / STRIDE;
  }

  private void sink(long eventTime, long order, long eventWhat) {
    int slot = 0;
    while (true) {
      int first = slot * ARITY + STRIDE;
      if (first >= end) {
        break;
      }
      int least = leastOf(first, Math.min(first + ARITY * STRIDE, end));
      if (!isBefore(heap[least], heap[least + 1], eventTime, order)) {
        break;
      }
      move(least, slot);
      slot = least;
    }
    put(slot, eventTime, order, eventWhat);
  }

  private int leastOf(int first, int last) {
    int least = first;
    for (int child = first + STRIDE; child < last; child += STRIDE) {
      if (isBefore(heap[child], heap[child + 1], heap[least], heap[least + 1])) {
        least = child;
      }
    }
    return least;
  }

  private static boolean isBefore(long time, long order, long otherTime, long otherOrder) {
    return time < otherTime || (time == otherTime && order < otherOrder);
  }

  private void move(int from, int to) {
    heap[to] = heap[from];
    heap[to + 1] = heap[from + 1];
    heap[to + 2] = heap[from + 2];
  }

  private void put(int slot, long eventTime, long order, long eventWhat) {
    heap[slot] = eventTime;
    heap[slot + 1] = order;
    heap[slot + 2] = eventWhat;
  }
}

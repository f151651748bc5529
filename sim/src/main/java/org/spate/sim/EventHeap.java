package org.spate.sim;

import java.util.Arrays;

/**
 * Events by time, and in the order of their scheduling where times are equal.
 *
 * <p>A 4-ary heap in one array of longs, three to an event: time, sequence number, what. Four
 * children lie side by side in memory, which matters more than the number of comparisons.
 */
final class EventHeap {
  private static final int ARITY = 4;
  private static final int STRIDE = 3;

  private long[] heap = new long[STRIDE * 1024];
  private int end; // index behind the last event
  private long time;
  private long order;
  private long what;

  void add(long eventTime, long eventOrder, long eventWhat) {
    if (end == heap.length) {
      heap = Arrays.copyOf(heap, heap.length * 2);
    }
    int slot = end;
    end += STRIDE;
    while (slot > 0) {
      int parent = (slot / STRIDE - 1) / ARITY * STRIDE;
      if (isBefore(heap[parent], heap[parent + 1], eventTime, eventOrder)) {
        break;
      }
      move(parent, slot);
      slot = parent;
    }
    put(slot, eventTime, eventOrder, eventWhat);
  }

  /** When the first event is; only while there is one. */
  long firstTime() {
    return heap[0];
  }

  /**
   * Takes the first event off, which the three questions below then tell; false if there is none.
   */
  boolean poll() {
    if (end == 0) {
      return false;
    }
    time = heap[0];
    order = heap[1];
    what = heap[2];
    end -= STRIDE;
    sink(heap[end], heap[end + 1], heap[end + 2]);
    return true;
  }

  long time() {
    return time;
  }

  long order() {
    return order;
  }

  long what() {
    return what;
  }

  int size() {
    return end / STRIDE;
  }

  private void sink(long eventTime, long eventOrder, long eventWhat) {
    int slot = 0;
    while (true) {
      int first = slot * ARITY + STRIDE;
      if (first >= end) {
        break;
      }
      int least = leastOf(first, Math.min(first + ARITY * STRIDE, end));
      if (!isBefore(heap[least], heap[least + 1], eventTime, eventOrder)) {
        break;
      }
      move(least, slot);
      slot = least;
    }
    put(slot, eventTime, eventOrder, eventWhat);
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

  private static boolean isBefore(long aTime, long aOrder, long bTime, long bOrder) {
    return aTime < bTime || (aTime == bTime && aOrder < bOrder);
  }

  private void move(int from, int to) {
    heap[to] = heap[from];
    heap[to + 1] = heap[from + 1];
    heap[to + 2] = heap[from + 2];
  }

  private void put(int slot, long eventTime, long eventOrder, long eventWhat) {
    heap[slot] = eventTime;
    heap[slot + 1] = eventOrder;
    heap[slot + 2] = eventWhat;
  }
}

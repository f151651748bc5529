package org.spate.sim;

import java.util.Arrays;

/**
 * The one priority queue of a world: events by time, and in the order of their scheduling where
 * times are equal, so that a run has one order only.
 *
 * <p>Of the hundreds of thousands of events that wait in a large world only those of the present
 * bucket of time are sorted, in a heap small enough for the cache. Those of the next second lie in
 * their buckets as they came; the few beyond are in a heap of their own.
 */
final class EventQueue {
  private static final int WIDTH_BITS = 17; // of a bucket: 2^17 ns
  private static final int BUCKETS = 1 << 13; // just more than a second
  private static final int FIELDS = 3; // of an event in a bucket: time, sequence number, what

  private final EventHeap present = new EventHeap();
  private final long[][] buckets = new long[BUCKETS][];
  private final int[] ends = new int[BUCKETS]; // behind the last event of each
  private final EventHeap far = new EventHeap();
  private final LongArrays arrays = new LongArrays();
  private long bucket; // the present one
  private int inBuckets;
  private long sequence;

  EventQueue() {
    Arrays.fill(buckets, LongArrays.NONE);
  }

  /**
   * @param time not before the event that was taken last
   */
  void add(long time, long what) {
    long order = sequence++;
    long ahead = (time >> WIDTH_BITS) - bucket;
    if (ahead <= 0) {
      present.add(time, order, what);
    } else if (ahead < BUCKETS) {
      put(slot(bucket + ahead), time, order, what);
    } else {
      far.add(time, order, what);
    }
  }

  private void put(int slot, long time, long order, long what) {
    int end = ends[slot];
    if (end + FIELDS > buckets[slot].length) {
      grow(slot);
    }
    var events = buckets[slot];
    events[end] = time;
    events[end + 1] = order;
    events[end + 2] = what;
    ends[slot] = end + FIELDS;
    inBuckets++;
  }

  private void grow(int slot) {
    var events = buckets[slot];
    buckets[slot] = arrays.larger(events.length);
    System.arraycopy(events, 0, buckets[slot], 0, ends[slot]);
    if (events.length > 0) {
      arrays.giveBack(events);
    }
  }

  /** Takes the next event off; {@link #time()} and {@link #what()} then tell it. */
  boolean poll() {
    if (present.size() == 0 && size() > 0) {
      goOn();
    }
    return present.poll();
  }

  long time() {
    return present.time();
  }

  long what() {
    return present.what();
  }

  int size() {
    return present.size() + inBuckets + far.size();
  }

  /** To the next bucket in which there is an event. */
  private void goOn() {
    long next = far.size() == 0 ? Long.MAX_VALUE : far.firstTime() >> WIDTH_BITS;
    if (inBuckets > 0) {
      long near = bucket + 1;
      while (ends[slot(near)] == 0) {
        near++;
      }
      next = Math.min(next, near);
    }
    bucket = next;
    empty(slot(bucket));
    while (far.size() > 0 && far.firstTime() >> WIDTH_BITS == bucket) {
      far.poll();
      present.add(far.time(), far.order(), far.what());
    }
  }

  private void empty(int slot) {
    int end = ends[slot];
    if (end == 0) {
      return;
    }
    var events = buckets[slot];
    for (int i = 0; i < end; i += FIELDS) {
      present.add(events[i], events[i + 1], events[i + 2]);
    }
    inBuckets -= end / FIELDS;
    ends[slot] = 0;
    buckets[slot] = LongArrays.NONE;
    arrays.giveBack(events);
  }

  private static int slot(long number) {
    return (int) number & BUCKETS - 1;
  }
}

package org.spate.core.swarm;

/**
 * Requests in the order in which they were added. Most ask for the blocks of a piece one after the
 * other, and such a run is kept as one: of thousands of links each has its own requests, and what
 * lies in one place costs one look at memory.
 */
abstract sealed class RequestRuns permits RequestPipeline, UploadQueue {
  private static final int RUNS_START = 2;
  private static final long[] NONE = {};

  // Of each run: its first request, the step from one to the next, how many, and their mark.
  private static final int STEP = 1;
  private static final int COUNT = 2;
  private static final int MARK = 3;
  private static final int FIELDS = 4;

  private long[] runs = NONE; // given up with the last request: of many neighbours few have some
  private int head;
  private int end;
  private int size;

  final int size() {
    return size;
  }

  final boolean isEmpty() {
    return size == 0;
  }

  /**
   * @param begin in whatever unit {@code step} is
   */
  static long request(int piece, int begin) {
    return ((long) piece << Integer.SIZE) | begin;
  }

  static int piece(long request) {
    return (int) (request >>> Integer.SIZE);
  }

  final void add(long request, int step, long mark) {
    int last = end - FIELDS;
    boolean goesOn =
        size > 0
            && runs[last + STEP] == step
            && runs[last + MARK] == mark
            && runs[last] + step * runs[last + COUNT] == request;
    if (goesOn) {
      runs[last + COUNT]++;
    } else {
      makeRoom();
      end += FIELDS;
      put(end - FIELDS, request, step, 1, mark);
    }
    size++;
  }

  /** The oldest request; only while there is one. */
  final long first() {
    return runs[head];
  }

  final int firstStep() {
    return (int) runs[head + STEP];
  }

  final long firstMark() {
    return runs[head + MARK];
  }

  final void removeFirst() {
    if (size == 0) {
      throw new IllegalStateException("no request waits");
    }
    takeFirstOf(head);
  }

  /** Takes the oldest such request out. Returns its mark, or {@code none} if there is no such. */
  final long remove(long request, int step, long none) {
    for (int run = head; run < end; run += FIELDS) {
      long place = runs[run + STEP] == step ? place(run, request) : -1;
      if (place >= 0) {
        long mark = runs[run + MARK];
        takeFirstOf(place == 0 ? run : split(run, place));
        return mark;
      }
    }
    return none;
  }

  /** The mark of the oldest request for a piece, or {@code none}. */
  final long markOf(int piece, long none) {
    for (int run = head; run < end; run += FIELDS) {
      if (piece(runs[run]) == piece) {
        return runs[run + MARK];
      }
    }
    return none;
  }

  final void clear() {
    runs = NONE;
    head = 0;
    end = 0;
    size = 0;
  }

  /** Where a request stands in a run, or -1. */
  private long place(int run, long request) {
    long ahead = request - runs[run];
    long step = runs[run + STEP];
    if (ahead == 0) {
      return 0;
    }
    return ahead > 0 && ahead < step * runs[run + COUNT] && ahead % step == 0 ? ahead / step : -1;
  }

  /** Makes two runs of one; returns the second, which begins at a place of the first. */
  private int split(int whole, long place) {
    int fromHead = whole - head;
    makeRoom();
    int run = head + fromHead;
    int behind = run + FIELDS;
    System.arraycopy(runs, run, runs, behind, end - run);
    end += FIELDS;
    runs[run + COUNT] = place;
    runs[behind] += place * runs[behind + STEP];
    runs[behind + COUNT] -= place;
    return behind;
  }

  private void takeFirstOf(int run) {
    runs[run] += runs[run + STEP];
    if (--runs[run + COUNT] == 0) {
      if (run == head) {
        head += FIELDS;
      } else {
        System.arraycopy(runs, run + FIELDS, runs, run, end - run - FIELDS);
        end -= FIELDS;
      }
    }
    if (--size == 0) {
      clear();
    }
  }

  /** For one more run behind the last. */
  private void makeRoom() {
    if (end < runs.length) {
      return;
    }
    boolean isHalfEmpty = head > 0 && head >= runs.length / 2;
    var moved = isHalfEmpty ? runs : new long[Math.max(RUNS_START * FIELDS, runs.length * 2)];
    System.arraycopy(runs, head, moved, 0, end - head);
    runs = moved;
    end -= head;
    head = 0;
  }

  private void put(int run, long request, long step, long count, long mark) {
    runs[run] = request;
    runs[run + STEP] = step;
    runs[run + COUNT] = count;
    runs[run + MARK] = mark;
  }
}

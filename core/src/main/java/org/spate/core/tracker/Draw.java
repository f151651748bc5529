package org.spate.core.tracker;

import java.util.random.RandomGenerator;

/**
 * Draws peers for one answer. A range of rows is cut into as many equal parts as peers are wanted,
 * one row is drawn from each, and the whole is turned by a random angle: every row is as likely as
 * any other, none comes twice, and nothing is shuffled or remembered. For a row that is dead or out
 * of reach another of its part is tried.
 */
final class Draw {
  private static final int TRIES_PER_PART = 4;

  private final RandomGenerator random;
  private Answer answer = new Answer(0);
  private int asker;
  private Reach reach = Reach.PUBLIC;
  private long askerHigh;
  private int nowTick;
  private long state;

  Draw(RandomGenerator random) {
    this.random = random;
  }

  void begin(Announcement announcement, Answer answer, int fingerprint, int nowTick) {
    this.answer = answer;
    this.nowTick = nowTick;
    asker = fingerprint;
    reach = Reach.of(announcement.addressHigh, announcement.addressLow);
    askerHigh = announcement.addressHigh;
    state = random.nextLong();
  }

  /** A number from 0 up to the bound: one step of a linear congruential generator (Knuth's). */
  int below(int bound) {
    state = state * 6364136223846793005L + 1442695040888963407L;
    return (int) (((state >>> 32) * bound) >>> 32);
  }

  /** Draws up to {@code wanted} of the rows below {@code end}. */
  void draw(PeerTable table, int end, int wanted) {
    int parts = Math.min(wanted, end);
    if (parts <= 0) {
      return;
    }
    int turn = below(end);
    long width = ((long) end << 32) / parts;
    int start = 0;
    for (int part = 1; part <= parts; part++) {
      int next = part == parts ? end : (int) ((part * width) >>> 32);
      int row = turned(start + below(next - start) + turn, end);
      if (!isSettled(table, row)) {
        tryOthers(table, start, next, turn, end);
      }
      start = next;
    }
  }

  private static int turned(int row, int end) {
    return row < end ? row : row - end;
  }

  private void tryOthers(PeerTable table, int start, int next, int turn, int end) {
    for (int tries = 1; tries < TRIES_PER_PART; tries++) {
      if (isSettled(table, turned(start + below(next - start) + turn, end))) {
        return;
      }
    }
  }

  /**
   * Adds the row unless it cannot be told; false if another may be tried. The asker, known by its
   * id since it may be listed under another address, too, leaves a gap: to try another for it would
   * make its neighbours likelier than the rest.
   */
  private boolean isSettled(PeerTable table, int row) {
    var array = table.array(row);
    int at = table.at(row);
    return table.rows.v6 ? isSettledV6(table.rows, array, at) : isSettledV4(array, at);
  }

  private boolean isSettledV4(int[] rows, int at) {
    int address = rows[at];
    int tail = rows[at + PeerRows.V4_TAIL];
    if (rows[at + PeerRows.V4_TAIL + 1] == asker) {
      return true;
    }
    if (Ticks.isExpired(tail & Ticks.MASK, nowTick)
        || (reach != Reach.HOST && !Reach.ofV4(address).isWithin(reach))) {
      return false;
    }
    answer.addV4(address, tail);
    return true;
  }

  private boolean isSettledV6(PeerRows rows, int[] array, int at) {
    if (rows.fingerprint(array, at) == asker) {
      return true;
    }
    long high = rows.high(array, at);
    long low = rows.low(array, at);
    if (Ticks.isExpired(rows.tick(array, at), nowTick)
        || (reach != Reach.HOST && !Reach.isWithin(high, low, reach, askerHigh))) {
      return false;
    }
    answer.addV6(high, low, rows.port(array, at));
    return true;
  }
}

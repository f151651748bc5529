package org.spate.core.tracker;

/**
 * A hand that goes round all peers of a store, a row at a time: through each swarm from its last
 * row to its first, since a removal moves only rows that it has passed.
 */
final class Hand {
  /** How many rows are compared when one has to go. */
  private static final int ROWS_COMPARED = 32;

  private final SwarmTable swarms;
  private final PeerTable v4;
  private final PeerTable v6;
  private int swarm;
  private boolean isV6;
  private int row;

  Hand(SwarmTable swarms, PeerTable v4, PeerTable v6) {
    this.swarms = swarms;
    this.v4 = v4;
    this.v6 = v6;
  }

  int swarm() {
    return swarm;
  }

  /** The table that it points into, which it leaves open. */
  PeerTable table() {
    return isV6 ? v6 : v4;
  }

  int row() {
    return row;
  }

  int tick() {
    var table = table();
    return table.rows.tick(table.array(row), table.at(row));
  }

  /** Goes on by one row; false if it came to the end of a swarm instead. */
  boolean next() {
    if (swarm >= swarms.end()) {
      swarm = 0;
      isV6 = false;
      row = Integer.MAX_VALUE;
    }
    if (swarms.end() == 0 || swarms.isFree(swarm)) {
      turnTo(swarm + 1, false);
      return false;
    }
    table().open(swarms.record(swarm), stateAt());
    row = Math.min(row, table().count()) - 1;
    if (row >= 0) {
      return true;
    }
    if (isV6) {
      turnTo(swarm + 1, false);
    } else {
      turnTo(swarm, true);
    }
    return false;
  }

  private int stateAt() {
    return SwarmTable.at(swarm) + (isV6 ? SwarmTable.V6 : SwarmTable.V4);
  }

  private void turnTo(int swarm, boolean isV6) {
    this.swarm = swarm;
    this.isV6 = isV6;
    row = Integer.MAX_VALUE;
  }

  /** Goes on by some rows and back to the oldest of them; there must be a peer. */
  void findOldest(int nowTick) {
    int oldestSwarm = 0;
    boolean oldestIsV6 = false;
    int oldestRow = 0;
    int oldestAge = -1;
    int looked = 0;
    while (looked < ROWS_COMPARED) {
      if (next()) {
        looked++;
        if (Ticks.age(tick(), nowTick) > oldestAge) {
          oldestAge = Ticks.age(tick(), nowTick);
          oldestSwarm = swarm;
          oldestIsV6 = isV6;
          oldestRow = row;
        }
      }
    }
    swarm = oldestSwarm;
    isV6 = oldestIsV6;
    row = oldestRow;
  }
}

package org.spate.core.tracker;

import org.spate.core.BigEndian;

/**
 * How the swarms of a store are written down: a header, then for each swarm its info-hash, how many
 * have completed, how many peers follow of either family, and these. Numbers are in network byte
 * order. Peers carry their age at the time in the header, so that a snapshot may be read at any
 * later time and by a tracker with another interval.
 */
final class SnapshotCodec {
  /** "SPATE", a zero, and the version of the format. */
  static final long MAGIC = 0x5350_4154_4500_0001L;

  static final int HEADER_BYTES = 16;
  static final int SWARM_BYTES = 32;
  static final int V4_BYTES = 16;
  static final int V6_BYTES = 28;

  private static final int SEED_FLAG = 1 << 31;
  private static final int COMPLETED_FLAG = 1 << 30;
  private static final int AGE_MASK = COMPLETED_FLAG - 1;

  private SnapshotCodec() {}

  static void writeHeader(byte[] target, long epochSeconds) {
    BigEndian.putLong(target, 0, MAGIC);
    BigEndian.putLong(target, 8, epochSeconds);
  }

  /** One row: address, port and two bytes of nothing, fingerprint, age and flags. */
  static int writePeer(byte[] target, int at, PeerTable table, int row, Ticks ticks, int nowTick) {
    var rows = table.rows;
    var array = table.array(row);
    int from = table.at(row);
    int next = at;
    if (rows.v6) {
      BigEndian.putLong(target, next, rows.high(array, from));
      BigEndian.putLong(target, next + 8, rows.low(array, from));
      next += 16;
    } else {
      BigEndian.putInt(target, next, (int) rows.low(array, from));
      next += 4;
    }
    BigEndian.putInt(target, next, rows.port(array, from));
    BigEndian.putInt(target, next + 4, rows.fingerprint(array, from));
    int age = (int) ticks.ageSeconds(rows.tick(array, from), nowTick);
    int flags =
        (table.isSeed(row) ? SEED_FLAG : 0) | (rows.hasCompleted(array, from) ? COMPLETED_FLAG : 0);
    BigEndian.putInt(target, next + 8, flags | age);
    return next + 12;
  }

  static boolean isSeed(int ageWord) {
    return (ageWord & SEED_FLAG) != 0;
  }

  static boolean hasCompleted(int ageWord) {
    return (ageWord & COMPLETED_FLAG) != 0;
  }

  static int ageSeconds(int ageWord) {
    return ageWord & AGE_MASK;
  }
}

package org.spate.core.tracker;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;

/**
 * Writes down the swarms of a store, a part at a time, between which the store goes on working. So
 * it is no picture of one moment: a peer that comes, goes or changes sides meanwhile may be in it
 * or not, or twice. Whoever is missing announces itself again in its time.
 */
public final class SnapshotWriter {
  /** How much one part holds at most: less than a millisecond of work. */
  private static final int PART_BYTES = 1 << 15;

  private final CompactPeerStore store;
  private final long epochSeconds;
  private final byte[] part = new byte[PART_BYTES + SnapshotCodec.V6_BYTES];
  private boolean isBegun;
  private int swarm;
  private boolean isV6;
  private int row = Integer.MAX_VALUE;

  /** The time is written down, so that ages can be told when the snapshot is read. */
  public SnapshotWriter(CompactPeerStore store, long epochSeconds) {
    this.store = store;
    this.epochSeconds = epochSeconds;
  }

  /** The next part, or null at the end. */
  public byte @Nullable [] next(long nowNanos) {
    int length = 0;
    if (!isBegun) {
      isBegun = true;
      SnapshotCodec.writeHeader(part, epochSeconds);
      length = SnapshotCodec.HEADER_BYTES;
    }
    while (swarm < store.swarms().end()) {
      if (length + SnapshotCodec.SWARM_BYTES + SnapshotCodec.V6_BYTES > PART_BYTES) {
        return Arrays.copyOf(part, length);
      }
      length = writeSwarm(length, store.ticks().at(nowNanos));
    }
    return length == 0 ? null : Arrays.copyOf(part, length);
  }

  /** Writes rows of one family from the last down, as far as they fit. */
  private int writeSwarm(int at, int nowTick) {
    var swarms = store.swarms();
    if (swarms.isFree(swarm)) {
      turnTo(swarm + 1, false);
      return at;
    }
    var table = store.open(swarm, isV6);
    row = Math.min(row, table.count());
    int bytes = isV6 ? SnapshotCodec.V6_BYTES : SnapshotCodec.V4_BYTES;
    int count = Math.min(row, (PART_BYTES - at - SnapshotCodec.SWARM_BYTES) / bytes);
    int next = at;
    if (count > 0) {
      BigEndian.putLong(part, at, swarms.high(swarm));
      BigEndian.putLong(part, at + 8, swarms.middle(swarm));
      BigEndian.putInt(part, at + 16, swarms.low(swarm));
      BigEndian.putInt(part, at + 20, swarms.downloaded(swarm));
      BigEndian.putInt(part, at + 24, isV6 ? 0 : count);
      BigEndian.putInt(part, at + 28, isV6 ? count : 0);
      next += SnapshotCodec.SWARM_BYTES;
    }
    for (int i = 0; i < count; i++) {
      next = SnapshotCodec.writePeer(part, next, table, --row, store.ticks(), nowTick);
    }
    if (row == 0) {
      turnTo(isV6 ? swarm + 1 : swarm, !isV6);
    }
    return next;
  }

  private void turnTo(int swarm, boolean isV6) {
    this.swarm = swarm;
    this.isV6 = isV6;
    row = Integer.MAX_VALUE;
  }
}

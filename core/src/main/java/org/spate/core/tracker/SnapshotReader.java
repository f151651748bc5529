package org.spate.core.tracker;

import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;

/**
 * Reads a snapshot into a store as its bytes come, in pieces of any size. What is cut off or broken
 * ends it: the peers before that stay.
 */
public final class SnapshotReader {
  private static final int STEP_BYTES_MAX = SnapshotCodec.SWARM_BYTES;

  /** Decides which swarms of a snapshot a store takes: several may share one snapshot. */
  public interface Filter {
    boolean takes(long infoHashStart);
  }

  private final CompactPeerStore store;
  private final Filter filter;
  private final long epochSeconds;
  private final byte[] step = new byte[STEP_BYTES_MAX];
  private int stepLength;
  private boolean isBegun;
  private @Nullable String problem;
  private long passedSeconds;
  private int v4Left;
  private int v6Left;
  private long high;
  private long middle;
  private int low;
  private int downloaded;
  private long peerCount;

  /** The time tells how much older the peers are than when they were written down. */
  public SnapshotReader(CompactPeerStore store, long epochSeconds, Filter filter) {
    this.store = store;
    this.filter = filter;
    this.epochSeconds = epochSeconds;
  }

  /** Takes the next bytes. */
  public void read(byte[] bytes, int length, long nowNanos) {
    int at = 0;
    while (at < length && problem == null) {
      int taken = Math.min(stepBytes() - stepLength, length - at);
      System.arraycopy(bytes, at, step, stepLength, taken);
      stepLength += taken;
      at += taken;
      if (stepLength == stepBytes()) {
        take(nowNanos);
        stepLength = 0;
      }
    }
  }

  /** Why reading ended before the bytes did, or null. */
  public @Nullable String problem() {
    return problem;
  }

  /** How many peers have been taken into the store. */
  public long peerCount() {
    return peerCount;
  }

  private int stepBytes() {
    if (!isBegun) {
      return SnapshotCodec.HEADER_BYTES;
    }
    return v4Left > 0
        ? SnapshotCodec.V4_BYTES
        : v6Left > 0 ? SnapshotCodec.V6_BYTES : SnapshotCodec.SWARM_BYTES;
  }

  private void take(long nowNanos) {
    if (!isBegun) {
      takeHeader();
    } else if (v4Left > 0) {
      v4Left--;
      takePeer(0, MAPPED | Integer.toUnsignedLong(BigEndian.intAt(step, 0)), 4, nowNanos);
    } else if (v6Left > 0) {
      v6Left--;
      takePeer(BigEndian.longAt(step, 0), BigEndian.longAt(step, 8), 16, nowNanos);
    } else {
      takeSwarm();
    }
  }

  private static final long MAPPED = 0xFFFF_0000_0000L;

  private void takeHeader() {
    isBegun = true;
    if (BigEndian.longAt(step, 0) != SnapshotCodec.MAGIC) {
      problem = "not a snapshot of this version";
    }
    // A clock that was set back makes nobody younger.
    passedSeconds = Math.max(0, epochSeconds - BigEndian.longAt(step, 8));
  }

  private void takeSwarm() {
    high = BigEndian.longAt(step, 0);
    middle = BigEndian.longAt(step, 8);
    low = BigEndian.intAt(step, 16);
    downloaded = BigEndian.intAt(step, 20);
    v4Left = BigEndian.intAt(step, 24);
    v6Left = BigEndian.intAt(step, 28);
    if (v4Left < 0 || v6Left < 0 || downloaded < 0) {
      problem = "a swarm of a negative size";
    }
  }

  private void takePeer(long addressHigh, long addressLow, int at, long nowNanos) {
    int port = BigEndian.intAt(step, at);
    int ageWord = BigEndian.intAt(step, at + 8);
    if (port < 1 || port > 0xFFFF) {
      problem = "a port out of range";
      return;
    }
    long age = passedSeconds + SnapshotCodec.ageSeconds(ageWord);
    if (!filter.takes(high)) {
      return;
    }
    boolean isTaken =
        store.restore(
            new CompactPeerStore.Restored(
                high,
                middle,
                low,
                downloaded,
                addressHigh,
                addressLow,
                port,
                BigEndian.intAt(step, at + 4),
                SnapshotCodec.isSeed(ageWord),
                SnapshotCodec.hasCompleted(ageWord),
                age),
            nowNanos);
    peerCount += isTaken ? 1 : 0;
  }
}

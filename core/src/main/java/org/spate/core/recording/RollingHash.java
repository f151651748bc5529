package org.spate.core.recording;

import org.spate.core.BigEndian;

/**
 * A hash over all bytes so far: quick, the same on every machine, and no protection from malice.
 */
final class RollingHash {
  private static final long START = 0x9E3779B97F4A7C15L;

  private long state = START;

  void reset() {
    state = START;
  }

  void add(byte[] bytes, int from, int to) {
    add(to - from);
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      add(BigEndian.longAt(bytes, at));
    }
    long rest = 0;
    for (; at < to; at++) {
      rest = (rest << Byte.SIZE) | (bytes[at] & 0xFF);
    }
    add(rest);
  }

  void add(long word) {
    state = Long.rotateLeft((state ^ word) * 0xFF51AFD7ED558CCDL, 29) * 0xC4CEB9FE1A85EC53L;
  }

  long value() {
    return state;
  }

  /** What a recording keeps of it. */
  int folded() {
    return (int) ((state >>> 32) ^ state);
  }
}

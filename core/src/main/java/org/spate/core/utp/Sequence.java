package org.spate.core.utp;

/** Sequence numbers: 16 bits that wrap, compared by which way round is shorter. */
final class Sequence {
  static final int MASK = 0xFFFF;

  private Sequence() {}

  static int plus(int number, int count) {
    return number + count & MASK;
  }

  /** How far {@code to} lies ahead of {@code from}: -32768 to 32767. */
  static int distance(int from, int to) {
    return (short) (to - from);
  }
}

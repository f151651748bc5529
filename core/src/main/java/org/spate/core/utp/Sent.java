package org.spate.core.utp;

/**
 * A packet that was sent and may have to be sent again: its number, and which bytes of the stream
 * it carries. Kept in its place of the ring and used again.
 */
final class Sent {
  int sequence;
  boolean isFin;
  long offset;
  int length;

  /** Counts transmissions of the connection: a packet sent again gets a later one. */
  long order;

  long sentNanos;
  int times;
  boolean isProbe;

  /** It has arrived, by a selective ack. */
  boolean isAcked;

  /** It is taken for lost and waits to be sent again. */
  boolean isLost;

  void reset(int newSequence, boolean fin, long newOffset, int newLength) {
    sequence = newSequence;
    isFin = fin;
    offset = newOffset;
    length = newLength;
    order = 0;
    sentNanos = 0;
    times = 0;
    isProbe = false;
    isAcked = false;
    isLost = false;
  }
}

package org.spate.core.tracker;

import java.nio.ByteBuffer;

/**
 * A datagram and the room for its answer. A front has one and points it at one datagram after the
 * other; the bytes lie in buffers of the front's own, in network byte order.
 */
public final class UdpExchange {
  /** The longest answer: what no usual link splits. */
  public static final int ANSWER_BYTES_MAX = 1_472;

  /** An answer is written in words, of which the last one may reach beyond it. */
  public static final int ROOM_BYTES = ANSWER_BYTES_MAX + 8;

  final ByteBuffer packets;
  final ByteBuffer answers;
  int packetAt;
  int packetLength;
  int answerAt;
  long sourceHigh;
  long sourceLow;
  int sourcePort;

  public UdpExchange(ByteBuffer packets, ByteBuffer answers) {
    this.packets = packets;
    this.answers = answers;
  }

  /**
   * Turns to a datagram.
   *
   * @param answerAt where {@link #ROOM_BYTES} are free for the answer
   */
  public void turnTo(int packetAt, int packetLength, int answerAt) {
    this.packetAt = packetAt;
    this.packetLength = packetLength;
    this.answerAt = answerAt;
  }

  /** The source of the datagram; of an IPv4 address the IPv6-mapped form. */
  public void from(long high, long low, int port) {
    sourceHigh = high;
    sourceLow = low;
    sourcePort = port;
  }

  boolean isV4() {
    return Reach.isV4(sourceHigh, sourceLow);
  }

  int intAt(int offset) {
    return packets.getInt(packetAt + offset);
  }

  long longAt(int offset) {
    return packets.getLong(packetAt + offset);
  }

  void putInt(int offset, int value) {
    answers.putInt(answerAt + offset, value);
  }

  void putLong(int offset, long value) {
    answers.putLong(answerAt + offset, value);
  }

  void put(int offset, byte[] bytes, int length) {
    answers.put(answerAt + offset, bytes, 0, length);
  }
}

package org.spate.core.utp;

import java.util.Arrays;

/**
 * Which packets have arrived beyond a gap (BEP 29, selective ack): bit i stands for the packet
 * {@code ack + 2 + i}; the one before those is missing.
 */
public final class SelectiveAck {
  /** Our longest mask: whole words, and the length must fit into a byte. */
  static final int BYTES_MAX = 252;

  /** Our masks come in words of 32 bits (BEP 29); not everybody's do. */
  static final int WORD_BYTES = 4;

  private final byte[] mask;

  SelectiveAck(byte[] mask) {
    if (mask.length == 0 || mask.length > UtpPacket.EXTENSION_BYTES_MAX) {
      throw new IllegalArgumentException("a mask of " + mask.length + " bytes");
    }
    this.mask = mask;
  }

  int bytes() {
    return mask.length;
  }

  int bits() {
    return mask.length * Byte.SIZE;
  }

  boolean isSet(int bit) {
    return (mask[bit / Byte.SIZE] >>> bit % Byte.SIZE & 1) != 0;
  }

  void copyTo(byte[] target, int offset) {
    System.arraycopy(mask, 0, target, offset, mask.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SelectiveAck ack && Arrays.equals(mask, ack.mask);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(mask);
  }

  @Override
  public String toString() {
    var text = new StringBuilder("+");
    for (int i = 0; i < bits(); i++) {
      text.append(isSet(i) ? 'x' : '.');
    }
    return text.toString();
  }
}

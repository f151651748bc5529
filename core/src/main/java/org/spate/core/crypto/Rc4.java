package org.spate.core.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The RC4 stream of one direction of a link, its first 1,024 bytes discarded as MSE has it. Made to
 * be quick: the permutation in ints, and eight bytes of key stream for each access to the data.
 */
public final class Rc4 {
  private static final int SIZE = 256;
  private static final int MASK = SIZE - 1;
  private static final int DISCARDED = 1024;

  private final int[] state = new int[SIZE];
  private int i;
  private int j;

  public Rc4(byte[] key) {
    for (int n = 0; n < SIZE; n++) {
      state[n] = n;
    }
    for (int n = 0, m = 0; n < SIZE; n++) {
      int moved = state[n];
      m = (m + moved + key[n % key.length]) & MASK;
      state[n] = state[m];
      state[m] = moved;
    }
    apply(new byte[DISCARDED], 0, DISCARDED);
  }

  /** Encrypts or decrypts bytes where they are. */
  public void apply(byte[] bytes, int offset, int length) {
    apply(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), offset, length);
  }

  /**
   * Encrypts or decrypts a range of a buffer where it is.
   *
   * @param buffer of little-endian order; its position and limit are not used
   */
  public void apply(ByteBuffer buffer, int offset, int length) {
    int wholeEnd = offset + (length & -Long.BYTES);
    applyLongs(buffer, offset, wholeEnd);
    int end = offset + length;
    for (int at = wholeEnd; at < end; at++) {
      buffer.put(at, (byte) (buffer.get(at) ^ next()));
    }
  }

  private void applyLongs(ByteBuffer buffer, int from, int to) {
    int[] s = state;
    int mask = s.length - 1; // so the compiler sees that no index is out of bounds
    int x = i;
    int y = j;
    for (int at = from; at < to; at += Long.BYTES) {
      long keys = 0;
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        x = (x + 1) & mask;
        int a = s[x];
        y = (y + a) & mask;
        int b = s[y];
        s[x] = b;
        s[y] = a;
        keys |= (long) s[(a + b) & mask] << shift;
      }
      buffer.putLong(at, buffer.getLong(at) ^ keys);
    }
    i = x;
    j = y;
  }

  private int next() {
    i = (i + 1) & MASK;
    int a = state[i];
    j = (j + a) & MASK;
    int b = state[j];
    state[i] = b;
    state[j] = a;
    return state[(a + b) & MASK];
  }
}

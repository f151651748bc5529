package org.spate.core;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of a few words: a keyed hash that strangers cannot
 * forge, at the price of a few additions and rotations.
 */
public final class SipHash {
  private static final int COMPRESSION_ROUNDS = 2;
  private static final int FINAL_ROUNDS = 4;
  private static final int WORDS = 3;
  private static final long LENGTH_WORD = ((long) WORDS * Long.BYTES) << 56;

  private SipHash() {}

  /** The hash of three words, each as eight little-endian bytes. */
  public static long of(long key0, long key1, long word0, long word1, long word2) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    for (int step = 0; step <= WORDS + 1; step++) {
      // The length stands in the first byte of a last word, and then comes the finish.
      long word = step == 0 ? word0 : step == 1 ? word1 : step == 2 ? word2 : LENGTH_WORD;
      boolean isFinal = step > WORDS;
      v3 ^= isFinal ? 0 : word;
      v2 ^= isFinal ? 0xff : 0;
      for (int round = isFinal ? FINAL_ROUNDS : COMPRESSION_ROUNDS; round > 0; round--) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= isFinal ? 0 : word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}

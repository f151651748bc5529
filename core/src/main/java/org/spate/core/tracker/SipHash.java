package org.spate.core.tracker;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of a few words: a keyed hash that strangers cannot
 * forge, at the price of a few additions and rotations.
 */
final class SipHash {
  private static final int COMPRESSION_ROUNDS = 2;
  private static final int FINAL_ROUNDS = 4;

  private long v0;
  private long v1;
  private long v2;
  private long v3;

  private SipHash(long key0, long key1) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
  }

  /** The hash of the words, each as eight little-endian bytes. */
  static long of(long key0, long key1, long... words) {
    var state = new SipHash(key0, key1);
    for (long word : words) {
      state.compress(word);
    }
    state.compress(((long) words.length * Long.BYTES) << 56);
    return state.end();
  }

  private void compress(long word) {
    v3 ^= word;
    rounds(COMPRESSION_ROUNDS);
    v0 ^= word;
  }

  private long end() {
    v2 ^= 0xff;
    rounds(FINAL_ROUNDS);
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
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
  }
}

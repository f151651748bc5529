package org.spate.core.dht;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.SipHash;

/**
 * The tokens that a node hands out and wants back before it stores anything (BEP 5): a keyed hash
 * of the asker's address and the target. Who has one can receive at that address; nothing is kept
 * for it. The secret changes every five minutes, and the one before it is still good: a token lives
 * for five to ten.
 */
final class Tokens {
  static final long ROTATION_NANOS = 5 * 60 * 1_000_000_000L;

  private static final int BYTES = 8;

  private final RandomGenerator random;
  private long key0;
  private long key1;
  private long oldKey0;
  private long oldKey1;
  private long rotateNanos;

  Tokens(RandomGenerator random, long nowNanos) {
    this.random = random;
    rotate();
    rotate();
    rotateNanos = nowNanos + ROTATION_NANOS;
  }

  byte[] issue(Endpoint asker, Hash160 target, long nowNanos) {
    rotateIfDue(nowNanos);
    return token(key0, key1, asker, target);
  }

  boolean isValid(byte[] token, Endpoint asker, Hash160 target, long nowNanos) {
    rotateIfDue(nowNanos);
    return token.length == BYTES
        && (Arrays.equals(token, token(key0, key1, asker, target))
            || Arrays.equals(token, token(oldKey0, oldKey1, asker, target)));
  }

  private void rotateIfDue(long nowNanos) {
    for (int i = 0; i < 2 && rotateNanos - nowNanos <= 0; i++) {
      rotate();
      rotateNanos += ROTATION_NANOS;
    }
    if (rotateNanos - nowNanos <= 0) { // idle for long: both secrets are new already
      rotateNanos = nowNanos + ROTATION_NANOS;
    }
  }

  private void rotate() {
    oldKey0 = key0;
    oldKey1 = key1;
    key0 = random.nextLong();
    key1 = random.nextLong();
  }

  private static byte[] token(long key0, long key1, Endpoint asker, Hash160 target) {
    var token = new byte[BYTES];
    long asked = SipHash.of(key0, key1, asker.high(), asker.low(), target.high());
    long hash = SipHash.of(key0, key1, asked, target.middle(), target.low());
    BigEndian.putLong(token, 0, hash);
    return token;
  }
}

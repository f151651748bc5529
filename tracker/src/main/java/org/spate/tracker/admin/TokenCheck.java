package org.spate.tracker.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request carries the operator's token. The comparison takes the same time however much
 * of a guess is right, and after too many wrong ones nobody is let in for the rest of a minute.
 */
final class TokenCheck {
  static final int WRONG_PER_MINUTE_MAX = 100;

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final String SCHEME = "Bearer ";

  enum Outcome {
    RIGHT,
    WRONG,
    LOCKED
  }

  private final byte[] digest;
  private final LongSupplier clock;
  private long minute;
  private int wrongCount;

  TokenCheck(String token, LongSupplier clock) {
    digest = sha256(token);
    this.clock = clock;
  }

  synchronized Outcome check(@Nullable String authorization) {
    long now = Math.floorDiv(clock.getAsLong(), MINUTE_NANOS);
    if (now != minute) {
      minute = now;
      wrongCount = 0;
    }
    if (wrongCount >= WRONG_PER_MINUTE_MAX) {
      return Outcome.LOCKED;
    }
    if (authorization != null && MessageDigest.isEqual(digest, sha256(tokenIn(authorization)))) {
      return Outcome.RIGHT;
    }
    wrongCount++;
    return Outcome.WRONG;
  }

  private static String tokenIn(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).strip()
        : "";
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}

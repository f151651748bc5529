package org.spate.core.tracker;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/**
 * The secrets that sign announce URLs: the first signs, and all are good, so that a new one can be
 * put before the old one while URLs of the old one are about. A signature is HMAC-SHA-256 (RFC
 * 2104), in base64url without padding, over four lines without a line feed behind the last:
 *
 * <pre>
 * spate-announce
 * EXPIRY, seconds since 1970
 * USER, may be empty
 * INFO-HASH in forty lower-case hexadecimal digits, or * for any
 * </pre>
 */
public final class SigningKeys {
  public static final int KEY_COUNT_MAX = 2;

  /** A shorter secret could be guessed. */
  public static final int KEY_LENGTH_MIN = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final List<SecretKeySpec> keys;

  private SigningKeys(List<SecretKeySpec> keys) {
    this.keys = keys;
  }

  /**
   * One key a line, taken by its bytes; empty lines and those that start with {@code #} do not
   * count.
   *
   * @throws IllegalArgumentException if there is none, or too many, or one is too short
   */
  public static SigningKeys parse(String text) {
    var lines =
        text.lines().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList();
    if (lines.isEmpty() || lines.size() > KEY_COUNT_MAX) {
      throw new IllegalArgumentException(
          "one or two signing keys expected, one a line, not " + lines.size());
    }
    if (lines.stream().anyMatch(line -> line.length() < KEY_LENGTH_MIN)) {
      throw new IllegalArgumentException(
          "a signing key must have " + KEY_LENGTH_MIN + " characters or more");
    }
    return new SigningKeys(
        lines.stream()
            .map(line -> new SecretKeySpec(line.getBytes(StandardCharsets.UTF_8), ALGORITHM))
            .toList());
  }

  /**
   * What to put before {@code /announce}, signed by the first key.
   *
   * @param infoHash the torrent that it is good for, or null for any
   * @throws IllegalArgumentException if the user's name is none
   */
  public String sign(long expirySeconds, String user, @Nullable Hash160 infoHash) {
    if (!user.isEmpty() && !UserList.isName(user)) {
      throw new IllegalArgumentException("not a user's name: " + user);
    }
    var message = message(expirySeconds, user, infoHash);
    var signature =
        Base64.getUrlEncoder().withoutPadding().encodeToString(mac(keys.getFirst(), message));
    return new SignedPass(expirySeconds, user, infoHash != null, signature).toString();
  }

  /** Whether one of them has signed the pass for this torrent; takes the same time either way. */
  boolean areOf(SignedPass pass, Hash160 infoHash) {
    var message = message(pass.expirySeconds(), pass.user(), pass.isForOne() ? infoHash : null);
    var given = pass.signature().getBytes(StandardCharsets.US_ASCII);
    boolean isSigned = false;
    for (var key : keys) {
      var right = Base64.getUrlEncoder().withoutPadding().encode(mac(key, message));
      isSigned |= MessageDigest.isEqual(right, given);
    }
    return isSigned;
  }

  private static byte[] message(long expirySeconds, String user, @Nullable Hash160 infoHash) {
    var scope = infoHash == null ? "*" : infoHash.toString();
    return ("spate-announce\n" + expirySeconds + "\n" + user + "\n" + scope)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] mac(SecretKeySpec key, byte[] message) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has " + ALGORITHM, e);
    }
  }
}

package org.spate.core.tracker;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of an announce URL that lets its holder in for a time: {@code
 * EXPIRY.USER.SCOPE.SIGNATURE}, where the scope is {@code one} (torrent) or {@code any}.
 *
 * @param expirySeconds the first second at which it is no longer good, since 1970
 * @param user as whom the holder announces; may be empty
 * @param isForOne whether it is good for the one torrent that went into the signature
 * @param signature see {@link SigningKeys}
 */
record SignedPass(long expirySeconds, String user, boolean isForOne, String signature) {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,12})\\.([A-Za-z0-9_-]{0,32})\\.(one|any)\\.([A-Za-z0-9_-]{43})");
  private static final String ONE = "one";

  /** Null if it has another form. */
  static @Nullable SignedPass parse(String text) {
    var parts = FORM.matcher(text);
    return parts.matches()
        ? new SignedPass(
            Long.parseLong(parts.group(1)),
            parts.group(2),
            parts.group(3).equals(ONE),
            parts.group(4))
        : null;
  }

  @Override
  public String toString() {
    return expirySeconds + "." + user + "." + (isForOne ? ONE : "any") + "." + signature;
  }
}

package org.spate.core.tracker;

import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.tracker.Admission.Verdict.Admitted;
import org.spate.core.tracker.Admission.Verdict.Refused;

/**
 * Lets in who has a passkey ({@code /PASSKEY/announce}) or a URL that was signed for a time ({@code
 * /EXPIRY.USER.SCOPE.SIGNATURE/announce}). A passkey has no dots, so the two cannot be mistaken.
 *
 * @param users whose passkeys are good, or null if none are
 * @param keys by which signatures are good, or null if none are
 */
public record Passes(@Nullable UserList users, @Nullable SigningKeys keys) implements Admission {
  private static final String ANNOUNCE = "/announce";
  private static final String SCRAPE = "/scrape";

  /** What asks for either, or for nothing. */
  public static Admission of(@Nullable UserList users, @Nullable SigningKeys keys) {
    return users == null && keys == null ? ANYBODY : new Passes(users, keys);
  }

  @Override
  public Verdict admit(String urlData, Hash160 infoHash, long epochSeconds) {
    var pass = passOf(urlData);
    if (pass == null) {
      return Refused.NO_PASS;
    }
    if (pass.indexOf('.') >= 0) {
      return keys == null ? Refused.BAD_SIGNATURE : admitSigned(pass, infoHash, epochSeconds);
    }
    var user = users == null ? null : users.nameOf(pass);
    return user == null ? Refused.UNKNOWN_PASSKEY : new Admitted(user);
  }

  private Verdict admitSigned(String text, Hash160 infoHash, long epochSeconds) {
    var pass = SignedPass.parse(text);
    if (keys == null || pass == null || !keys.areOf(pass, infoHash)) {
      return Refused.BAD_SIGNATURE;
    }
    return epochSeconds >= pass.expirySeconds() ? Refused.EXPIRED : new Admitted(pass.user());
  }

  /** What stands before {@code /announce} or {@code /scrape}, or null. */
  static @Nullable String passOf(String urlData) {
    int mark = urlData.indexOf('?');
    var path = mark < 0 ? urlData : urlData.substring(0, mark);
    int slash = path.lastIndexOf('/');
    if (slash < 2 || path.charAt(0) != '/' || path.indexOf('/', 1) != slash) {
      return null;
    }
    var page = path.substring(slash);
    return page.equals(ANNOUNCE) || page.equals(SCRAPE) ? path.substring(1, slash) : null;
  }
}

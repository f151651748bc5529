package org.spate.core.tracker;

import org.spate.core.Hash160;
import org.spate.core.announce.TrackerFailure;

/**
 * Decides who may announce and scrape, by what the tracker's URL has before {@code /announce}: over
 * UDP clients tell it as URL data (BEP 41).
 */
public interface Admission {
  /** Lets everybody in, as nobody in particular. */
  Admission ANYBODY =
      new Admission() {
        @Override
        public Verdict admit(String urlData, Hash160 infoHash, long epochSeconds) {
          return new Verdict.Admitted("");
        }

        @Override
        public boolean isOpen() {
          return true;
        }
      };

  /**
   * Looks at one request.
   *
   * @param urlData path and query of the tracker's URL, or the empty string
   */
  Verdict admit(String urlData, Hash160 infoHash, long epochSeconds);

  /** Whether it need not be asked. */
  default boolean isOpen() {
    return false;
  }

  /** What became of a request. */
  sealed interface Verdict {
    /** May go on, as this user, or as nobody in particular with the empty string. */
    record Admitted(String user) implements Verdict {}

    /** May not. */
    enum Refused implements Verdict {
      NO_PASS(Count.REFUSED_NO_PASS, "this tracker needs a personal announce URL"),
      UNKNOWN_PASSKEY(Count.REFUSED_PASSKEY, "this passkey is not known here"),
      BAD_SIGNATURE(Count.REFUSED_SIGNATURE, "this announce URL is not signed by this tracker"),
      EXPIRED(Count.REFUSED_EXPIRED, "this announce URL has expired: fetch a new torrent file");

      final Count count;
      private final String reason;

      Refused(Count count, String reason) {
        this.count = count;
        this.reason = reason;
      }

      TrackerFailure failure() {
        return TrackerFailure.of(reason);
      }
    }
  }
}

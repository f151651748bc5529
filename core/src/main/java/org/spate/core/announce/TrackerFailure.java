package org.spate.core.announce;

/**
 * An announce or scrape that brought nothing: the tracker refused it, answered nonsense, or could
 * not be reached.
 *
 * @param reason for the user, bounded in length
 * @param retryInSeconds when the tracker wants to be asked again (BEP 31); {@link #BACK_OFF} leaves
 *     it to the client, {@link #NEVER} means that asking again is pointless
 */
public record TrackerFailure(String reason, int retryInSeconds) implements TrackerResponse {
  public static final int BACK_OFF = 0;
  public static final int NEVER = Integer.MAX_VALUE;

  /** A longer reason is cut: it is a stranger's text on its way to a log. */
  public static final int REASON_LENGTH_MAX = 500;

  public TrackerFailure {
    if (retryInSeconds < 0) {
      throw new IllegalArgumentException("retry in the past");
    }
    if (reason.length() > REASON_LENGTH_MAX) {
      reason = reason.substring(0, REASON_LENGTH_MAX);
    }
  }

  /** A failure that leaves the time of the next attempt to the client. */
  public static TrackerFailure of(String reason) {
    return new TrackerFailure(reason, BACK_OFF);
  }

  /** A failure that another attempt would only repeat. */
  public static TrackerFailure permanent(String reason) {
    return new TrackerFailure(reason, NEVER);
  }
}

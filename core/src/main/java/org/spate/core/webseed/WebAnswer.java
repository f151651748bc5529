package org.spate.core.webseed;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the head of a server's response means for the range that was asked for. */
public sealed interface WebAnswer {
  /** The bytes asked for follow. */
  record Bytes() implements WebAnswer {}

  /** Ask there. */
  record Redirect(String location) implements WebAnswer {}

  /**
   * Not now.
   *
   * @param retryAfterSeconds when the server wants to be asked again, or -1 if it does not say
   */
  record Later(String reason, int retryAfterSeconds) implements WebAnswer {}

  /** This server cannot help with this torrent. */
  record Never(String reason) implements WebAnswer {}

  /** Longest wait that a server may ask for. */
  int RETRY_SECONDS_MAX = 3_600;

  Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(?:\\d{1,18}|\\*)");

  /**
   * Reads a head.
   *
   * @param contentLength its {@code Content-Length}, or -1
   */
  static WebAnswer of(
      WebRange range,
      int status,
      long contentLength,
      @Nullable String contentRange,
      @Nullable String location,
      @Nullable String retryAfter) {
    return switch (status) {
      case 200 -> whole(range, contentLength);
      case 206 -> part(range, contentLength, contentRange);
      case 301, 302, 303, 307, 308 ->
          location == null ? new Never("redirects to nowhere") : new Redirect(location);
      case 408, 425, 429, 500, 502, 503, 504 -> new Later("status " + status, seconds(retryAfter));
      default -> new Never("status " + status);
    };
  }

  private static WebAnswer whole(WebRange range, long contentLength) {
    boolean isAll = range.from() <= 0 && (contentLength < 0 || contentLength == range.length());
    return isAll ? new Bytes() : new Never("does not serve ranges");
  }

  private static WebAnswer part(WebRange range, long contentLength, @Nullable String contentRange) {
    var sent = contentRange == null ? null : CONTENT_RANGE.matcher(contentRange.strip());
    boolean isRight =
        sent != null
            && sent.matches()
            && Long.parseLong(sent.group(1)) == range.from()
            && Long.parseLong(sent.group(2)) == range.from() + range.length() - 1
            && (contentLength < 0 || contentLength == range.length());
    return isRight ? new Bytes() : new Never("sends another range");
  }

  /** Whole seconds; a date is as good as nothing, since there is no clock to compare it with. */
  private static int seconds(@Nullable String retryAfter) {
    var text = retryAfter == null ? "" : retryAfter.strip();
    if (!text.matches("[0-9]+")) {
      return -1;
    }
    return text.length() > 9
        ? RETRY_SECONDS_MAX
        : Math.min(Integer.parseInt(text), RETRY_SECONDS_MAX);
  }
}

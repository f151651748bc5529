package org.spate.core.announce;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of a tracker, taken apart. Only schemes that can be announced to are accepted, and
 * only hosts in ASCII: a look-alike in another script is never contacted.
 *
 * @param scheme {@code http}, {@code https} or {@code udp}
 * @param host a name or an address; IPv6 without its brackets
 * @param target path and query as written, without the fragment; empty or beginning with a slash or
 *     a question mark
 */
public record TrackerUrl(String scheme, String host, int port, String target) {
  public static final int LENGTH_MAX = 2_048;

  private static final String SCRAPE = "scrape";
  private static final String ANNOUNCE = "announce";

  /**
   * Parses a URL from a torrent, a magnet link or the user.
   *
   * @throws IllegalArgumentException with the reason why nobody can announce there
   */
  public static TrackerUrl parse(String text) {
    check(text.length() <= LENGTH_MAX, "tracker URL too long");
    int schemeEnd = text.indexOf("://");
    check(schemeEnd > 0, "tracker URL without a scheme");
    var scheme = text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    int defaultPort =
        switch (scheme) {
          case "http" -> 80;
          case "https" -> 443;
          case "udp" -> 0;
          default -> throw new IllegalArgumentException("not a tracker's scheme: " + scheme);
        };
    for (int i = 0; i < text.length(); i++) {
      check(text.charAt(i) > ' ' && text.charAt(i) < 0x7f, "tracker URL beyond plain ASCII");
    }
    int start = schemeEnd + 3;
    int end = endOfAuthority(text, start);
    int fragment = text.indexOf('#', end);
    var target = text.substring(end, fragment < 0 ? text.length() : fragment);
    return ofAuthority(scheme, text.substring(start, end), defaultPort, target);
  }

  private static int endOfAuthority(String text, int start) {
    int end = start;
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static TrackerUrl ofAuthority(
      String scheme, String authority, int defaultPort, String target) {
    check(authority.indexOf('@') < 0, "tracker URL with a user name");
    boolean bracketed = authority.startsWith("[");
    int hostEnd = bracketed ? authority.indexOf(']') : authority.indexOf(':');
    check(!bracketed || hostEnd > 0, "tracker URL with an open bracket");
    var host =
        bracketed
            ? authority.substring(1, hostEnd)
            : authority.substring(0, hostEnd < 0 ? authority.length() : hostEnd);
    check(!host.isEmpty(), "tracker URL without a host");
    var rest = bracketed ? authority.substring(hostEnd + 1) : authority.substring(host.length());
    int port = rest.isEmpty() || rest.equals(":") ? defaultPort : port(rest);
    check(port > 0, "tracker URL without a port");
    return new TrackerUrl(scheme, host.toLowerCase(Locale.ROOT), port, target);
  }

  private static int port(String text) {
    check(text.matches(":[0-9]{1,5}"), "tracker URL with a malformed port");
    int port = Integer.parseInt(text, 1, text.length(), 10);
    check(port <= 0xFFFF, "tracker URL with a port out of range");
    return port;
  }

  private static void check(boolean valid, String problem) {
    if (!valid) {
      throw new IllegalArgumentException(problem);
    }
  }

  public boolean isUdp() {
    return scheme.equals("udp");
  }

  /**
   * Whether the path is exactly {@code /announce} and there is no query: all that may be asked of a
   * host in the local network, lest a torrent make its reader call some device's interface.
   */
  public boolean isPlainAnnounce() {
    return target.equals("/" + ANNOUNCE);
  }

  /**
   * The target for a scrape: {@code announce} at the beginning of the last part of the path becomes
   * {@code scrape} (BEP 48). Null if the path has no such part, which means no scrape.
   */
  public @Nullable String scrapeTarget() {
    int query = target.indexOf('?');
    int pathEnd = query < 0 ? target.length() : query;
    int last = target.lastIndexOf('/', Math.max(pathEnd - 1, 0)) + 1;
    if (pathEnd == 0 || !target.startsWith(ANNOUNCE, last) || last + ANNOUNCE.length() > pathEnd) {
      return null;
    }
    return target.substring(0, last) + SCRAPE + target.substring(last + ANNOUNCE.length());
  }

  /** For logs: without path and query, which may hold a passkey. */
  public String redacted() {
    return scheme + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}

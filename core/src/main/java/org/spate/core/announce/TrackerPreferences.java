package org.spate.core.announce;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a host says that it runs trackers (BEP 34), the preferred one first; at none of its ports
 * if the list is empty.
 */
public record TrackerPreferences(List<Port> ports) {
  static final int PORTS_MAX = 8;

  private static final String FIRST_WORD = "BITTORRENT";

  /** A port of a tracker. */
  public record Port(boolean isUdp, int number) {}

  /** What the TXT records of a host say; null if that is nothing of trackers. */
  public static @Nullable TrackerPreferences of(List<String> texts) {
    for (var text : texts) {
      var words = text.split(" ", -1);
      if (words[0].equals(FIRST_WORD)) {
        var ports = new ArrayList<Port>();
        for (var word : words) {
          var port = port(word);
          if (port != null && ports.size() < PORTS_MAX && !ports.contains(port)) {
            ports.add(port);
          }
        }
        return new TrackerPreferences(List.copyOf(ports));
      }
    }
    return null;
  }

  /** Words of other kinds may come one day. */
  private static @Nullable Port port(String word) {
    boolean isUdp = word.startsWith("UDP:");
    if (!word.matches("(UDP|TCP):[0-9]{1,5}")) {
      return null;
    }
    int number = Integer.parseInt(word.substring(4));
    return number < 1 || number > 0xFFFF ? null : new Port(isUdp, number);
  }

  /**
   * Where to announce instead, the best first; none if the host runs no tracker for this URL. What
   * was meant for TLS, a passkey perhaps, does not go in the clear.
   */
  public List<TrackerUrl> applied(TrackerUrl url) {
    var urls = new ArrayList<TrackerUrl>();
    boolean isSecure = url.scheme().equals("https");
    for (var port : ports) {
      if (port.isUdp && !isSecure) {
        urls.add(new TrackerUrl("udp", url.host(), port.number, url.target()));
      } else if (!port.isUdp) {
        var scheme = isSecure ? "https" : "http";
        var target = url.target().length() <= 1 ? "/announce" : url.target();
        urls.add(new TrackerUrl(scheme, url.host(), port.number, target));
      }
    }
    return urls;
  }
}

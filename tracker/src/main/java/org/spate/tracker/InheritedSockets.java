package org.spate.tracker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sockets that a service manager has opened and hands over (systemd's socket activation): they
 * listen before the tracker runs and while it is started again, and may have ports below 1024 that
 * the tracker has no right to.
 *
 * @param http file descriptors of listening sockets for HTTP
 * @param https the same for HTTPS, those that are named {@code https}
 * @param udp file descriptors of bound datagram sockets
 */
public record InheritedSockets(List<Integer> http, List<Integer> https, List<Integer> udp) {
  public static final InheritedSockets NONE = new InheritedSockets(List.of(), List.of(), List.of());

  private static final int FIRST = 3;
  private static final int COUNT_MAX = 64;

  public InheritedSockets {
    http = List.copyOf(http);
    https = List.copyOf(https);
    udp = List.copyOf(udp);
  }

  public boolean isEmpty() {
    return http.isEmpty() && https.isEmpty() && udp.isEmpty();
  }

  /**
   * What {@code LISTEN_FDS}, {@code LISTEN_PID} and {@code LISTEN_FDNAMES} say; nothing if they are
   * meant for another process.
   *
   * @throws TrackerException if what they say cannot be used
   */
  public static InheritedSockets of(Map<String, String> environment, long processId) {
    var count = environment.getOrDefault("LISTEN_FDS", "");
    if (!environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(processId))) {
      return NONE;
    }
    var names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    try {
      return sorted(Integer.parseInt(count), names);
    } catch (NumberFormatException | IOException e) {
      throw new TrackerException("cannot use the inherited sockets: " + e.getMessage(), e);
    }
  }

  private static InheritedSockets sorted(int count, String[] names) throws IOException {
    if (count < 0 || count > COUNT_MAX || !LinuxSockets.areAvailable()) {
      throw new IOException(count + " of them");
    }
    var http = new ArrayList<Integer>();
    var https = new ArrayList<Integer>();
    var udp = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      int fd = FIRST + i;
      boolean isEncrypted = i < names.length && names[i].equals("https");
      if (LinuxSockets.isForDatagrams(fd)) {
        udp.add(fd);
      } else {
        (isEncrypted ? https : http).add(fd);
      }
      LinuxSockets.neverBlock(fd);
    }
    return new InheritedSockets(http, https, udp);
  }
}

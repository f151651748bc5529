package org.spate.tracker;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.TrackerPolicy;

/**
 * How to run a tracker.
 *
 * @param http where to listen for HTTP; port 0 takes a free one, a wildcard address serves IPv4 and
 *     IPv6
 * @param udp where to listen for UDP, likewise
 * @param allow a file of info-hashes that are served and no others, read again when it changes, or
 *     null
 * @param deny a file of info-hashes that are not served, likewise; not together with {@code allow}
 * @param threadCount how many event loops share the work, 1 and up
 * @param connectionCountMax more HTTP connections at a time are closed at once
 */
public record TrackerSettings(
    List<InetSocketAddress> http,
    List<InetSocketAddress> udp,
    TrackerPolicy policy,
    @Nullable Path allow,
    @Nullable Path deny,
    int threadCount,
    int connectionCountMax) {

  public static final int THREAD_COUNT_MAX = 256;
  private static final int CONNECTION_COUNT_MAX = 10_000;

  public TrackerSettings {
    if (allow != null && deny != null) {
      throw new IllegalArgumentException("an allow list and a deny list exclude each other");
    }
    if (threadCount < 1 || threadCount > THREAD_COUNT_MAX) {
      throw new IllegalArgumentException("threads out of range: " + threadCount);
    }
    if (connectionCountMax < 1) {
      throw new IllegalArgumentException("no connection allowed");
    }
    http = List.copyOf(http);
    udp = List.copyOf(udp);
  }

  /** Listens on these addresses, open to all swarms, with the usual policy. */
  public static TrackerSettings on(List<InetSocketAddress> http, List<InetSocketAddress> udp) {
    return new TrackerSettings(
        http, udp, TrackerPolicy.DEFAULT, null, null, 1, CONNECTION_COUNT_MAX);
  }

  public TrackerSettings withPolicy(TrackerPolicy other) {
    return new TrackerSettings(http, udp, other, allow, deny, threadCount, connectionCountMax);
  }

  public TrackerSettings withAllow(Path list) {
    return new TrackerSettings(http, udp, policy, list, deny, threadCount, connectionCountMax);
  }

  public TrackerSettings withDeny(Path list) {
    return new TrackerSettings(http, udp, policy, allow, list, threadCount, connectionCountMax);
  }

  public TrackerSettings withConnectionCountMax(int count) {
    return new TrackerSettings(http, udp, policy, allow, deny, threadCount, count);
  }

  public TrackerSettings withThreadCount(int count) {
    return new TrackerSettings(http, udp, policy, allow, deny, count, connectionCountMax);
  }
}

package org.spate.engine.tracker;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerResponse;
import org.spate.core.announce.TrackerUrl;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Network;

/**
 * Carries announces to trackers. Each ends in exactly one answer, within a minute, later than the
 * call, on the loop that asked.
 */
public final class TrackerClient {
  private final Network network;
  private final NameResolver names = new NameResolver();
  private final AddressPolicy policy;
  private final HttpTrackers http;
  private final Map<Loop, UdpTrackers> udp = new ConcurrentHashMap<>();

  /**
   * @param trustLocal whether trackers in the local network may have any path
   * @param userAgent what HTTP trackers are told that we are
   */
  public TrackerClient(Network network, boolean trustLocal, String userAgent) {
    this.network = network;
    this.policy = new AddressPolicy(trustLocal);
    this.http = new HttpTrackers(network, userAgent);
  }

  /** Announces; the answer is an {@code AnnounceReply} or a failure. */
  public void announce(
      String trackerUrl, AnnounceRequest request, Loop loop, Consumer<TrackerResponse> answer) {
    TrackerUrl url;
    try {
      url = TrackerUrl.parse(trackerUrl);
    } catch (IllegalArgumentException e) {
      var failure = TrackerFailure.permanent(String.valueOf(e.getMessage()));
      loop.execute(() -> answer.accept(failure));
      return;
    }
    if (url.isUdp()) {
      find(url, loop, answer, address -> udp(loop).announce(url, address, request, answer));
    } else {
      new HttpAnnounce(this, url, request, loop, answer).begin();
    }
  }

  private UdpTrackers udp(Loop loop) {
    return udp.computeIfAbsent(loop, at -> new UdpTrackers(network, at));
  }

  HttpTrackers http() {
    return http;
  }

  /** Finds an address that may be asked, or answers with the reason why there is none. */
  void find(
      TrackerUrl url, Loop loop, Consumer<TrackerResponse> answer, Consumer<InetAddress> next) {
    names.resolve(
        url.host(),
        loop,
        addresses -> {
          var address = choose(addresses);
          var refusal =
              address == null ? "no address for " + url.host() : policy.refusal(url, address);
          if (address == null || refusal != null) {
            answer.accept(TrackerFailure.of(String.valueOf(refusal)));
          } else {
            next.accept(address);
          }
        });
  }

  /** The first IPv4 address, else the first; of the family that we are bound to if we are. */
  private @Nullable InetAddress choose(List<InetAddress> addresses) {
    var bind = network.bind();
    InetAddress chosen = null;
    for (var address : addresses) {
      boolean reachable = bind == null || bind.getClass() == address.getClass();
      if (reachable && address instanceof Inet4Address) {
        return address;
      }
      if (reachable && chosen == null && address instanceof Inet6Address) {
        chosen = address;
      }
    }
    return chosen;
  }

  /** Ends the threads that look up names; sockets end with their loops. */
  public void close() {
    names.close();
  }
}

package org.spate.engine.tracker;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerResponse;
import org.spate.core.announce.TrackerUrl;
import org.spate.engine.net.Addresses;
import org.spate.engine.net.Loop;
import org.spate.engine.net.NameResolver;
import org.spate.engine.net.Network;

/**
 * Carries announces to trackers, over IPv4 and IPv6 where a tracker has both (BEP 7). Each ends in
 * exactly one answer, within a minute, later than the call, on the loop that asked. Behind a proxy
 * the names of trackers are the proxy's to resolve.
 */
public final class TrackerClient {
  private static final int DAY_SECONDS = 86_400;

  private static final TrackerFailure NO_TRACKER =
      new TrackerFailure("its host says that it runs no tracker (BEP 34)", DAY_SECONDS);

  private final Network network;
  private final NameResolver names;
  private final TrackerChoice choice;
  private final AddressPolicy policy;
  private final HttpTrackers http;
  private final Map<Loop, UdpTrackers> udp = new ConcurrentHashMap<>();

  /**
   * @param trustLocal whether trackers in the local network may have any path
   * @param userAgent what HTTP trackers are told that we are
   */
  public TrackerClient(Network network, boolean trustLocal, String userAgent) {
    this(network, trustLocal, userAgent, network.names());
  }

  TrackerClient(Network network, boolean trustLocal, String userAgent, NameResolver names) {
    this.network = network;
    this.names = names;
    this.choice = new TrackerChoice(names);
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
    var proxy = network.transport().proxy();
    if (proxy != null) {
      loop.execute(() -> ask(url, literal(url), request, loop, answer));
      return;
    }
    choice.choose(
        url,
        loop,
        chosen -> {
          if (chosen == null) {
            answer.accept(NO_TRACKER);
          } else {
            announce(chosen, request, loop, response -> pass(chosen, response, answer));
          }
        });
  }

  private void pass(TrackerUrl url, TrackerResponse response, Consumer<TrackerResponse> answer) {
    if (response instanceof TrackerFailure) {
      choice.onFailure(url.host());
    }
    answer.accept(response);
  }

  private void announce(
      TrackerUrl url, AnnounceRequest request, Loop loop, Consumer<TrackerResponse> answer) {
    names.resolve(
        url.host(),
        loop,
        addresses -> {
          var reachable = oneOfEachFamily(addresses);
          var each = reachable.size() < 2 ? answer : new BothFamilies(2, loop, answer);
          if (reachable.isEmpty()) {
            answer.accept(noAddress(url));
          }
          reachable.forEach(address -> ask(url, address, request, loop, each));
        });
  }

  /** The address that a URL has for a host; null stands for what a proxy is to look up. */
  private static @Nullable InetAddress literal(TrackerUrl url) {
    var bytes = IpLiteral.parse(url.host());
    return bytes == null
        ? null
        : Addresses.socketAddress(Endpoint.of(bytes, url.port())).getAddress();
  }

  private void ask(
      TrackerUrl url,
      @Nullable InetAddress address,
      AnnounceRequest request,
      Loop loop,
      Consumer<TrackerResponse> answer) {
    var proxy = network.transport().proxy();
    if (url.isUdp() && proxy != null && !proxy.carriesDatagrams()) {
      answer.accept(TrackerFailure.permanent(UdpTrackers.NO_RELAY));
    } else if (url.isUdp()) {
      check(url, address, answer, () -> udp(loop).announce(url, address, request, answer));
    } else {
      new HttpAnnounce(this, url, request, loop, answer).begin(address);
    }
  }

  /** Goes on if the address may be asked, or else answers with the reason. */
  void check(
      TrackerUrl url,
      @Nullable InetAddress address,
      Consumer<TrackerResponse> answer,
      Runnable next) {
    var refusal = policy.refusal(url, address);
    if (refusal == null) {
      next.run();
    } else {
      answer.accept(TrackerFailure.of(refusal));
    }
  }

  private UdpTrackers udp(Loop loop) {
    return udp.computeIfAbsent(loop, at -> new UdpTrackers(network, at));
  }

  HttpTrackers http() {
    return http;
  }

  /**
   * Finds where a redirection leads, in the same family if there is a choice. Null is what only a
   * proxy knows.
   */
  void find(
      TrackerUrl url,
      @Nullable InetAddress before,
      Loop loop,
      Consumer<TrackerResponse> answer,
      Consumer<@Nullable InetAddress> next) {
    if (network.transport().proxy() != null) {
      next.accept(literal(url));
      return;
    }
    names.resolve(
        url.host(),
        loop,
        addresses -> {
          var reachable = oneOfEachFamily(addresses);
          if (reachable.isEmpty()) {
            answer.accept(noAddress(url));
          } else {
            boolean isSame = before != null && reachable.getFirst().getClass() == before.getClass();
            next.accept(isSame ? reachable.getFirst() : reachable.getLast());
          }
        });
  }

  private static TrackerFailure noAddress(TrackerUrl url) {
    return TrackerFailure.of("no address for " + url.host());
  }

  /** The first IPv4 address and the first IPv6 address, of those that we can reach as bound. */
  private List<InetAddress> oneOfEachFamily(List<InetAddress> addresses) {
    var reachable = addresses.stream().filter(network.binding()::reaches).toList();
    return Stream.of(Inet4Address.class, Inet6Address.class)
        .flatMap(family -> reachable.stream().filter(family::isInstance).limit(1))
        .toList();
  }
}

package org.spate.core.portmap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;

/**
 * Has ports mapped by whatever protocol the home router speaks. PCP, NAT-PMP and the search for
 * UPnP devices begin at once; who maps first holds IPv4, and the others rest until it fails, so
 * that no port is mapped twice. IPv6 knows pinholes by PCP.
 *
 * <pre>
 *   NOBODY -- PCP or NAT-PMP maps a port -------------------------> GATEWAY
 *      \--- a UPnP service is known, and PCP had its time --------> UPNP
 *   GATEWAY -- nothing is held any more --> NOBODY
 *   UPNP ----- no service maps a port ----> NOBODY, after a rest
 * </pre>
 */
public final class PortMapper implements Machine<PortMapInput, PortMapOutput> {
  private static final long SECOND = 1_000_000_000L;

  /** What PCP and NAT-PMP have to answer before a UPnP device is asked. */
  private static final long START_NANOS = 2 * SECOND;

  private static final long REST_NANOS = 900 * SECOND;

  /** Searches go out more than once, since datagrams get lost, and then after a rest. */
  private static final long[] SEARCH_AGAIN_NANOS = {SECOND, 3 * SECOND, REST_NANOS};

  /** Descriptions that are read after one search, and services that are tried. */
  private static final int DEVICES_MAX = 8;

  /** How long the end may take. */
  private static final long STOP_NANOS = SECOND;

  private enum Holder {
    NOBODY,
    GATEWAY,
    UPNP
  }

  private final RandomGenerator random;
  private final ArrayDeque<PortMapOutput> out = new ArrayDeque<>();
  private final UpnpTalk upnp;
  private final List<GatewayTalk> talks = new ArrayList<>();
  private final List<UpnpTalk.Candidate> candidates = new ArrayList<>();
  private final Set<UpnpUrl> fetched = new LinkedHashSet<>();
  private List<Gateway> gateways = List.of();
  private List<LocalPort> ports = List.of();
  private @Nullable GatewayTalk v4;
  private Holder holder = Holder.NOBODY;
  private boolean maySearch;
  private int searches;
  private long searchNanos = NEVER;
  private long startNanos = NEVER; // until when UPnP waits
  private long stopNanos = NEVER;
  private boolean isStopped;

  /**
   * @param random unpredictable: who guesses a nonce can change our mappings
   */
  public PortMapper(RandomGenerator random) {
    this.random = random;
    this.upnp = new UpnpTalk(random, out);
  }

  @Override
  public void accept(PortMapInput input, long nowNanos) {
    if (isStopped) {
      return;
    }
    switch (input) {
      case PortMapInput.NetworkChanged(var found, boolean search) ->
          onNetwork(found, search, nowNanos);
      case PortMapInput.PortsWanted(var wanted) -> onWanted(wanted, nowNanos);
      case PortMapInput.DatagramReceived(var from, byte[] datagram) -> {
        for (var talk : talks) {
          if (talk.isFrom(from)) {
            talk.received(datagram, nowNanos);
          }
        }
      }
      case PortMapInput.SsdpReceived(var from, byte[] datagram) -> onSsdp(from, datagram);
      case PortMapInput.DescriptionRead(var location, var local, var services) ->
          onDescription(location, local, services);
      case PortMapInput.UpnpAnswered(long ticket, var answer) ->
          upnp.answered(ticket, answer, nowNanos);
      case PortMapInput.Stop() -> stop(nowNanos);
    }
    settle(nowNanos);
  }

  @Override
  public void advance(long nowNanos) {
    if (isStopped) {
      return;
    }
    talks.forEach(talk -> talk.advance(nowNanos));
    upnp.advance(nowNanos);
    if (isDue(searchNanos, nowNanos)) {
      search(nowNanos);
    }
    if (isDue(startNanos, nowNanos)) {
      startNanos = NEVER;
    }
    settle(nowNanos);
  }

  private static boolean isDue(long whenNanos, long nowNanos) {
    return whenNanos != NEVER && whenNanos - nowNanos <= 0;
  }

  @Override
  public @Nullable PortMapOutput poll() {
    return out.poll();
  }

  @Override
  public long deadlineNanos() {
    if (isStopped) {
      return NEVER;
    }
    long earliest = Math.min(Math.min(searchNanos, startNanos), stopNanos);
    earliest = Math.min(earliest, upnp.deadlineNanos());
    for (var talk : talks) {
      earliest = Math.min(earliest, talk.deadlineNanos());
    }
    return earliest;
  }

  /** After every event: who holds the mappings of IPv4, and are we done? */
  private void settle(long nowNanos) {
    if (stopNanos != NEVER) {
      boolean isDone = upnp.isEnded() && talks.stream().allMatch(GatewayTalk::isEnded);
      if (isDone || isDue(stopNanos, nowNanos)) {
        isStopped = true;
        out.add(new PortMapOutput.Stopped());
      }
      return;
    }
    switch (holder) {
      case NOBODY -> {
        if (v4 != null && v4.isHolding()) {
          holder = Holder.GATEWAY;
          searchNanos = NEVER;
        } else if (!candidates.isEmpty() && hasGatewayHadItsTime()) {
          holder = Holder.UPNP;
          searchNanos = NEVER;
          restGateway();
          upnp.begin(List.copyOf(candidates), ports);
        }
      }
      case GATEWAY -> {
        if (v4 == null || !v4.isHolding()) {
          holder = Holder.NOBODY;
          beginSearch(nowNanos);
        }
      }
      case UPNP -> {
        if (upnp.isHopeless()) {
          holder = Holder.NOBODY;
          beginGateway(nowNanos);
          if (upnp.hasHeld()) {
            beginSearch(nowNanos); // it may have restarted, and be elsewhere
          } else {
            candidates.clear();
            searches = SEARCH_AGAIN_NANOS.length;
            searchNanos = nowNanos + REST_NANOS;
          }
        }
      }
    }
  }

  private boolean hasGatewayHadItsTime() {
    return v4 == null || v4.isHopeless() || startNanos == NEVER;
  }

  private void restGateway() {
    if (v4 != null) {
      v4.rest();
    }
  }

  private void beginGateway(long nowNanos) {
    if (v4 != null) {
      v4.begin(nowNanos);
    }
  }

  private void onNetwork(List<Gateway> found, boolean search, long nowNanos) {
    if (stopNanos != NEVER || (found.equals(gateways) && search == maySearch)) {
      return;
    }
    talks.forEach(GatewayTalk::abandon);
    talks.clear();
    upnp.abandon();
    candidates.clear();
    v4 = null;
    gateways = List.copyOf(found);
    maySearch = search;
    for (boolean isV4 : new boolean[] {true, false}) {
      gateways.stream().filter(g -> g.local().isV4() == isV4).findFirst().ifPresent(this::add);
    }
    start(nowNanos);
  }

  private void add(Gateway gateway) {
    var talk = new GatewayTalk(gateway, random, out);
    talks.add(talk);
    v4 = gateway.local().isV4() ? talk : v4;
  }

  private void start(long nowNanos) {
    holder = Holder.NOBODY;
    if (ports.isEmpty()) {
      return;
    }
    startNanos = nowNanos + START_NANOS;
    for (var talk : talks) {
      talk.want(ports, nowNanos);
      talk.begin(nowNanos);
      talk.advance(nowNanos);
    }
    beginSearch(nowNanos);
  }

  private void onWanted(List<LocalPort> wanted, long nowNanos) {
    if (stopNanos != NEVER || wanted.equals(ports)) {
      return;
    }
    boolean isNew = ports.isEmpty() || holder == Holder.UPNP;
    ports = List.copyOf(wanted);
    if (isNew) {
      upnp.abandon();
      start(nowNanos);
    } else {
      talks.forEach(talk -> talk.want(ports, nowNanos));
    }
  }

  // UPnP devices.

  private void beginSearch(long nowNanos) {
    searches = 0;
    fetched.clear();
    candidates.clear();
    searchNanos = NEVER;
    if (maySearch) {
      search(nowNanos);
    }
  }

  private void search(long nowNanos) {
    if (searches >= SEARCH_AGAIN_NANOS.length) {
      searches = 0;
      fetched.clear();
    }
    searchNanos = nowNanos + SEARCH_AGAIN_NANOS[searches++];
    out.add(new PortMapOutput.Search());
  }

  private void onSsdp(Endpoint from, byte[] datagram) {
    var location = isNear(from) ? SsdpMessage.location(from, datagram) : null;
    if (location != null && stopNanos == NEVER && fetched.size() < DEVICES_MAX) {
      if (fetched.add(location)) {
        out.add(new PortMapOutput.FetchDescription(location));
      }
    }
  }

  /** Our gateway, or a host of a network that nobody but us can mean. */
  private boolean isNear(Endpoint host) {
    return (host.isLocal() && !host.isLoopback())
        || gateways.stream().anyMatch(gateway -> gateway.router().sameAddress(host));
  }

  private void onDescription(UpnpUrl location, Endpoint local, List<UpnpService> services) {
    for (var service : services) {
      boolean isItsOwn = service.control().host().sameAddress(location.host());
      if (fetched.contains(location) && isItsOwn && candidates.size() < DEVICES_MAX) {
        candidates.add(new UpnpTalk.Candidate(service, local));
      }
    }
  }

  private void stop(long nowNanos) {
    if (stopNanos == NEVER) {
      stopNanos = nowNanos + STOP_NANOS;
      searchNanos = NEVER;
      startNanos = NEVER;
      for (var talk : talks) {
        talk.end(nowNanos);
        talk.advance(nowNanos);
      }
      upnp.end();
    }
  }
}

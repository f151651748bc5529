package org.spate.core.portmap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;

/**
 * Maps ports at one gateway by PCP or, where that is not spoken, NAT-PMP: both are asked at once,
 * and PCP is used if it answers (RFC 6887, appendix A). Mappings are renewed at half of their life,
 * and made anew when the gateway's clock says that it has forgotten them.
 */
final class GatewayTalk {
  static final int PORT = 5351;
  static final int LIFETIME_SECONDS = 7_200;

  private static final long SECOND = 1_000_000_000L;

  /** A gateway that grants longer is asked again by then all the same. */
  private static final int LIFETIME_SECONDS_MAX = 86_400;

  /** One that grants next to nothing is not asked more often. */
  private static final long RENEW_NANOS_MIN = 30 * SECOND;

  private static final int REFUSAL_SECONDS_MIN = 60;
  private static final int REFUSAL_SECONDS_MAX = 1_800;

  /** RFC 6887, 8.1.1; doubled each time. */
  private static final long PCP_RETRY_NANOS = 3 * SECOND;

  private static final int PCP_TRIES_MAX = 4;

  /** RFC 6886, 3.1; doubled each time. */
  private static final long NAT_PMP_RETRY_NANOS = SECOND / 4;

  private static final int NAT_PMP_TRIES_MAX = 9;

  /** What PCP has to answer when NAT-PMP has. */
  private static final long PCP_START_NANOS = SECOND / 2;

  /** Who does not answer is left alone so long. */
  private static final long REST_NANOS = 900 * SECOND;

  /** All clients of a gateway that restarts do not ask at once (RFC 6887, 14.1.3). */
  private static final long REMAKE_NANOS_MAX = 5 * SECOND;

  private enum Speech {
    UNKNOWN,
    PCP,
    NAT_PMP
  }

  private final Gateway gateway;
  private final boolean v6;
  private final RandomGenerator random;
  private final ArrayDeque<PortMapOutput> out;
  private final List<Lease> leases = new ArrayList<>();
  private Speech speech = Speech.UNKNOWN;
  private Epoch epoch = new Epoch();
  private long remadeNanos = -REMAKE_NANOS_MAX;
  private int v4Address; // by NAT-PMP; 0 while that is not known
  private int addressTries;
  private long addressDueNanos = Machine.NEVER;
  private long natPmpNanos = Machine.NEVER; // when it is used if PCP has not answered
  private boolean isAsking;
  private boolean isEnding;
  private boolean isHopeless;

  GatewayTalk(Gateway gateway, RandomGenerator random, ArrayDeque<PortMapOutput> out) {
    this.gateway = gateway;
    this.v6 = !gateway.local().isV4();
    this.random = random;
    this.out = out;
  }

  boolean isFrom(Endpoint sender) {
    return sender.port() == PORT && sender.sameAddress(gateway.router());
  }

  boolean isHolding() {
    return leases.stream().anyMatch(Lease::isHeld);
  }

  /** Whether it will not come to anything soon. */
  boolean isHopeless() {
    return isHopeless && !isHolding();
  }

  /** Asks for these ports, and gives up others. */
  void want(List<LocalPort> ports, long nowNanos) {
    for (var lease : List.copyOf(leases)) {
      if (!ports.contains(lease.port)) {
        giveUp(lease);
        leases.remove(lease);
      }
    }
    for (var port : ports) {
      if (leases.stream().noneMatch(lease -> lease.port.equals(port))) {
        var nonce = new byte[PcpMessage.NONCE_BYTES];
        random.nextBytes(nonce);
        var lease = new Lease(port, nonce);
        lease.dueNanos = isAsking ? nowNanos : Machine.NEVER;
        leases.add(lease);
      }
    }
  }

  void begin(long nowNanos) {
    isAsking = true;
    isHopeless = false;
    askAnew(nowNanos, 0);
    if (!v6 && speech != Speech.PCP) {
      addressTries = 0;
      addressDueNanos = nowNanos;
    }
  }

  /** Asks for no more; another way was found. */
  void rest() {
    isAsking = false;
    addressDueNanos = Machine.NEVER;
    natPmpNanos = Machine.NEVER;
    leases.forEach(lease -> lease.dueNanos = Machine.NEVER);
  }

  private void askAnew(long nowNanos, long withinNanos) {
    for (var lease : leases) {
      lease.tries = 0;
      lease.dueNanos = nowNanos + (withinNanos == 0 ? 0 : random.nextLong(withinNanos));
    }
  }

  // Time.

  long deadlineNanos() {
    long earliest = Math.min(addressDueNanos, natPmpNanos);
    for (var lease : leases) {
      earliest = Math.min(earliest, Math.min(lease.dueNanos, lease.expiresNanos));
    }
    return earliest;
  }

  void advance(long nowNanos) {
    if (isDue(natPmpNanos, nowNanos)) {
      turnTo(Speech.NAT_PMP, nowNanos);
    }
    if (isDue(addressDueNanos, nowNanos)) {
      askAddress(nowNanos);
    }
    for (var lease : leases) {
      if (isDue(lease.expiresNanos, nowNanos)) {
        lose(lease);
      }
      if (isDue(lease.dueNanos, nowNanos)) {
        ask(lease, nowNanos);
      }
    }
  }

  private static boolean isDue(long whenNanos, long nowNanos) {
    return whenNanos != Machine.NEVER && whenNanos - nowNanos <= 0;
  }

  private void ask(Lease lease, long nowNanos) {
    boolean isPcp = speech != Speech.NAT_PMP;
    if (lease.tries >= (isPcp ? PCP_TRIES_MAX : NAT_PMP_TRIES_MAX)) {
      onSilence(lease, nowNanos);
      return;
    }
    long first = isPcp && !isEnding ? PCP_RETRY_NANOS : NAT_PMP_RETRY_NANOS;
    lease.dueNanos = nowNanos + jittered(first << lease.tries);
    lease.tries++;
    int lifetime = isEnding ? 0 : LIFETIME_SECONDS;
    send(
        isPcp
            ? PcpMessage.map(gateway.local(), lease.nonce, lease.port, suggestion(lease), lifetime)
            : NatPmpMessage.map(lease.port, suggestion(lease).port(), lifetime));
  }

  /** What it was before, so that it is the same where the gateway has forgotten it. */
  private Endpoint suggestion(Lease lease) {
    var any = v6 ? new Endpoint(0, 0, 0) : Endpoint.v4(0, 0);
    if (isEnding) {
      return any;
    }
    return lease.told != null ? lease.told : any.withPort(lease.port.number());
  }

  private void onSilence(Lease lease, long nowNanos) {
    lease.tries = 0;
    lease.dueNanos = nowNanos + REST_NANOS;
    speech = Speech.UNKNOWN; // there may be another device there by then
    epoch = new Epoch();
    isHopeless = true;
  }

  private void askAddress(long nowNanos) {
    if (addressTries >= NAT_PMP_TRIES_MAX) {
      addressDueNanos = Machine.NEVER;
      return;
    }
    addressDueNanos = nowNanos + (NAT_PMP_RETRY_NANOS << addressTries);
    addressTries++;
    send(NatPmpMessage.address());
  }

  /** Give or take a tenth (RFC 6887, 8.1.1). */
  private long jittered(long nanos) {
    return nanos - nanos / 10 + random.nextLong(nanos / 5);
  }

  private void send(byte[] datagram) {
    var to = gateway.router().withPort(PORT);
    out.add(new PortMapOutput.SendDatagram(gateway, to, datagram));
  }

  // Answers.

  void received(byte[] packet, long nowNanos) {
    if (!isAsking && !isEnding) {
      return;
    }
    var pcp = PcpMessage.parse(packet);
    if (pcp != null) {
      onPcp(pcp, nowNanos);
    } else if (!v6) {
      onNatPmp(NatPmpMessage.parse(packet), nowNanos);
    }
  }

  private void onPcp(PcpMessage.Response response, long nowNanos) {
    var mapping = response.mapping();
    var lease = mapping == null ? null : lease(mapping);
    boolean isOurs = speech == Speech.PCP || (speech == Speech.UNKNOWN && lease != null);
    if (!isOurs || (mapping != null && lease == null)) {
      return;
    }
    speech = Speech.PCP;
    natPmpNanos = Machine.NEVER;
    addressDueNanos = Machine.NEVER;
    checkEpoch(response.epochSeconds(), nowNanos);
    if (lease == null || mapping == null) {
      return;
    }
    var external = mapping.external();
    if (response.result() != PcpMessage.SUCCESS) {
      String reason = PcpMessage.reason(response.result());
      refuse(lease, Via.PCP, reason, response.lifetimeSeconds(), nowNanos);
    } else if (isEnding) {
      drop(lease);
    } else if (!isReachable(external) || external.isV4() == v6) {
      refuse(lease, Via.PCP, "names no address of a host", REFUSAL_SECONDS_MAX, nowNanos);
    } else {
      hold(lease, external.port(), response.lifetimeSeconds(), nowNanos);
      tell(lease, external, Via.PCP);
    }
  }

  private @Nullable Lease lease(PcpMessage.MapResponse mapping) {
    for (var lease : leases) {
      if (Arrays.equals(lease.nonce, mapping.nonce())
          && lease.port.protocol().number == mapping.protocol()
          && lease.port.number() == mapping.internalPort()) {
        return lease;
      }
    }
    return null;
  }

  private void onNatPmp(NatPmpMessage.@Nullable Response response, long nowNanos) {
    if (response == null || speech == Speech.PCP) {
      return;
    }
    if (response.result() == NatPmpMessage.UNSUPPORTED_VERSION) {
      if (speech == Speech.UNKNOWN && isAsking) {
        turnTo(Speech.NAT_PMP, nowNanos); // the answer of such a gateway to PCP
      }
      return;
    }
    checkEpoch(response.epochSeconds(), nowNanos);
    switch (response) {
      case NatPmpMessage.Address address -> onAddress(address, nowNanos);
      case NatPmpMessage.Mapping mapping when speech == Speech.NAT_PMP ->
          onMapping(mapping, nowNanos);
      case NatPmpMessage.Mapping _, NatPmpMessage.Problem _ -> {}
    }
  }

  private void onAddress(NatPmpMessage.Address address, long nowNanos) {
    if (address.result() != 0 || !isReachable(Endpoint.v4(address.v4Address(), 1))) {
      return;
    }
    v4Address = address.v4Address();
    addressDueNanos = Machine.NEVER;
    if (speech == Speech.UNKNOWN && natPmpNanos == Machine.NEVER && isAsking) {
      natPmpNanos = nowNanos + PCP_START_NANOS;
    }
    leases.stream().filter(Lease::isHeld).forEach(this::tellByNatPmp);
  }

  private void onMapping(NatPmpMessage.Mapping mapping, long nowNanos) {
    var wanted = new LocalPort(mapping.protocol(), Math.max(1, mapping.internalPort()));
    for (var lease : List.copyOf(leases)) {
      if (!lease.port.equals(wanted)) {
        continue;
      }
      if (mapping.result() != 0) {
        String reason = NatPmpMessage.reason(mapping.result());
        refuse(lease, Via.NAT_PMP, reason, REFUSAL_SECONDS_MIN, nowNanos);
      } else if (isEnding) {
        drop(lease);
      } else if (mapping.externalPort() != 0) {
        hold(lease, mapping.externalPort(), mapping.lifetimeSeconds(), nowNanos);
        tellByNatPmp(lease);
      }
    }
  }

  private void turnTo(Speech found, long nowNanos) {
    speech = found;
    natPmpNanos = Machine.NEVER;
    askAnew(nowNanos, 0);
    if (v4Address == 0) {
      addressTries = 0;
      addressDueNanos = nowNanos;
    }
  }

  private void checkEpoch(int told, long nowNanos) {
    if (!epoch.isSteady(told, nowNanos) && nowNanos - remadeNanos >= REMAKE_NANOS_MAX) {
      remadeNanos = nowNanos;
      if (isAsking && !isEnding) {
        askAnew(nowNanos, REMAKE_NANOS_MAX);
      }
    }
  }

  private static boolean isReachable(Endpoint external) {
    if (external.port() == 0 || external.isLoopback() || external.isLinkLocal()) {
      return false;
    }
    int first = external.isV4() ? external.v4Address() >>> 24 : (int) (external.high() >>> 56);
    return external.isV4() ? first != 0 && first < 224 : first != 0 && first != 0xFF;
  }

  // Mappings.

  private void hold(Lease lease, int externalPort, int lifetimeSeconds, long nowNanos) {
    if (lifetimeSeconds == 0) {
      lose(lease);
      return;
    }
    long life = Math.min(lifetimeSeconds, LIFETIME_SECONDS_MAX) * SECOND;
    long spread = random.nextLong(Math.max(1, life / 8)); // RFC 6887, 11.2.1
    lease.tries = 0;
    lease.externalPort = externalPort;
    lease.dueNanos = nowNanos + Math.max(life / 2 + spread, RENEW_NANOS_MIN);
    lease.expiresNanos = nowNanos + Math.max(life, 2 * RENEW_NANOS_MIN);
    isHopeless = false;
    if (speech == Speech.NAT_PMP) {
      addressTries = 0;
      addressDueNanos = v4Address == 0 ? nowNanos : lease.dueNanos;
    }
  }

  private void tellByNatPmp(Lease lease) {
    if (v4Address != 0) {
      tell(lease, Endpoint.v4(v4Address, lease.externalPort), Via.NAT_PMP);
    }
  }

  private void tell(Lease lease, Endpoint external, Via via) {
    if (lease.isHeld() && !external.equals(lease.told)) {
      lease.told = external;
      out.add(new PortMapOutput.Mapped(lease.port, external, via));
    }
  }

  private void refuse(Lease lease, Via via, String reason, int waitSeconds, long nowNanos) {
    lose(lease);
    if (isEnding) {
      drop(lease);
      return;
    }
    long wait = Math.clamp(waitSeconds, REFUSAL_SECONDS_MIN, REFUSAL_SECONDS_MAX);
    lease.tries = 0;
    lease.dueNanos = nowNanos + wait * SECOND;
    isHopeless = true;
    out.add(new PortMapOutput.Refused(via, reason));
  }

  private void lose(Lease lease) {
    lease.expiresNanos = Machine.NEVER;
    lease.externalPort = 0;
    if (lease.told != null) {
      lease.told = null;
      out.add(new PortMapOutput.Unmapped(lease.port, v6));
    }
  }

  private void giveUp(Lease lease) {
    if (lease.isHeld()) {
      send(
          speech == Speech.NAT_PMP
              ? NatPmpMessage.map(lease.port, 0, 0)
              : PcpMessage.map(
                  gateway.local(), lease.nonce, lease.port, gateway.local().withPort(0), 0));
      lose(lease);
    }
  }

  private void drop(Lease lease) {
    lose(lease);
    leases.remove(lease);
  }

  /** Gives all back; {@link #isEnded} when that is done. */
  void end(long nowNanos) {
    isEnding = true;
    addressDueNanos = Machine.NEVER;
    natPmpNanos = Machine.NEVER;
    // A request that is under way may have made one.
    leases.removeIf(lease -> !lease.isHeld() && (speech == Speech.UNKNOWN || lease.tries == 0));
    askAnew(nowNanos, 0);
  }

  boolean isEnded() {
    return leases.isEmpty();
  }

  /** The network is another one: what was mapped is of no use any more. */
  void abandon() {
    leases.forEach(this::lose);
    leases.clear();
  }
}

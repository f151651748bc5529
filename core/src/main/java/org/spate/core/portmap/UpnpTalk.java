package org.spate.core.portmap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;
import org.spate.core.Machine;

/**
 * Maps ports by the services of UPnP devices (WANIPConnection 1 and 2, WANPPPConnection): one call
 * at a time, the services in turn until one does it. A service first says what the external address
 * is, then each port is mapped; at half of the lease that begins again.
 */
final class UpnpTalk {
  private static final long SECOND = 1_000_000_000L;

  /** Devices that restart forget, and do not say so: mappings are made anew at half of this. */
  static final int LEASE_SECONDS = 1_200;

  /** Other external ports to try where one is taken. */
  private static final int CONFLICTS_MAX = 4;

  private static final int PORT_MIN = 1_024;

  private static final int INVALID_ACTION = 401;
  private static final int CONFLICT = 718;
  private static final int ONLY_PERMANENT = 725;
  private static final int CONFLICT_OTHER = 729;

  private enum Step {
    IDLE,
    ADDRESS,
    MAPPING,
    HELD,
    DELETING
  }

  /** A service, and our address towards its device. */
  record Candidate(UpnpService service, Endpoint local) {}

  private final RandomGenerator random;
  private final ArrayDeque<PortMapOutput> out;
  private final ArrayDeque<Candidate> candidates = new ArrayDeque<>();
  private final List<Lease> leases = new ArrayList<>();
  private @Nullable Candidate current;
  private Step step = Step.IDLE;
  private int index; // of the lease that is being mapped
  private int conflicts;
  private int askedPort;
  private boolean isPermanent;
  private boolean cannotChoose;
  private @Nullable Endpoint address;
  private long ticket;
  private long renewNanos = Machine.NEVER;
  private boolean isHopeless;
  private boolean hasHeld;

  UpnpTalk(RandomGenerator random, ArrayDeque<PortMapOutput> out) {
    this.random = random;
    this.out = out;
  }

  boolean isHopeless() {
    return isHopeless;
  }

  /** Whether any of the services has mapped a port: its device was there then. */
  boolean hasHeld() {
    return hasHeld;
  }

  long deadlineNanos() {
    return renewNanos;
  }

  void advance(long nowNanos) {
    if (renewNanos != Machine.NEVER && renewNanos - nowNanos <= 0) {
      renewNanos = Machine.NEVER;
      askAddress();
    }
  }

  /** Maps these ports by one of these services. */
  void begin(List<Candidate> found, List<LocalPort> ports) {
    candidates.clear();
    candidates.addAll(found.stream().sorted(BEST_FIRST).toList());
    leases.clear();
    ports.forEach(port -> leases.add(new Lease(port, new byte[0])));
    isHopeless = false;
    hasHeld = false;
    nextService();
  }

  /** A device that may choose the port needs no second call. */
  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparing((Candidate candidate) -> !candidate.service.canChoose());

  private void nextService() {
    current = candidates.poll();
    address = null;
    isPermanent = false;
    cannotChoose = false;
    if (current == null) {
      step = Step.IDLE;
      isHopeless = true;
    } else {
      askAddress();
    }
  }

  private void askAddress() {
    step = Step.ADDRESS;
    call(new UpnpAction.GetExternalAddress());
  }

  private void call(UpnpAction action) {
    if (current != null) {
      out.add(new PortMapOutput.CallUpnp(++ticket, current.service, action));
    }
  }

  void answered(long answeredTicket, UpnpAnswer answer, long nowNanos) {
    if (answeredTicket != ticket) {
      return;
    }
    ticket++;
    switch (step) {
      case ADDRESS -> onAddress(answer, nowNanos);
      case MAPPING -> onMapping(answer, nowNanos);
      case DELETING -> deleteNext();
      case IDLE, HELD -> {}
    }
  }

  private void onAddress(UpnpAnswer answer, long nowNanos) {
    address = answer instanceof UpnpAnswer.Done(var values) ? address(values) : null;
    if (address == null) {
      giveUp("has no external address");
      return;
    }
    step = Step.MAPPING;
    index = 0;
    conflicts = 0;
    mapNext(nowNanos);
  }

  /** A connection that is down has the address 0.0.0.0, or none. */
  private static @Nullable Endpoint address(Map<String, String> values) {
    var bytes = IpLiteral.parse(values.getOrDefault("NewExternalIPAddress", ""));
    if (bytes == null || bytes.length != 4) {
      return null;
    }
    var found = Endpoint.of(bytes, 0);
    int first = found.v4Address() >>> 24;
    return first == 0 || first == 127 || first >= 224 ? null : found;
  }

  private void mapNext(long nowNanos) {
    if (index >= leases.size()) {
      if (leases.stream().anyMatch(Lease::isHeld)) {
        step = Step.HELD;
        renewNanos = nowNanos + LEASE_SECONDS * SECOND / 2;
      } else {
        giveUp("maps no port");
      }
      return;
    }
    var lease = leases.get(index);
    map(conflicts > 0 ? random.nextInt(PORT_MIN, 1 << 16) : firstChoice(lease));
  }

  private static int firstChoice(Lease lease) {
    return lease.isHeld() ? lease.externalPort : lease.port.number();
  }

  private void map(int externalPort) {
    if (current == null) {
      return;
    }
    askedPort = externalPort;
    int seconds = isPermanent ? 0 : LEASE_SECONDS;
    boolean mayChoose = current.service.canChoose() && !cannotChoose;
    call(
        new UpnpAction.Add(
            leases.get(index).port, externalPort, current.local, seconds, mayChoose));
  }

  private void onMapping(UpnpAnswer answer, long nowNanos) {
    var lease = leases.get(index);
    switch (answer) {
      case UpnpAnswer.Done(var values) -> {
        hold(lease, reservedPort(values));
        next(nowNanos);
      }
      case UpnpAnswer.Fault(int code) when code == ONLY_PERMANENT && !isPermanent -> {
        isPermanent = true;
        map(askedPort);
      }
      case UpnpAnswer.Fault(int code) when code == INVALID_ACTION && !cannotChoose -> {
        cannotChoose = true;
        map(askedPort);
      }
      case UpnpAnswer.Fault(int code)
          when (code == CONFLICT || code == CONFLICT_OTHER) && conflicts < CONFLICTS_MAX -> {
        lose(lease);
        conflicts++;
        mapNext(nowNanos);
      }
      case UpnpAnswer.Fault(int code) -> {
        lose(lease);
        out.add(new PortMapOutput.Refused(Via.UPNP, "error " + code));
        next(nowNanos);
      }
      case UpnpAnswer.Failed(var reason) -> giveUp(reason);
    }
  }

  private void next(long nowNanos) {
    index++;
    conflicts = 0;
    mapNext(nowNanos);
  }

  /** What a device of IGD 2 has chosen. */
  private int reservedPort(Map<String, String> values) {
    var told = values.getOrDefault("NewReservedPort", "");
    int port = told.matches("[0-9]{1,5}") ? Integer.parseInt(told) : askedPort;
    return port < 1 || port > 0xFFFF ? askedPort : port;
  }

  private void hold(Lease lease, int externalPort) {
    var known = address;
    if (known == null) {
      return;
    }
    hasHeld = true;
    lease.externalPort = externalPort;
    var external = known.withPort(externalPort);
    if (!external.equals(lease.told)) {
      lease.told = external;
      out.add(new PortMapOutput.Mapped(lease.port, external, Via.UPNP));
    }
  }

  private void lose(Lease lease) {
    lease.externalPort = 0;
    if (lease.told != null) {
      lease.told = null;
      out.add(new PortMapOutput.Unmapped(lease.port, false));
    }
  }

  private void giveUp(String reason) {
    leases.forEach(this::lose);
    out.add(new PortMapOutput.Refused(Via.UPNP, reason));
    nextService();
  }

  /** Deletes all, one after the other; {@link #isEnded} when that is done. */
  void end() {
    renewNanos = Machine.NEVER;
    if (step == Step.MAPPING) {
      leases.get(index).externalPort = askedPort; // it may be done by then
    }
    leases.removeIf(lease -> !lease.isHeld());
    step = Step.DELETING;
    deleteNext();
  }

  private void deleteNext() {
    if (leases.isEmpty()) {
      step = Step.IDLE;
      return;
    }
    var lease = leases.removeLast();
    int externalPort = lease.externalPort;
    lose(lease);
    call(new UpnpAction.Delete(lease.port.protocol(), externalPort));
  }

  boolean isEnded() {
    return step == Step.IDLE;
  }

  /** The network is another one. */
  void abandon() {
    leases.forEach(this::lose);
    leases.clear();
    candidates.clear();
    current = null;
    ticket++;
    step = Step.IDLE;
    renewNanos = Machine.NEVER;
  }
}

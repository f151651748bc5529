package org.spate.core.portmap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;

/** A home network in virtual time: a mapper, a router, and perhaps a UPnP device at its address. */
final class Neighbourhood {
  static final long SECOND = 1_000_000_000L;
  static final Endpoint ROUTER = Endpoint.v4(0xC0A80101, 0);
  static final Endpoint LOCAL = Endpoint.v4(0xC0A80102, 0);
  static final Gateway GATEWAY = new Gateway(ROUTER, LOCAL);
  static final LocalPort TCP = new LocalPort(LocalPort.Protocol.TCP, 6881);
  static final LocalPort UDP = new LocalPort(LocalPort.Protocol.UDP, 6881);
  static final UpnpUrl DESCRIPTION = new UpnpUrl(ROUTER.withPort(5000), "/root.xml");

  final FakeRouter router = new FakeRouter();
  final PortMapper mapper = new PortMapper(new SplittableRandom(1));
  final Map<LocalPort, Endpoint> mapped = new LinkedHashMap<>();
  final List<String> told = new ArrayList<>();
  final List<UpnpAction> calls = new ArrayList<>();
  String serviceType = "urn:schemas-upnp-org:service:WANIPConnection:1";
  @Nullable Function<UpnpAction, UpnpAnswer> device; // none if null
  boolean isDeviceMute; // does not answer calls
  boolean isStopped;
  int searches;
  int fetches;
  long now = SECOND;

  void begin(boolean maySearch) {
    give(new PortMapInput.NetworkChanged(List.of(GATEWAY), maySearch));
    give(new PortMapInput.PortsWanted(List.of(TCP, UDP)));
  }

  void give(PortMapInput input) {
    mapper.accept(input, now);
    drain();
  }

  /** Lets time pass. */
  void run(long seconds) {
    long until = now + seconds * SECOND;
    while (mapper.deadlineNanos() - until <= 0) {
      now = Math.max(now, mapper.deadlineNanos());
      mapper.advance(now);
      drain();
    }
    now = until;
  }

  private void drain() {
    var answers = new ArrayList<PortMapInput>();
    for (var output = mapper.poll(); output != null; output = mapper.poll()) {
      carryOut(output, answers);
    }
    answers.forEach(this::give);
  }

  private void carryOut(PortMapOutput output, List<PortMapInput> answers) {
    switch (output) {
      case PortMapOutput.SendDatagram(_, var to, byte[] datagram) -> {
        var answer = router.answer(datagram, now);
        if (answer != null) {
          answers.add(new PortMapInput.DatagramReceived(to, answer));
        }
      }
      case PortMapOutput.Search() -> {
        searches++;
        if (device != null) {
          answers.add(new PortMapInput.SsdpReceived(ROUTER.withPort(1900), found(DESCRIPTION)));
        }
      }
      case PortMapOutput.FetchDescription(var location) -> {
        fetches++;
        var control = new UpnpUrl(location.host(), "/ctl");
        var services = List.of(new UpnpService(control, serviceType));
        answers.add(new PortMapInput.DescriptionRead(location, LOCAL, services));
      }
      case PortMapOutput.CallUpnp(long ticket, _, var action) -> {
        calls.add(action);
        if (device != null && !isDeviceMute) {
          answers.add(new PortMapInput.UpnpAnswered(ticket, device.apply(action)));
        }
      }
      case PortMapOutput.Mapped(var port, var external, var via) -> {
        mapped.put(port, external);
        told.add(port.protocol() + " " + external + " " + via);
      }
      case PortMapOutput.Unmapped(var port, _) -> {
        mapped.remove(port);
        told.add(port.protocol() + " lost");
      }
      case PortMapOutput.Refused(var via, var reason) -> told.add(via + ": " + reason);
      case PortMapOutput.Stopped() -> isStopped = true;
    }
  }

  static byte[] found(UpnpUrl location) {
    var url = "http://" + location.host() + location.path();
    return ("HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: " + url + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** A device that does as it is told. */
  static UpnpAnswer obey(UpnpAction action) {
    return action instanceof UpnpAction.GetExternalAddress
        ? new UpnpAnswer.Done(Map.of("NewExternalIPAddress", "45.0.0.1"))
        : new UpnpAnswer.Done(Map.of());
  }

  long nextSeconds() {
    long deadline = mapper.deadlineNanos();
    return deadline == Machine.NEVER ? -1 : (deadline - now) / SECOND;
  }
}

package org.spate.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;

/** Whatever routers and devices say is an answer or nothing, and leaves the mapper sound. */
class PortMapFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void pcp(byte[] packet) {
    var response = PcpMessage.parse(packet);
    if (response != null) {
      assertThat(response.lifetimeSeconds()).isNotNegative();
      assertThat(response.opcode() == PcpMessage.ANNOUNCE || response.mapping() != null).isTrue();
      if (response.mapping() != null) {
        assertAnswersWhatIsAsked(response, response.mapping());
      }
    }
  }

  /** A MAP response is laid out like a request, but for its head. */
  private static void assertAnswersWhatIsAsked(
      PcpMessage.Response response, PcpMessage.MapResponse mapping) {
    for (var protocol : LocalPort.Protocol.values()) {
      if (protocol.number == mapping.protocol() && mapping.internalPort() != 0) {
        var port = new LocalPort(protocol, mapping.internalPort());
        var again =
            PcpMessage.map(
                Endpoint.v4(0, 0),
                mapping.nonce(),
                port,
                mapping.external(),
                response.lifetimeSeconds());
        again[1] |= (byte) 0x80;
        again[3] = (byte) response.result();
        BigEndian.putInt(again, 8, response.epochSeconds());
        assertThat(PcpMessage.parse(again)).usingRecursiveComparison().isEqualTo(response);
      }
    }
  }

  @FuzzTest(maxDuration = "1m")
  void natPmp(byte[] packet) {
    var response = NatPmpMessage.parse(packet);
    if (response instanceof NatPmpMessage.Mapping mapping) {
      assertThat(mapping.lifetimeSeconds()).isNotNegative();
    }
  }

  @FuzzTest(maxDuration = "1m")
  void ssdp(byte[] datagram) {
    var from = Endpoint.v4(0xC0A80101, 1900);
    var location = SsdpMessage.location(from, datagram);
    if (location != null) {
      assertThat(location.host().sameAddress(from)).isTrue();
    }
    var text = new String(datagram, StandardCharsets.ISO_8859_1);
    var resolved = Neighbourhood.DESCRIPTION.resolve(text);
    if (resolved != null) {
      assertThat(resolved.host().sameAddress(Neighbourhood.ROUTER)).isTrue();
      assertThat(resolved.path()).startsWith("/").doesNotContain(" ", "\n", "\r");
    }
  }

  /** The first byte of each 64 says how long it takes and who speaks, the rest is said. */
  @FuzzTest(maxDuration = "1m")
  void conversation(byte[] data) {
    var home = new Neighbourhood();
    home.router.speaksPcp = false;
    home.router.speaksNatPmp = false;
    home.device = _ -> new UpnpAnswer.Done(Map.of("NewExternalIPAddress", "45.0.0.1"));
    home.isDeviceMute = true;
    home.begin(true);
    long ticket = 1;
    for (int at = 0; at < data.length; at += 64) {
      var said = Arrays.copyOfRange(data, at + 1, Math.min(data.length, at + 64));
      home.run(data[at] & 0x3F);
      switch (data[at] >>> 6 & 3) {
        case 0, 1 ->
            home.give(new PortMapInput.DatagramReceived(Neighbourhood.ROUTER.withPort(5351), said));
        case 2 ->
            home.give(new PortMapInput.SsdpReceived(Neighbourhood.ROUTER.withPort(1900), said));
        default -> {
          var text = new String(said, StandardCharsets.ISO_8859_1);
          var answer =
              said.length > 0 && said[0] < 0
                  ? new UpnpAnswer.Fault(said[0])
                  : new UpnpAnswer.Done(
                      Map.of("NewExternalIPAddress", "45.0.0.1", "NewReservedPort", text));
          home.give(new PortMapInput.UpnpAnswered(ticket++, answer));
        }
      }
    }
    home.give(new PortMapInput.NetworkChanged(List.of(), false));
    assertThat(home.mapped).isEmpty();
    home.give(new PortMapInput.Stop());
    assertThat(home.isStopped).isTrue();
  }
}

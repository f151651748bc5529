package org.spate.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.core.portmap.Neighbourhood.*;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;

/** Ports get mapped by whatever the router speaks, stay so, and are given back. */
class PortMapperTest {
  private static final Endpoint EXTERNAL = Endpoint.v4(0x2D000001, 6881);

  private final Neighbourhood home = new Neighbourhood();
  private final FakeRouter router = home.router;

  @Test
  void pcpMapsBothPortsAndNothingElseIsAsked() {
    home.device = Neighbourhood::obey;
    home.begin(true);
    home.run(60);

    assertThat(home.told).containsExactly("TCP " + EXTERNAL + " PCP", "UDP " + EXTERNAL + " PCP");
    assertThat(router.mapped).isEqualTo(Map.of(TCP, 6881, UDP, 6881));
    assertThat(home.calls).isEmpty();
  }

  @Test
  void mappingsAreRenewedAtHalfOfTheirLifeAndToldOnce() {
    home.begin(true);
    home.run(1);
    int before = router.requests;
    home.run(3_590);
    assertThat(router.requests).isEqualTo(before);
    home.run(1_000);

    assertThat(router.requests).isEqualTo(before + 2);
    assertThat(home.told).hasSize(2);
  }

  @Test
  void whatIsMappedIsGivenBackAtTheEnd() {
    home.begin(true);
    home.run(10);
    home.give(new PortMapInput.Stop());

    assertThat(home.isStopped).isTrue();
    assertThat(router.mapped).isEmpty();
    assertThat(home.mapped).isEmpty();
  }

  @Test
  void anEndWithoutAnswersComesAfterASecond() {
    home.begin(true);
    home.run(10);
    router.speaksPcp = false;
    router.speaksNatPmp = false;
    home.give(new PortMapInput.Stop());
    assertThat(home.isStopped).isFalse();
    home.run(1);

    assertThat(home.isStopped).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void natPmpIsUsedWherePcpIsRefusedOrNotAnswered(boolean isRefused) {
    router.speaksPcp = false;
    router.refusesOldVersions = isRefused;
    home.begin(true);
    home.run(2);

    assertThat(home.told)
        .containsExactly("TCP " + EXTERNAL + " NAT_PMP", "UDP " + EXTERNAL + " NAT_PMP");
    home.give(new PortMapInput.Stop());
    assertThat(router.mapped).isEmpty();
  }

  @Test
  void theRouterMayChooseAnotherPort() {
    router.portOffset = 1_000;
    home.begin(true);
    home.run(1);

    assertThat(home.mapped.get(TCP)).isEqualTo(EXTERNAL.withPort(7881));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRouterThatRestartsGetsTheSameMappingsAgain(boolean pcp) {
    router.speaksPcp = pcp;
    home.begin(true);
    home.run(100);
    router.portOffset = 5; // would give another port unless it is asked for the one there was
    router.restart(home.now);
    router.portOffset = 0;
    home.give(
        new PortMapInput.DatagramReceived(
            ROUTER.withPort(5351),
            pcp
                ? router.announcement(home.now)
                : router.answer(NatPmpMessage.address(), home.now)));
    home.run(6);

    assertThat(router.mapped).isEqualTo(Map.of(TCP, 6881, UDP, 6881));
    assertThat(home.told).hasSize(2);
  }

  @Test
  void anotherExternalAddressIsTold() {
    home.begin(true);
    home.run(1);
    router.external = 0x2D000002;
    home.run(5_000);

    assertThat(home.mapped.get(TCP)).isEqualTo(Endpoint.v4(0x2D000002, 6881));
  }

  @Test
  void whatOthersThanTheGatewaySayIsNotHeard() {
    router.speaksPcp = false;
    router.speaksNatPmp = false;
    home.begin(false);
    var forged = new FakeRouter().answer(NatPmpMessage.address(), home.now);
    for (var from :
        List.of(Endpoint.v4(0xC0A80109, 5351), ROUTER.withPort(5350), EXTERNAL.withPort(5351))) {
      home.give(new PortMapInput.DatagramReceived(from, forged));
    }
    home.run(3);

    assertThat(home.told).isEmpty();
  }

  @Test
  void anAnswerWithAnotherNonceIsNotHeard() {
    router.speaksPcp = false;
    router.speaksNatPmp = false;
    home.begin(false);
    var nonce = new byte[PcpMessage.NONCE_BYTES];
    var request = PcpMessage.map(LOCAL, nonce, TCP, Endpoint.v4(0, 6881), 7_200);
    var forged = new FakeRouter().answer(request, home.now);
    home.give(new PortMapInput.DatagramReceived(ROUTER.withPort(5351), forged));

    assertThat(home.told).isEmpty();
  }

  /** Neither a lifetime of a second nor one of ages moves the renewal far. */
  @ParameterizedTest
  @CsvSource({"1, 30", "60, 30", "86400, 43200", "2147483647, 43200", "-1, 43200"})
  void lifetimesAreClamped(int granted, long earliestSeconds) {
    router.lifetimeSeconds = granted;
    home.begin(false);
    home.run(3);

    assertThat(home.mapped).hasSize(2);
    assertThat(home.nextSeconds()).isBetween(earliestSeconds - 4, earliestSeconds * 5 / 4 + 1);
  }

  @Test
  void impossibleExternalAddressesAreRefused() {
    for (int address : new int[] {0, 0x7F000001, 0xE0000001, 0xFFFFFFFF, 0xA9FE0001}) {
      var other = new Neighbourhood();
      other.router.external = address;
      other.begin(false);
      other.run(5);
      assertThat(other.mapped).as("%x", address).isEmpty();
    }
  }

  @Test
  void aRefusalIsToldAndLeavesTheWayToUpnp() {
    router.result = 2;
    home.device = Neighbourhood::obey;
    home.begin(true);
    home.run(1);

    assertThat(home.told)
        .contains("PCP: not authorized")
        .endsWith("TCP " + EXTERNAL + " UPNP", "UDP " + EXTERNAL + " UPNP");
  }

  @Test
  void upnpIsUsedWhereNothingElseAnswers() {
    router.speaksPcp = false;
    router.speaksNatPmp = false;
    home.device = Neighbourhood::obey;
    home.begin(true);
    home.run(3);
    int requests = router.requests;
    home.run(500);

    assertThat(home.mapped).isEqualTo(Map.of(TCP, EXTERNAL, UDP, EXTERNAL));
    assertThat(router.requests).isEqualTo(requests);
    assertThat(home.fetches).isOne();
    int calls = home.calls.size();
    home.run(UpnpTalk.LEASE_SECONDS / 2);
    assertThat(home.calls).hasSize(2 * calls);
    home.give(new PortMapInput.Stop());
    assertThat(home.calls)
        .contains(
            new UpnpAction.Delete(LocalPort.Protocol.TCP, 6881),
            new UpnpAction.Delete(LocalPort.Protocol.UDP, 6881));
    assertThat(home.isStopped).isTrue();
  }

  private void withoutPcp() {
    router.speaksPcp = false;
    router.speaksNatPmp = false;
  }

  @Test
  void aDeviceThatKnowsOnlyPermanentLeasesIsAskedForThose() {
    withoutPcp();
    home.device =
        action ->
            action instanceof UpnpAction.Add add && add.leaseSeconds() != 0
                ? new UpnpAnswer.Fault(725)
                : obey(action);
    home.begin(true);
    home.run(3);

    assertThat(home.mapped).hasSize(2);
  }

  @Test
  void anotherPortIsTriedWhereOneIsTaken() {
    withoutPcp();
    home.device =
        action ->
            action instanceof UpnpAction.Add add && add.externalPort() == 6881
                ? new UpnpAnswer.Fault(718)
                : obey(action);
    home.begin(true);
    home.run(3);

    assertThat(home.mapped).hasSize(2);
    assertThat(home.mapped.get(TCP).port()).isNotEqualTo(6881).isGreaterThanOrEqualTo(1_024);
  }

  @Test
  void aDeviceOfVersionTwoChoosesThePort() {
    withoutPcp();
    home.serviceType = "urn:schemas-upnp-org:service:WANIPConnection:2";
    home.device =
        action ->
            action.name().equals("AddAnyPortMapping")
                ? new UpnpAnswer.Done(Map.of("NewReservedPort", "7000"))
                : obey(action);
    home.begin(true);
    home.run(3);

    assertThat(home.mapped.get(TCP)).isEqualTo(EXTERNAL.withPort(7000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0.0.0.0", "127.0.0.1", "224.0.0.1", "router", "1.2.3", "::1"})
  void aDeviceWithoutAnAddressIsGivenUp(String address) {
    withoutPcp();
    home.device = _ -> new UpnpAnswer.Done(Map.of("NewExternalIPAddress", address));
    home.begin(true);
    home.run(10);

    assertThat(home.told).containsExactly("UPNP: has no external address");
    assertThat(home.calls).hasSize(1);
  }

  @Test
  void aDeviceThatIsGoneIsLookedForAgain() {
    withoutPcp();
    home.device = Neighbourhood::obey;
    home.begin(true);
    home.run(3);
    home.device = _ -> new UpnpAnswer.Failed("cannot connect");
    home.run(UpnpTalk.LEASE_SECONDS / 2);
    assertThat(home.mapped).isEmpty();
    home.device = Neighbourhood::obey;
    home.run(1_000);

    assertThat(home.mapped).hasSize(2);
  }

  /** Threat 54: who answers can only name itself, and only a neighbour is heard. */
  @ParameterizedTest
  @CsvSource({
    "192.168.1.1, http://192.168.1.1:5000/x, true",
    "10.1.2.3, http://10.1.2.3/x, true",
    "192.168.1.1, http://192.168.1.7:5000/x, false",
    "192.168.1.1, http://127.0.0.1:5000/x, false",
    "192.168.1.1, http://router.example/x, false",
    "192.168.1.1, https://192.168.1.1/x, false",
    "192.168.1.1, file:///etc/passwd, false",
    "192.168.1.1, http://192.168.1.1@45.0.0.1/x, false",
    "127.0.0.1, http://127.0.0.1:80/x, false",
    "45.0.0.9, http://45.0.0.9/x, false"
  })
  void aDescriptionIsReadWhereItsDeviceIs(String from, String url, boolean isRead) {
    withoutPcp();
    home.begin(true);
    var sender = Endpoint.of(IpLiteral.parse(from), 1900);
    var answer = "HTTP/1.1 200 OK\r\nLocation:" + url + "\r\n\r\n";
    home.give(new PortMapInput.SsdpReceived(sender, answer.getBytes(StandardCharsets.US_ASCII)));

    assertThat(home.fetches).isEqualTo(isRead ? 1 : 0);
  }

  @Test
  void aFloodOfDevicesIsBounded() {
    withoutPcp();
    home.begin(true);
    for (int i = 0; i < 1_000; i++) {
      var url = new UpnpUrl(ROUTER.withPort(5000), "/" + i);
      home.give(new PortMapInput.SsdpReceived(ROUTER.withPort(1900), found(url)));
    }

    assertThat(home.fetches).isEqualTo(8);
  }

  @Test
  void aSilentNetworkIsLeftInPeace() {
    withoutPcp();
    home.begin(true);
    home.run(100);
    int requests = router.requests;
    int searches = home.searches;
    home.run(600);

    assertThat(router.requests).isEqualTo(requests).isLessThan(20);
    assertThat(home.searches).isEqualTo(searches).isEqualTo(3);
  }

  @Test
  void inAnotherNetworkEverythingBeginsAnew() {
    home.begin(true);
    home.run(10);
    var elsewhere = new Gateway(Endpoint.v4(0x0A000001, 0), Endpoint.v4(0x0A000002, 0));
    home.give(new PortMapInput.NetworkChanged(List.of(elsewhere), true));

    assertThat(home.told)
        .hasSize(6)
        .contains("TCP lost", "UDP lost")
        .endsWith("TCP " + EXTERNAL + " PCP", "UDP " + EXTERNAL + " PCP");
  }

  @Test
  void withoutANetworkNothingIsSent() {
    home.give(new PortMapInput.NetworkChanged(List.of(), false));
    home.give(new PortMapInput.PortsWanted(List.of(TCP)));
    home.run(10_000);

    assertThat(router.requests).isZero();
    assertThat(home.searches).isZero();
    home.give(new PortMapInput.Stop());
    assertThat(home.isStopped).isTrue();
  }

  @Test
  void aPinholeForIpv6ComesByPcp() {
    var local = new Endpoint(0x20010db8_00000000L, 2, 0);
    var gateway = new Gateway(new Endpoint(0xfe80_0000_0000_0000L, 1, 0), local);
    var mapper = new PortMapper(new SplittableRandom(1));
    mapper.accept(new PortMapInput.NetworkChanged(List.of(gateway), false), 1);
    mapper.accept(new PortMapInput.PortsWanted(List.of(TCP)), 1);
    var sent = (PortMapOutput.SendDatagram) mapper.poll();
    assertThat(mapper.poll()).isNull();
    var answer = new FakeRouter().answer(sent.datagram(), 1);
    var external = local.withPort(6881);
    BigEndian.putLong(answer, 44, external.high());
    BigEndian.putLong(answer, 52, external.low());
    mapper.accept(new PortMapInput.DatagramReceived(sent.to(), answer), 2);

    assertThat(mapper.poll()).isEqualTo(new PortMapOutput.Mapped(TCP, external, Via.PCP));
  }
}

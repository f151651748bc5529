package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Extension;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.HolepunchMessage;
import org.spate.core.wire.HolepunchMessage.Cause;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.PexMessage;
import org.spate.core.wire.PexMessage.Contact;

/** Introductions (BEP 55), in each of the three parts, and how little they can be abused. */
class HolepunchTest {
  private static final int THEIR_ID = 9;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(1 << 20, 1 << 16);
  private static final Endpoint ONE = Endpoint.v4(0x2D010102, 6881);
  private static final Endpoint OTHER = Endpoint.v4(0x2D010202, 6882);
  private static final Endpoint RELAY = Endpoint.v4(0x2D000001, 6881);

  private final LoneSwarm lone = swarm(true, true);

  private static LoneSwarm swarm(boolean exchange, boolean punch) {
    var d = SwarmSettings.DEFAULT;
    var settings =
        new SwarmSettings(
            d.linksMax(),
            d.linksWanted(),
            d.dialsMax(),
            d.uploadSlots(),
            d.uploadLimit(),
            d.sequential(),
            d.superSeeding(),
            d.isPrivate(),
            d.leecherPolicy(),
            d.seedPolicy(),
            d.randomFirstPieces(),
            d.requestSlackNanos(),
            d.wholePieces(),
            d.listenPort(),
            exchange,
            punch,
            0,
            false);
    return new LoneSwarm(GEOMETRY, new PieceSet(16), settings, 1);
  }

  private static void offers(LoneSwarm lone, int link, int port) {
    var ids = Map.of(Extension.UT_HOLEPUNCH.key(), THEIR_ID);
    lone.says(
        link,
        new PeerMessage.ExtensionHandshake(
            new Extensions(ids, null, port, 0, false, 0, false, null)));
  }

  private int neighbour(Endpoint remote) {
    int link = lone.utpLink(remote, true);
    offers(lone, link, remote.port());
    return link;
  }

  private void says(int link, HolepunchMessage message) {
    lone.says(link, new PeerMessage.Extended(Extension.UT_HOLEPUNCH.id(), message.encode()));
  }

  private List<HolepunchMessage> heard(int link) {
    var heard = new ArrayList<HolepunchMessage>();
    for (var message : lone.said(link, PeerMessage.Extended.class)) {
      if (message.id() == THEIR_ID) {
        heard.add(HolepunchMessage.parse(message.body()));
      }
    }
    return heard;
  }

  // The relay.

  @Test
  void twoNeighboursAreToldToDialEachOther() {
    int one = neighbour(ONE);
    int other = neighbour(OTHER);
    says(one, new HolepunchMessage.Rendezvous(OTHER));

    assertThat(heard(one)).containsExactly(new HolepunchMessage.Connect(OTHER));
    assertThat(heard(other)).containsExactly(new HolepunchMessage.Connect(ONE));
  }

  @Test
  void overTcpThePortThatANeighbourListensAtIsTold() {
    int one = lone.link(ONE.withPort(50_001), true, LoneSwarm.FAST, lone.anyId());
    offers(lone, one, 6881);
    int other = lone.link(OTHER.withPort(50_002), true, LoneSwarm.FAST, lone.anyId());
    offers(lone, other, 6882);
    says(one, new HolepunchMessage.Rendezvous(OTHER));

    assertThat(heard(one)).containsExactly(new HolepunchMessage.Connect(OTHER));
    assertThat(heard(other)).containsExactly(new HolepunchMessage.Connect(ONE));
  }

  @ParameterizedTest
  @CsvSource({
    "45.1.9.9, 6881, NOT_CONNECTED",
    "45.1.9.9, 0, NO_SUCH_PEER",
    "45.1.1.2, 6881, NO_SUCH_PEER",
    "192.168.1.7, 6881, NO_SUCH_PEER",
    "45.1.7.7, 6881, NO_SUPPORT"
  })
  void whoCannotBeIntroducedIsTold(String address, int port, Cause cause) {
    int one = neighbour(ONE);
    neighbour(Endpoint.v4(0xC0A80107, 6881));
    lone.utpLink(Endpoint.v4(0x2D010707, 6881), true);
    var wanted = Endpoint.of(IpLiteral.parse(address), port);
    says(one, new HolepunchMessage.Rendezvous(wanted));

    assertThat(heard(one)).containsExactly(new HolepunchMessage.Failed(wanted, cause));
  }

  @Test
  void whoDoesNotTakePartIsNotHeard() {
    int silent = lone.utpLink(ONE, true);
    int other = neighbour(OTHER);
    says(silent, new HolepunchMessage.Rendezvous(OTHER));
    says(silent, new HolepunchMessage.Connect(OTHER.withPort(1)));

    assertThat(heard(other)).isEmpty();
    assertThat(lone.punched).isEmpty();
  }

  @Test
  void aNeighbourIsServedNowAndThenOnly() {
    int one = neighbour(ONE);
    int other = neighbour(OTHER);
    for (int i = 0; i < 50; i++) {
      says(one, new HolepunchMessage.Rendezvous(OTHER));
    }
    assertThat(heard(other)).hasSize(Holepunch.HEEDED_AT_ONCE);
    lone.passSeconds(60);
    for (int i = 0; i < 1_000; i++) {
      says(one, new HolepunchMessage.Rendezvous(OTHER));
    }

    assertThat(heard(other)).hasSize(2 * Holepunch.HEEDED_AT_ONCE);
    assertThat(lone.closed(one)).isEqualTo(CloseReason.MESSAGE_FLOOD);
  }

  // The two.

  private void tells(int relay, Endpoint peer, int flags) {
    var body = new PexMessage(List.of(new Contact(peer, flags)), List.of()).encode();
    lone.says(relay, new PeerMessage.Extended(Extension.UT_PEX.id(), body));
    lone.passSeconds(1);
  }

  @Test
  void whoCannotBeDialledIsAskedForAtTheNeighbourThatToldOfIt() {
    int relay = neighbour(RELAY);
    tells(relay, OTHER, Contact.HOLEPUNCH | Contact.REACHABLE);
    assertThat(heard(relay)).isEmpty();
    lone.give(new SwarmInput.DialFailed(OTHER));
    assertThat(heard(relay)).containsExactly(new HolepunchMessage.Rendezvous(OTHER));
    says(relay, new HolepunchMessage.Connect(OTHER));
    assertThat(lone.punched).containsExactly(OTHER);
    lone.utpLink(OTHER, false);

    assertThat(lone.told.getLast())
        .isInstanceOfSatisfying(
            SwarmEvent.PeerConnected.class,
            connected -> {
              assertThat(connected.route().isPunched()).isTrue();
              assertThat(connected.source()).isEqualTo(PeerSource.PEX);
            });
  }

  @Test
  void whomNobodyHasDialledIsAskedForWithoutWaiting() {
    int relay = neighbour(RELAY);
    tells(relay, OTHER, Contact.HOLEPUNCH);
    lone.passSeconds(1);

    assertThat(heard(relay)).containsExactly(new HolepunchMessage.Rendezvous(OTHER));
  }

  @Test
  void noNeighbourIsAskedMoreThanItHeeds() {
    int relay = neighbour(RELAY);
    var many = new ArrayList<Contact>();
    for (int i = 0; i < 40; i++) {
      many.add(new Contact(OTHER.withPort(7_000 + i), Contact.HOLEPUNCH));
    }
    var body = new PexMessage(many, List.of()).encode();
    lone.says(relay, new PeerMessage.Extended(Extension.UT_PEX.id(), body));
    lone.passSeconds(40);

    assertThat(heard(relay)).hasSizeBetween(6, Holepunch.HEEDED_AT_ONCE + 5);
  }

  @Test
  void nobodyIsAskedForTwiceInAMinuteNorWithoutTheFlag() {
    int relay = neighbour(RELAY);
    tells(relay, OTHER, Contact.HOLEPUNCH);
    lone.give(new SwarmInput.DialFailed(OTHER));
    lone.passSeconds(75);
    lone.give(new SwarmInput.DialFailed(OTHER));
    tells(relay, ONE, Contact.UTP);
    lone.give(new SwarmInput.DialFailed(ONE));

    assertThat(heard(relay)).hasSize(1);
  }

  @Test
  void whoIsAskedForDialsBack() {
    int relay = neighbour(RELAY);
    says(relay, new HolepunchMessage.Connect(OTHER));
    assertThat(lone.punched).containsExactly(OTHER);
    lone.utpLink(OTHER, true);

    assertThat(lone.told.getLast())
        .isInstanceOfSatisfying(
            SwarmEvent.PeerConnected.class,
            connected -> assertThat(connected.route().isPunched()).isTrue());
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "169.254.1.1", "192.168.1.1", "10.0.0.1", "224.0.0.1", "0.0.0.0"})
  void aRelayCannotMakeUsKnockAtHome(String address) {
    int relay = neighbour(RELAY);
    var victim = Endpoint.of(IpLiteral.parse(address), 80);
    says(relay, new HolepunchMessage.Connect(victim));

    assertThat(lone.punched).isEmpty();
  }

  @Test
  void aRelayCannotMakeUsKnockOften() {
    int relay = neighbour(RELAY);
    for (int i = 0; i < 60; i++) {
      says(relay, new HolepunchMessage.Connect(Endpoint.v4(0x2D020000 + i, 80)));
    }

    assertThat(lone.punched).hasSize(Holepunch.HEEDED_AT_ONCE);
  }

  @Test
  void whoIsANeighbourOrBannedIsNotDialled() {
    int relay = neighbour(RELAY);
    neighbour(OTHER);
    says(relay, new HolepunchMessage.Connect(OTHER));
    lone.give(new SwarmInput.PeersBanned(List.of(ONE)));
    says(relay, new HolepunchMessage.Connect(ONE));

    assertThat(lone.punched).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"false, true", "true, false"})
  void withoutPeerExchangeOrWithoutUtpNothingOfThisHappens(boolean exchange, boolean punch) {
    var other = swarm(exchange, punch);
    int link = other.utpLink(RELAY, true);
    offers(other, link, 6881);
    other.says(
        link,
        new PeerMessage.Extended(
            Extension.UT_HOLEPUNCH.id(), new HolepunchMessage.Connect(OTHER).encode()));

    var unknown = new Contact(ONE, Contact.HOLEPUNCH);
    other.says(
        link,
        new PeerMessage.Extended(
            Extension.UT_PEX.id(), new PexMessage(List.of(unknown), List.of()).encode()));
    other.passSeconds(60);

    assertThat(other.punched).isEmpty();
    assertThat(other.said(link, PeerMessage.Extended.class))
        .noneMatch(message -> message.id() == THEIR_ID);
    assertThat(other.said(link, PeerMessage.ExtensionHandshake.class).getFirst().extensions().ids())
        .doesNotContainKey(Extension.UT_HOLEPUNCH.key());
  }
}

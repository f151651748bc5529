package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Extension;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.PexMessage;
import org.spate.core.wire.PexMessage.Contact;

/**
 * Addresses that neighbours tell each other (BEP 11), and what a liar among them can do with it.
 */
class PeerExchangeTest {
  private static final int PEX_ID = 4;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(1 << 20, 1 << 16);

  private final LoneSwarm lone = swarm(false);

  private static LoneSwarm swarm(boolean isPrivate) {
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
            isPrivate,
            d.leecherPolicy(),
            d.seedPolicy(),
            d.randomFirstPieces(),
            d.requestSlackNanos(),
            d.wholePieces(),
            d.listenPort(),
            true,
            true,
            0,
            false);
    return new LoneSwarm(GEOMETRY, new PieceSet(16), settings, 1);
  }

  /** A neighbour that listens at a port of its own. */
  private static int neighbour(LoneSwarm lone, int port) {
    int link = lone.link(LoneSwarm.FAST);
    var ids = Map.of(Extension.UT_PEX.key(), PEX_ID);
    lone.says(
        link,
        new PeerMessage.ExtensionHandshake(
            new Extensions(ids, null, port, 0, false, 0, false, null)));
    return link;
  }

  private static void tells(LoneSwarm lone, int link, List<Endpoint> peers) {
    var contacts = peers.stream().map(peer -> new Contact(peer, 0)).toList();
    var body = new PexMessage(contacts, List.of()).encode();
    lone.says(link, new PeerMessage.Extended(Extension.UT_PEX.id(), body));
  }

  private static List<PexMessage> heard(LoneSwarm lone, int link) {
    return lone.said(link, PeerMessage.Extended.class).stream()
        .filter(message -> message.id() == PEX_ID)
        .map(message -> PexMessage.parse(message.body()))
        .toList();
  }

  @Test
  void neighboursHearOfEachOtherOnceAMinute() {
    int one = neighbour(lone, 1001);
    int other = neighbour(lone, 1002);
    lone.passSeconds(2);
    int third = neighbour(lone, 1003);
    lone.passSeconds(50);
    assertThat(heard(lone, one)).hasSize(1);
    lone.give(new SwarmInput.LinkClosed(other, CloseReason.REMOTE));
    lone.passSeconds(15);

    var messages = heard(lone, one);
    assertThat(messages).hasSize(2);
    assertThat(messages.get(0).added()).extracting(c -> c.remote().port()).containsExactly(1002);
    assertThat(messages.get(1).added()).extracting(c -> c.remote().port()).containsExactly(1003);
    assertThat(messages.get(1).dropped()).extracting(Endpoint::port).containsExactly(1002);
    assertThat(heard(lone, third).getFirst().added()).hasSize(2);
  }

  @Test
  void noMessageHasMoreThanFiftyAddresses() {
    int first = neighbour(lone, 1000);
    for (int i = 1; i <= 120; i++) {
      neighbour(lone, 1000 + i);
    }
    lone.passSeconds(190);

    assertThat(heard(lone, first)).extracting(m -> m.added().size()).containsExactly(50, 50, 20);
  }

  @Test
  void theSameAddressInAHundredMessagesIsDialledOnce() {
    var victim = Endpoint.v4(0xC6336401, 80);
    var tellers = new ArrayList<Integer>();
    for (int i = 0; i < 40; i++) {
      tellers.add(neighbour(lone, 2000 + i));
    }
    for (int i = 0; i < 100; i++) {
      tells(lone, tellers.get(i % 40), List.of(victim));
      lone.passSeconds(0.5);
    }
    assertThat(lone.dialled).containsOnlyOnce(victim);
  }

  @Test
  void madeUpAddressesAreDialledOneAfterTheOther() {
    for (int teller = 0; teller < 20; teller++) {
      int link = neighbour(lone, 2000 + teller);
      for (int message = 0; message < 10; message++) {
        var madeUp = new ArrayList<Endpoint>();
        for (int i = 0; i < 50; i++) {
          madeUp.add(Endpoint.v4(0x30000000 + (teller * 10 + message) * 50 + i, 80));
        }
        tells(lone, link, madeUp);
      }
    }
    int dials = 0;
    for (int tenths = 0; tenths < 200; tenths++) {
      lone.passSeconds(0.1);
      for (var remote : lone.dialled) {
        lone.give(new SwarmInput.DialFailed(remote));
        dials++;
      }
      lone.dialled.clear();
    }
    assertThat(dials).isBetween(20, 200);
    assertThat(lone.swarm.status(lone.now()).knownPeers())
        .isLessThanOrEqualTo(PeerTable.EXCHANGED_MAX + 20);
  }

  @Test
  void whoTellsTooOftenIsNotHeededAndThenSentAway() {
    int link = neighbour(lone, 2000);
    for (int i = 0; i < PeerExchange.HEEDED_AT_ONCE + 1; i++) {
      tells(lone, link, List.of(Endpoint.v4(0x30000000 + i, 80)));
    }
    assertThat(lone.swarm.status(lone.now()).knownPeers()).isEqualTo(PeerExchange.HEEDED_AT_ONCE);
    for (int i = 0; i < 200; i++) {
      tells(lone, link, List.of());
    }
    assertThat(lone.closed(link)).isEqualTo(CloseReason.MESSAGE_FLOOD);
  }

  @Test
  void strangersKnowNobodyOnThisMachine() {
    int link = neighbour(lone, 2000);
    tells(lone, link, List.of(Endpoint.v4(0x7F000001, 80), Endpoint.v4(0xA9FEA9FE, 80)));
    lone.passSeconds(10);
    assertThat(lone.dialled).isEmpty();
  }

  @Test
  void aPrivateTorrentNeitherTellsNorListens() {
    var secret = swarm(true);
    int one = neighbour(secret, 1001);
    neighbour(secret, 1002);
    tells(secret, one, List.of(Endpoint.v4(0x30000000, 80)));
    secret.passSeconds(100);

    assertThat(heard(secret, one)).isEmpty();
    assertThat(secret.dialled).isEmpty();
    var offered = secret.said(one, PeerMessage.ExtensionHandshake.class).getFirst().extensions();
    assertThat(offered.ids()).doesNotContainKey(Extension.UT_PEX.key());
  }
}

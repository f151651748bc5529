package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.SwarmSettings.SuperSeeding;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.PeerMessage;

/** What the only seed shows of its pieces, and to whom (BEP 16). */
class SuperSeederTest {
  private static final int PIECES = 40;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(PIECES * 65536L, 65536);

  private final LoneSwarm seed =
      new LoneSwarm(GEOMETRY, PieceSet.all(PIECES), SwarmSettings.DEFAULT, 1);

  private int leecher() {
    int link = seed.link(LoneSwarm.FAST);
    seed.says(link, new PeerMessage.HaveNone());
    return link;
  }

  private List<Integer> offers(int link) {
    return seed.said(link, PeerMessage.Have.class).stream().map(PeerMessage.Have::index).toList();
  }

  @Test
  void itClaimsToHaveNothingAndOffersFourPieces() {
    int link = leecher();
    assertThat(seed.said(link).getFirst()).isEqualTo(new PeerMessage.HaveNone());
    assertThat(offers(link)).hasSize(4);
    assertThat(seed.said(link))
        .filteredOn(PeerMessage.ExtensionHandshake.class::isInstance)
        .noneMatch(m -> ((PeerMessage.ExtensionHandshake) m).extensions().uploadOnly());
  }

  @Test
  void noPieceIsOfferedTwiceBeforeEachIsOfferedOnce() {
    var all = new ArrayList<Integer>();
    for (int i = 0; i < PIECES / 4; i++) {
      all.addAll(offers(leecher()));
    }
    assertThat(all).hasSize(PIECES).doesNotHaveDuplicates();
    assertThat(offers(leecher())).hasSize(4);
  }

  @Test
  void theNextOfferComesWhenOneIsTakenAndPassedOn() {
    int a = leecher();
    int b = leecher();
    var offered = offers(a);
    seed.says(a, new PeerMessage.Interested(), new PeerMessage.Request(offered.get(1), 0, 16384));
    int other =
        IntStream.range(0, PIECES).filter(p -> !offered.contains(p)).findFirst().orElseThrow();
    seed.says(a, new PeerMessage.Have(other)); // from somebody else
    seed.says(a, new PeerMessage.Have(offered.getFirst()));
    assertThat(offers(a)).hasSize(4);
    seed.says(b, new PeerMessage.Have(offered.getFirst())); // which can only be from a
    assertThat(offers(a)).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void whoHasAllThatItWasOfferedAndNobodyFetchesItGetsMoreASecondLater() {
    int link = leecher();
    var offered = offers(link);
    seed.says(
        link, new PeerMessage.Interested(), new PeerMessage.Request(offered.get(0), 0, 16384));
    offered.forEach(piece -> seed.says(link, new PeerMessage.Have(piece)));
    assertThat(offers(link)).hasSize(4);
    seed.says(link, new PeerMessage.Cancel(offered.get(0), 0, 16384));
    seed.give(new SwarmInput.PayloadSent(link, 16384));
    seed.passSeconds(1.1);
    assertThat(offers(link)).hasSizeGreaterThan(4).doesNotHaveDuplicates();
  }

  @Test
  void whoNeverPassesOnGetsNoMoreWhileTheUplinkIsBusy() {
    int taker = leecher();
    int other = leecher();
    var wish = offers(other).getFirst();
    seed.says(
        other, new PeerMessage.Interested(), new PeerMessage.Request(wish, 0, 16384)); // not taken
    offers(taker).forEach(piece -> seed.says(taker, new PeerMessage.Have(piece)));
    seed.passSeconds(1.1);
    assertThat(offers(taker)).hasSize(4);
    seed.says(other, new PeerMessage.Have(offers(taker).getFirst())); // which can only be from it
    assertThat(offers(taker)).hasSize(5);
    seed.says(taker, new PeerMessage.Have(offers(taker).getLast()));
    seed.passSeconds(1.1);
    assertThat(offers(taker)).hasSizeGreaterThan(6);
  }

  @Test
  void anOfferThatIsNeverTakenDoesNotKeepThePieceFromOthers() {
    for (int i = 0; i < PIECES / 4 - 1; i++) {
      leecher();
    }
    int idler = leecher();
    int eager = leecher();
    assertThat(offers(eager)).isNotEmpty(); // nothing is being sent: no reason to wait
    seed.says(eager, new PeerMessage.Interested());
    for (int second = 0; second < 20; second++) {
      List.copyOf(offers(eager)).forEach(piece -> seed.says(eager, new PeerMessage.Have(piece)));
      seed.passSeconds(1);
    }
    assertThat(offers(eager)).containsAll(offers(idler));
  }

  @Test
  void whatAPeerHasIsNotOfferedToIt() {
    int link = seed.link(LoneSwarm.FAST);
    var has = PieceSet.all(PIECES);
    has.remove(3);
    has.remove(7);
    seed.says(link, new PeerMessage.Bitfield(has.toBitfield()));
    assertThat(offers(link)).containsExactlyInAnyOrder(3, 7);
  }

  @Test
  void everythingIsShownWhenTwoOthersSayThatTheyHaveItAll() {
    int link = leecher();
    claimAll();
    assertThat(offers(link)).hasSize(4);
    claimAll();
    assertThat(offers(link)).hasSize(PIECES).doesNotHaveDuplicates();
    assertThat(seed.said(seed.link(LoneSwarm.FAST))).contains(new PeerMessage.HaveAll());
  }

  private void claimAll() {
    seed.says(seed.link(LoneSwarm.FAST), new PeerMessage.HaveAll());
  }

  @Test
  void twoClaimsFromOneAddressAreOne() {
    int link = leecher();
    for (int port = 1; port <= 5; port++) {
      var liar = Endpoint.v4(0x0B000001, port);
      seed.says(seed.link(liar, true, LoneSwarm.FAST, seed.anyId()), new PeerMessage.HaveAll());
    }
    assertThat(offers(link)).hasSize(4);
    seed.passSeconds(10);
    assertThat(seed.said(seed.link(LoneSwarm.FAST))).contains(new PeerMessage.HaveNone());
  }

  @Test
  void oneClaimCountsWhenAllOthersTogetherHaveEveryPiece() {
    var halves = new int[] {leecher(), leecher()};
    claimAll();
    for (int piece = 0; piece < PIECES; piece++) {
      assertThat(seed.said(seed.link(LoneSwarm.FAST)).getFirst())
          .as("before piece %d", piece)
          .isEqualTo(new PeerMessage.HaveNone());
      seed.says(halves[piece % 2], new PeerMessage.Have(piece));
    }
    seed.passSeconds(1.1);
    assertThat(seed.said(seed.link(LoneSwarm.FAST))).contains(new PeerMessage.HaveAll());
  }

  @Test
  void whoIsToldToSuperSeedDoesSoWhateverOthersSay() {
    seed.give(new SwarmInput.SettingsChanged(mode(SuperSeeding.ON)));
    claimAll();
    claimAll();
    assertThat(offers(leecher())).hasSize(4);
  }

  @Test
  void theModeCanBeChangedAtAnyTime() {
    int hidden = leecher();
    seed.give(new SwarmInput.SettingsChanged(mode(SuperSeeding.OFF)));
    assertThat(offers(hidden)).hasSize(PIECES).doesNotHaveDuplicates();
    int open = leecher();
    assertThat(seed.said(open).getFirst()).isEqualTo(new PeerMessage.HaveAll());

    seed.give(new SwarmInput.SettingsChanged(mode(SuperSeeding.ON)));
    seed.passSeconds(10);
    assertThat(offers(leecher())).hasSize(4);
    assertThat(offers(open)).isEmpty();
    assertThat(offers(hidden)).hasSize(PIECES);
  }

  private static SwarmSettings mode(SuperSeeding mode) {
    return SwarmSettings.DEFAULT.withSuperSeeding(mode);
  }

  @Test
  void manyPiecesAreShownInPortions() {
    int pieces = 3 * SuperSeeder.HAVES_PER_SECOND + 10;
    var geometry = PieceGeometry.plain(pieces * 65536L, 65536);
    var large = new LoneSwarm(geometry, PieceSet.all(pieces), SwarmSettings.DEFAULT, 1);
    int link = large.link(LoneSwarm.FAST);
    large.says(link, new PeerMessage.HaveNone(), new PeerMessage.Interested());
    large.give(new SwarmInput.SettingsChanged(mode(SuperSeeding.OFF)));

    var shown = new ArrayList<Integer>();
    for (int second = 0; second < 5; second++) {
      shown.add(large.said(link, PeerMessage.Have.class).size());
      large.passSeconds(1);
    }
    int offered = 4;
    int most = SuperSeeder.HAVES_PER_SECOND;
    assertThat(shown)
        .containsExactly(offered + most, offered + 2 * most, offered + 3 * most, pieces, pieces);
    assertThat(large.said(link, PeerMessage.Have.class)).doesNotHaveDuplicates();
  }

  @Test
  void aClaimIsHeardAlsoFromWhoIntroducesItselfFirst() {
    int link = leecher();
    claimAll();
    int other = seed.link(LoneSwarm.FAST);
    var handshake = new Extensions(Map.of(), "x", 0, 0, false, 0, false, null);
    seed.says(other, new PeerMessage.ExtensionHandshake(handshake), new PeerMessage.HaveAll());
    assertThat(offers(link)).hasSize(PIECES);
  }

  @Test
  void offersMadeBeforeAPeerToldItsPiecesAreNotLost() {
    int link = seed.link(LoneSwarm.FAST);
    var handshake = new Extensions(Map.of(), "x", 0, 0, false, 0, false, null);
    seed.says(link, new PeerMessage.ExtensionHandshake(handshake));
    var has = new PieceSet(PIECES);
    offers(link).forEach(has::add);
    seed.says(link, new PeerMessage.Bitfield(has.toBitfield()));
    assertThat(offers(link)).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void aPeerWithoutPiecesThatTellsNothingGetsOffersTooInTheEnd() {
    int link = seed.link(LoneSwarm.PLAIN);
    assertThat(offers(link)).isEmpty();
    seed.passSeconds(7);
    assertThat(offers(link)).isNotEmpty();
  }

  @Test
  void whoIsNotInterestedSeesMoreEverySecond() {
    int link = leecher();
    for (int i = 0; i < 50; i++) { // fifty events of one moment
      seed.says(link, new PeerMessage.Interested(), new PeerMessage.NotInterested());
    }
    assertThat(offers(link)).hasSize(4);
    seed.passSeconds(1.5);
    assertThat(offers(link)).hasSize(8);
    seed.passSeconds(1);
    assertThat(offers(link)).hasSize(16);
    seed.says(link, new PeerMessage.Interested());
    seed.passSeconds(10);
    assertThat(offers(link)).hasSize(16);
  }

  @Test
  void whoHasAPieceAndWaitsForNothingGetsTwiceAsManyOffers() {
    int link = leecher();
    seed.says(link, new PeerMessage.Interested());
    seed.says(link, new PeerMessage.Have(offers(link).getFirst()));
    assertThat(offers(link)).hasSize(9); // eight open ones
  }

  @Test
  void whoHasMoreToComeGetsOneOfferForAnother() {
    int link = leecher();
    seed.says(link, new PeerMessage.Interested());
    var offered = offers(link);
    seed.says(link, new PeerMessage.Request(offered.get(1), 0, 16384));
    seed.says(leecher(), new PeerMessage.Have(offered.get(0)));
    seed.says(link, new PeerMessage.Have(offered.get(0)));
    assertThat(offers(link)).hasSize(5);
  }

  @Test
  void aPeerThatTakesBackWhatItSaidGetsNoFurtherOffersForIt() {
    int link = leecher();
    int offered = offers(link).getFirst();
    seed.says(
        link, new PeerMessage.Interested(), new PeerMessage.Request(offers(link).get(1), 0, 16384));
    for (int i = 0; i < 20; i++) {
      seed.says(link, new PeerMessage.Have(offered), new PeerMessage.DontHave(offered));
    }
    assertThat(offers(link)).hasSize(4);
  }

  @Test
  void offersOfAPeerThatLeftAreOpenToOthersAgain() {
    int gone = leecher();
    var lost = offers(gone);
    seed.give(new SwarmInput.LinkClosed(gone, CloseReason.REMOTE));
    var others = new ArrayList<Integer>();
    for (int i = 0; i < PIECES / 4; i++) {
      others.addAll(offers(leecher()));
    }
    assertThat(others).doesNotHaveDuplicates().containsAll(lost);
  }
}

package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;

/**
 * Slots as a picture: of each neighbour in order, {@code U} unchoked, {@code O} the optimistic one,
 * {@code .} choked.
 */
class ChokerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(100 * 16384, 16384);

  private final List<Peer> peers = new ArrayList<>();
  private long now;
  private Neighbours neighbours;
  private Outbox out;
  private Uploader uploader;
  private Choker choker;

  @BeforeEach
  void begin() {
    begin(1);
  }

  private void begin(long seed) {
    now = 1000 * SECOND;
    peers.clear();
    neighbours = new Neighbours();
    out = new Outbox();
    var dice = new SplittableRandom(seed);
    var all = PieceSet.all(GEOMETRY.pieceCount());
    uploader =
        new Uploader(
            GEOMETRY, all, new PiecePicker(GEOMETRY, all, dice), new Neighbours(), out, dice);
    choker = new Choker(neighbours, uploader, out, SwarmSettings.DEFAULT, dice);
  }

  /** A neighbour that has been here for long. */
  private Peer old(double givesRate, boolean interested) {
    return peer(givesRate, interested, now - 3600 * SECOND);
  }

  private Peer peer(double givesRate, boolean interested, long sinceNanos) {
    int link = peers.size();
    var id = PeerId.random(new SplittableRandom(link));
    var handshake = new Handshake(Handshake.FAST, new Hash160(1, 2, 3), id);
    var opened = new SwarmInput.LinkOpened(link, Endpoint.v4(link + 1, 1), true, handshake);
    var peer = new Peer(opened, PeerSource.TRACKER, GEOMETRY.pieceCount(), sinceNanos);
    gives(peer, givesRate);
    neighbours.add(peer);
    choker.onInterest(peer, interested);
    peers.add(peer);
    return peer;
  }

  private void gives(Peer peer, double rate) {
    peer.downRate.add((long) (rate / 4), now); // a new meter's window is a quarter of a second
  }

  private String picture() {
    return peers.stream()
        .map(p -> p.amChoking ? "." : p.optimistic ? "O" : "U")
        .collect(Collectors.joining());
  }

  private void rechoke() {
    choker.rechoke(now);
    now += Choker.RECHOKE_NANOS;
    peers.forEach(p -> gives(p, 0)); // rates wear off alike
  }

  @Test
  void theFourBestGiversGetASlotAndOneMoreByLot() {
    for (int rate : new int[] {10, 90, 20, 80, 30, 70, 40, 60}) {
      old(rate * 1000, true);
    }
    rechoke();
    assertThat(picture().replace('O', '.')).isEqualTo(".U.U.U.U");
    assertThat(picture()).containsOnlyOnce("O");
  }

  @Test
  void whoGivesMoreTakesTheSlotOfWhoGivesLess() {
    for (int rate : new int[] {10, 20, 30, 40, 50}) {
      old(rate * 1000, true);
    }
    rechoke();
    assertThat(picture()).isEqualTo("OUUUU");
    gives(peers.get(0), 10_000_000);
    rechoke();
    // The optimistic one keeps its own slot until the lot falls on another.
    assertThat(picture()).isEqualTo("OUUUU");
    rechoke();
    rechoke();
    assertThat(picture()).isEqualTo("UOUUU");
  }

  @Test
  void whoIsBetterButNotInterestedKeepsItsPlaceWithoutUsingASlotUp() {
    old(90_000, false);
    old(80_000, true);
    old(70_000, true);
    old(60_000, true);
    old(50_000, true);
    peers.get(0).amChoking = false; // from when it was interested
    rechoke();
    assertThat(picture()).isEqualTo("UUUUU");

    choker.onInterest(peers.get(0), true); // then the worst one loses its slot
    rechoke();
    rechoke();
    rechoke();
    assertThat(picture().replace('O', 'U')).isEqualTo("UUUUU");
    old(55_000, true);
    gives(peers.get(5), 55_000);
    assertThat(peers.get(0).amChoking).isFalse();
  }

  @Test
  void whoIsNotInterestedGetsNoSlot() {
    old(90_000, false);
    old(10, true);
    rechoke();
    assertThat(peers.get(0).amChoking).isTrue();
    assertThat(peers.get(1).amChoking).isFalse();
  }

  @Test
  void whoSnubsUsGetsASlotByLotOnly() {
    old(90_000, true).snubbed = true;
    old(10_000, true);
    old(5_000, true).snubbed = true;
    for (int i = 0; i < 30; i++) {
      rechoke();
      for (int snubber : new int[] {0, 2}) {
        assertThat(peers.get(snubber).amChoking || peers.get(snubber).optimistic).isTrue();
      }
      assertThat(picture()).containsOnlyOnce("O");
    }
    choker.fillFreeSlots(now);
    assertThat(picture().replace("O", ".")).isEqualTo(".U.");
  }

  @Test
  void aSeedHoldsNothingAgainstAnybody() {
    choker.seeding(true);
    old(0, true).snubbed = true;
    rechoke();
    assertThat(picture()).isEqualTo("U");
  }

  @Test
  void theOptimisticSlotStaysForThirtySecondsAndGoesToEverybodyInTime() {
    for (int i = 0; i < 4; i++) {
      old(90_000, true);
    }
    for (int i = 0; i < 10; i++) {
      old(0, true);
    }
    var lucky = new HashSet<Integer>();
    int previous = -1;
    for (int round = 0; round < 300; round++) {
      for (int i = 0; i < 4; i++) {
        gives(peers.get(i), 90_000);
      }
      rechoke();
      assertThat(picture()).containsOnlyOnce("O").startsWith("UUUU");
      int optimistic = picture().indexOf('O');
      if (round % 3 != 0) {
        assertThat(optimistic).isEqualTo(previous);
      }
      previous = optimistic;
      lucky.add(optimistic);
    }
    assertThat(lucky).hasSize(10);
  }

  @Test
  void newcomersAreThreeTimesAsLikelyToBeDrawn() {
    int drawnNew = 0;
    int runs = 4000;
    for (int seed = 0; seed < runs; seed++) {
      begin(seed);
      for (int i = 0; i < 4; i++) {
        old(90_000, true);
      }
      for (int i = 0; i < 6; i++) {
        old(0, true);
      }
      peer(0, true, now - 59 * SECOND);
      peer(0, true, now - 5 * SECOND);
      choker.rechoke(now);
      drawnNew += picture().indexOf('O') >= 10 ? 1 : 0;
    }
    // Two with three tickets each, six with one: half of the draws; five sigma are 0.04.
    assertThat((double) drawnNew / runs).isBetween(0.46, 0.54);
  }

  @Test
  void someoneWhoBecomesInterestedNeedNotWaitForTheNextRound() {
    var peer = old(0, true);
    choker.fillFreeSlots(now);
    assertThat(peer.amChoking).isFalse();
    assertThat(out.poll()).isEqualTo(new SwarmOutput.Send(0, new PeerMessage.Unchoke()));
    assertThat(out.poll()).isNull();
  }

  @Test
  void freeSlotsAreFilledUpToTheRegularOnesAndTheOptimisticOne() {
    for (int i = 0; i < 12; i++) {
      old(0, true);
    }
    choker.fillFreeSlots(now);
    assertThat(unchoked()).isEqualTo(5);
    choker.fillFreeSlots(now);
    assertThat(unchoked()).isEqualTo(5);
  }

  private long unchoked() {
    return peers.stream().filter(p -> !p.amChoking).count();
  }

  @ParameterizedTest(name = "{0} bytes a second: {1} slots")
  @CsvSource({
    "0, 4", // the least
    "6000, 4",
    "16384, 10", // a turn of 16 KiB for each within ten seconds
    "100000, 61",
    "1000000000, 100" // the most
  })
  void thereAreAsManySlotsAsCanBeServedWithinTenSeconds(long bytesPerSecond, int expected) {
    for (int i = 0; i < 300; i++) {
      old(0, true);
    }
    uplinkCarries(bytesPerSecond);
    choker.adaptSlots(now);
    assertThat(choker.slots()).isEqualTo(expected);
    assertThat(unchoked()).isEqualTo(expected + 1);
  }

  private void uplinkCarries(long bytesPerSecond) {
    var carrier = peers.getFirst();
    carrier.inFlight = Math.toIntExact(Math.min(bytesPerSecond / 4 + 1, 1 << 30));
    uploader.onSent(carrier, carrier.inFlight, now);
  }

  @Test
  void whenTheUplinkSlowsDownTheSlotsAreFewerAgain() {
    for (int i = 0; i < 300; i++) {
      old(0, true);
    }
    uplinkCarries(100_000);
    choker.adaptSlots(now);
    assertThat(unchoked()).isEqualTo(62);
    rechoke();
    now += 60 * SECOND;
    rechoke();
    assertThat(unchoked()).isEqualTo(5);
  }

  @Test
  void aChokedNeighbourIsToldBeforeItsRequestsAreRejected() {
    var peer = old(0, true);
    choker.fillFreeSlots(now);
    uploader.onRequest(peer, new PeerMessage.Request(1, 0, 16384), now);
    uploader.onRequest(peer, new PeerMessage.Request(2, 0, 16384), now);
    choker.onInterest(peer, false);
    for (int i = 0; i < 5; i++) {
      old(90_000, true);
    }
    while (out.poll() != null) {}
    choker.rechoke(now);
    var said = new ArrayList<PeerMessage>();
    for (var output = out.poll(); output != null; output = out.poll()) {
      if (output instanceof SwarmOutput.Send(int link, var message) && link == peer.link) {
        said.add(message);
      }
    }
    assertThat(said)
        .containsExactly(
            new PeerMessage.Choke(),
            new PeerMessage.RejectRequest(1, 0, 16384),
            new PeerMessage.RejectRequest(2, 0, 16384));
    assertThat(peer.requests.isEmpty()).isTrue();
  }
}

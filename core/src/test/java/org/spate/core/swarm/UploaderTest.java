package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;

/**
 * Whom the uplink serves, in what order. A picture of reads: {@code a0 a0 b3} is twice a block of
 * piece 0 for neighbour a, then one of piece 3 for b.
 */
class UploaderTest {
  private static final int BLOCK = 16384;
  private static final long MILLIS = 1_000_000;
  private static final long SECOND = 1000 * MILLIS;

  private final PieceGeometry geometry = PieceGeometry.plain(200L * 4 * BLOCK, 4 * BLOCK);
  private final Outbox out = new Outbox();
  private final PieceSet have = PieceSet.all(geometry.pieceCount());
  private final PiecePicker picker = picker(geometry);
  private final Neighbours neighbours = new Neighbours();
  private final Uploader uploader =
      new Uploader(geometry, have, picker, neighbours, out, new SplittableRandom(1));
  private final List<PeerMessage> said = new ArrayList<>();
  private final List<SwarmOutput.ReadBlock> pending = new ArrayList<>();
  private long now = SECOND;

  /** So many that what a few have is not common. */
  @BeforeEach
  void neighbours() {
    for (char name = 'A'; name < 'U'; name++) {
      neighbours.add(peer(name));
    }
  }

  /** Knows how many have which piece. */
  private static PiecePicker picker(PieceGeometry geometry) {
    var none = new PieceSet(geometry.pieceCount());
    return new PiecePicker(geometry, none, new SplittableRandom(1));
  }

  private Peer peer(char name) {
    var id = PeerId.random(new SplittableRandom(name));
    var handshake = new Handshake(Handshake.FAST, new Hash160(1, 2, 3), id);
    var opened = new SwarmInput.LinkOpened(name, Endpoint.v4(name, 1), true, handshake);
    var peer = new Peer(opened, PeerSource.TRACKER, geometry.pieceCount(), now);
    peer.amChoking = false;
    peer.has.add(199); // no newcomer
    return peer;
  }

  private void requests(Peer peer, int... pieces) {
    for (int piece : pieces) {
      for (int block = 0; block < 4; block++) {
        var request = new PeerMessage.Request(piece, block * BLOCK, BLOCK);
        assertThat(uploader.onRequest(peer, request, now)).isNull();
      }
    }
  }

  /** What was handed out since the last call, as a picture. */
  private String reads() {
    var picture = new ArrayList<String>();
    for (var output = out.poll(); output != null; output = out.poll()) {
      switch (output) {
        case SwarmOutput.ReadBlock read -> {
          pending.add(read);
          picture.add((char) read.link() + "" + read.index());
        }
        case SwarmOutput.Send(int _, var message) -> said.add(message);
        default -> throw new AssertionError(output);
      }
    }
    return String.join(" ", picture);
  }

  private void pump() {
    uploader.pump(now);
  }

  /** The network takes all that was handed out, a millisecond for each block. */
  private String carryAll(Peer... peers) {
    var all = new ArrayList<String>();
    for (String part = pumped(); !part.isEmpty() || !pending.isEmpty(); part = pumped()) {
      if (!part.isEmpty()) {
        all.add(part);
      }
      if (!pending.isEmpty()) {
        var read = pending.removeFirst();
        now += MILLIS;
        for (var peer : peers) {
          if (peer.link == read.link()) {
            uploader.onSent(peer, read.length(), now);
          }
        }
      }
    }
    return String.join(" ", all);
  }

  private String pumped() {
    pump();
    return reads();
  }

  @Test
  void oneNeighbourAtATimeIsServedAPieceAtATime() {
    var a = peer('a');
    var b = peer('b');
    requests(a, 0, 1);
    requests(b, 3, 4);

    assertThat(carryAll(a, b)).isEqualTo("a0 a0 a0 a0 b3 b3 b3 b3 a1 a1 a1 a1 b4 b4 b4 b4");
    assertThat(a.inFlight).isZero();
    assertThat(uploader.uploaded()).isEqualTo(16L * BLOCK);
    assertThat(uploader.isIdle()).isTrue();
  }

  @Test
  void onlySoMuchIsHandedOutAsKeepsTheUplinkBusy() {
    var a = peer('a');
    requests(a, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(pumped()).isEqualTo("a0 a0 a0 a0"); // 64 KiB
    assertThat(pumped()).isEmpty();
    uploader.onSent(a, BLOCK, now);
    assertThat(pumped()).isEqualTo("a1");
  }

  @Test
  void aFasterUplinkGetsAWiderWindowWithinABound() {
    var a = peer('a');
    var b = peer('b');
    for (int round = 0; round < 3000; round++) { // 16 MB/s to each
      topUp(a, round);
      topUp(b, round);
      pumped();
      now += MILLIS;
      uploader.onSent(a, BLOCK, now);
      uploader.onSent(b, BLOCK, now);
    }
    pumped();
    assertThat(a.inFlight + b.inFlight).isBetween(512 * 1024, 9 * 1024 * 1024);
  }

  private void topUp(Peer peer, int round) {
    while (peer.requests.size() < 1900) {
      uploader.onRequest(peer, new PeerMessage.Request(round % 200, 0, BLOCK), now);
    }
  }

  @Test
  void whoWantsThePieceThatFewestHaveIsServedNext() {
    for (int copies = 0; copies < 5; copies++) {
      picker.onHave(10);
      picker.onHave(30);
    }
    picker.onHave(20);
    var a = peer('a');
    var b = peer('b');
    var c = peer('c');
    requests(a, 10);
    requests(b, 30);
    requests(c, 20);
    assertThat(carryAll(a, b, c).replaceAll("(.\\d+)( \\1)*", "$1")).isEqualTo("a10 c20 b30");
  }

  @Test
  void amongThoseWhoWantWhatHalfOfAllHaveWhoeverHasLeastIsServedNext() {
    for (int copies = 0; copies < 12; copies++) {
      picker.onHave(10);
      picker.onHave(20);
      picker.onHave(30);
    }
    picker.onHave(30);
    var a = peer('a');
    var ahead = peer('b');
    var behind = peer('c');
    for (int piece = 40; piece < 60; piece++) {
      ahead.has.add(piece);
    }
    requests(a, 10);
    requests(ahead, 20);
    requests(behind, 30);
    assertThat(carryAll(a, ahead, behind).replaceAll("(.\\d+)( \\1)*", "$1"))
        .isEqualTo("a10 c30 b20");
  }

  @Test
  void aLongPieceIsInterruptedAfterAMebibyte() {
    var big = PieceGeometry.plain(16L << 20, 8 << 20);
    var other =
        new Uploader(big, PieceSet.all(2), picker(big), neighbours, out, new SplittableRandom(1));
    var a = peer('a');
    var b = peer('b');
    for (int block = 0; block < 200; block++) {
      other.onRequest(a, new PeerMessage.Request(0, block * BLOCK, BLOCK), now);
      other.onRequest(b, new PeerMessage.Request(1, block * BLOCK, BLOCK), now);
    }
    var served = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      other.pump(now);
      reads();
      if (!pending.isEmpty()) {
        var read = pending.removeFirst();
        served.append((char) read.link());
        other.onSent(read.link() == 'a' ? a : b, read.length(), now += MILLIS);
      }
    }
    assertThat(served.toString())
        .startsWith("a".repeat(64) + "b".repeat(64) + "a".repeat(64))
        .hasSize(400);
  }

  @Test
  void aLinkThatTakesNothingHoldsUpOthersForASecondAtMost() {
    var stalled = peer('s');
    var other = peer('o');
    requests(stalled, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(pumped()).isEqualTo("s0 s0 s0 s0");
    requests(other, 20);
    assertThat(pumped()).isEmpty();
    now += 1100 * MILLIS;
    uploader.everySecond();
    assertThat(pumped()).contains("o20 o20 o20 o20");
    assertThat(stalled.inFlight).isEqualTo(4 * BLOCK);
  }

  /** Fifteen seconds of a network; returns how many were served at once in the last five. */
  private double carry(int uplinkBytesPerMilli, int linkBytesPerMilli, List<Peer> peers) {
    int served = 0;
    for (int milli = 0; milli < 15_000; milli++) {
      for (int i = 0; i < peers.size(); i++) {
        topUp(peers.get(i), i);
      }
      pumped();
      now += MILLIS;
      int room = uplinkBytesPerMilli;
      var busy = peers.stream().filter(peer -> peer.inFlight > 0).toList();
      served += milli < 10_000 ? 0 : busy.size();
      for (int i = 0; i < busy.size(); i++) { // all get their share
        int bytes = Math.min(linkBytesPerMilli, room / (busy.size() - i));
        bytes = Math.min(bytes, busy.get(i).inFlight);
        uploader.onSent(busy.get(i), bytes, now);
        room -= bytes;
      }
    }
    return served / 5000.0;
  }

  @Test
  void asManyAreServedSideBySideAsTheUplinkHasRoomForWhereTheyAreSlower() {
    var peers = IntStream.range('a', 'z').mapToObj(name -> peer((char) name)).toList();
    double served = carry(10_000, 2_000, peers); // 80 Mbit/s, to neighbours of 16 Mbit/s each
    assertThat(served).isBetween(4.5, 8.0);
    assertThat(uploader.rate(now)).isGreaterThan(8.5e6);
  }

  @Test
  void neighboursAsFastAsTheUplinkAreServedOneAfterTheOther() {
    var peers = IntStream.range('a', 'z').mapToObj(name -> peer((char) name)).toList();
    double served = carry(2_000, 50_000, peers);
    assertThat(served).isLessThan(3);
    assertThat(uploader.rate(now)).isGreaterThan(1.9e6);
  }

  @Test
  void whatLeftAnotherLinkIsNotCountedTwice() {
    var a = peer('a');
    requests(a, 0);
    pumped();
    uploader.onSent(a, 10 * BLOCK, now); // more than was handed out
    assertThat(uploader.uploaded()).isEqualTo(4L * BLOCK);
    assertThat(a.inFlight).isZero();
    uploader.onSent(a, BLOCK, now);
    assertThat(uploader.uploaded()).isEqualTo(4L * BLOCK);
  }

  @Test
  void aNeighbourThatLeavesFreesWhatItHadOnItsWay() {
    var a = peer('a');
    var b = peer('b');
    requests(a, 0, 1, 2);
    requests(b, 5);
    assertThat(pumped()).isEqualTo("a0 a0 a0 a0");
    uploader.onGone(a, now);
    assertThat(a.inFlight).isZero();
    pending.clear();
    assertThat(pumped()).isEqualTo("b5 b5 b5 b5");
  }

  @Test
  void afterAChokeWhatIsBeingReadIsSentAndTheRestRejected() {
    var a = peer('a');
    requests(a, 0, 1);
    pumped(); // all of piece 0
    a.amChoking = true;
    uploader.onChoked(a, now);
    reads();
    assertThat(said)
        .hasSize(4)
        .allMatch(m -> m instanceof PeerMessage.RejectRequest r && r.index() == 1);
    var blocks = new TestBlock.Register();
    for (var read : pending) {
      uploader.onBlockRead(a, 0, read.begin(), blocks.block(BLOCK, false), now);
    }
    reads();
    assertThat(said).filteredOn(PeerMessage.Piece.class::isInstance).hasSize(4);
    said.clear();
    requests(a, 2);
    reads();
    assertThat(said).hasSize(4).allMatch(PeerMessage.RejectRequest.class::isInstance);
  }

  @Test
  void eachRequestIsAnsweredExactlyOnceAlsoWhenItIsCancelled() {
    var a = peer('a');
    requests(a, 0, 1);
    pumped();
    uploader.onCancel(a, new PeerMessage.Cancel(0, 0, BLOCK), now); // is being read: sent anyway
    uploader.onCancel(a, new PeerMessage.Cancel(1, 0, BLOCK), now);
    uploader.onCancel(a, new PeerMessage.Cancel(1, 0, BLOCK), now);
    uploader.onCancel(a, new PeerMessage.Cancel(7, 0, BLOCK), now);
    reads();
    assertThat(said).containsExactly(new PeerMessage.RejectRequest(1, 0, BLOCK));
  }

  @Test
  void newcomersComeFirstUntilTheyHadTheirShare() {
    var a = peer('a');
    var b = peer('b');
    var newcomer = peer('n');
    newcomer.has.clear();
    requests(a, 0, 1, 2);
    requests(b, 10, 11, 12);
    requests(newcomer, 20, 21, 22, 23);
    assertThat(turns(carryAll(a, b, newcomer))).isEqualTo("a0 n20 n21 b10 a1 b11 b12 n22 a2 n23");
  }

  @Test
  void whoGivesNothingIsServedLastOnceItHadItsCredit() {
    var giver = peer('g');
    var taker = peer('t');
    giver.downloaded = 10L * 4 * BLOCK;
    requests(taker, 0, 1, 2, 3);
    requests(giver, 10, 11, 12, 13);
    assertThat(turns(carryAll(giver, taker))).isEqualTo("t0 g10 t1 g11 g12 g13 t2 t3");
  }

  @Test
  void whilePiecesGoOutForTheFirstTimeNoneGoesOutTwiceBeforeEachHasGoneOutOnce() {
    uploader.seeding(true);
    uploader.spreading(true);
    var a = peer('a');
    var b = peer('b');
    requests(a, 0, 1, 2);
    requests(b, 0, 3, 4);
    assertThat(turns(carryAll(a, b))).isEqualTo("a0 a1 a2 b0 b3 b4");
  }

  /** One of each four blocks. */
  private static String turns(String picture) {
    var reads = List.of(picture.split(" ", -1));
    return IntStream.range(0, reads.size() / 4)
        .mapToObj(i -> reads.get(4 * i))
        .collect(Collectors.joining(" "));
  }

  @Test
  void whatIsOnItsWayIsCountedRightWhateverHappens() {
    for (long seed = 0; seed < 50; seed++) {
      var dice = new SplittableRandom(seed);
      pending.clear();
      var peers = new ArrayList<Peer>();
      for (char name = 'a'; name < 'h'; name++) {
        peers.add(peer(name));
      }
      for (int step = 0; step < 2000; step++) {
        now += dice.nextLong(3 * MILLIS);
        var peer = peers.get(dice.nextInt(peers.size()));
        switch (dice.nextInt(8)) {
          case 0 -> uploader.onChoked(peer, now);
          case 1 -> uploader.onCancel(peer, new PeerMessage.Cancel(dice.nextInt(9), 0, BLOCK), now);
          case 2 -> {
            if (dice.nextInt(10) == 0) {
              uploader.onGone(peer, now);
              pending.removeIf(read -> read.link() == peer.link);
            }
          }
          case 3, 4 -> requests(peer, dice.nextInt(9));
          default -> {
            if (!pending.isEmpty()) {
              var read = pending.remove(dice.nextInt(pending.size()));
              var to = peers.get(read.link() - 'a');
              uploader.onSent(to, read.length(), now);
            }
          }
        }
        pumped();
        for (var each : peers) {
          int expected =
              pending.stream()
                  .filter(read -> read.link() == each.link)
                  .mapToInt(SwarmOutput.ReadBlock::length)
                  .sum();
          assertThat(each.inFlight).as("seed %d", seed).isEqualTo(expected);
          assertThat(each.inRotation).isEqualTo(!each.requests.isEmpty());
        }
        assertThat(uploader.isIdle()).isEqualTo(pending.isEmpty());
      }
      peers.forEach(peer -> uploader.onGone(peer, now));
    }
  }
}

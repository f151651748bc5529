package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.AllowedFast;
import org.spate.core.wire.PeerMessage;

/** What a neighbour may fetch while it is choked (BEP 6, allowed fast). */
class FastGrantsTest {
  private static final int BLOCK = 16384;
  private static final int PIECES = 200;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(PIECES * 65536L, 65536);
  private static final Endpoint THERE = Endpoint.v4(0x50040A01, 50000);

  private final LoneSwarm seed = LoneSwarm.seed(GEOMETRY);

  private int choked(LoneSwarm world, Endpoint remote, PeerMessage pieces) {
    var id = PeerId.random(new SplittableRandom(remote.hashCode()));
    int link = world.link(remote, true, LoneSwarm.FAST, id);
    world.says(link, pieces);
    return link;
  }

  private static List<Integer> granted(LoneSwarm world, int link) {
    return world.said(link, PeerMessage.AllowedFast.class).stream()
        .map(PeerMessage.AllowedFast::index)
        .toList();
  }

  private static PeerMessage bitfield(int... pieces) {
    var set = new PieceSet(PIECES);
    Arrays.stream(pieces).forEach(set::add);
    return new PeerMessage.Bitfield(set.toBitfield());
  }

  @Test
  void aNewcomerIsGrantedTheSetOfItsAddress() {
    int link = choked(seed, THERE, new PeerMessage.HaveNone());
    var set = AllowedFast.set(THERE, new Hash160(1, 2, 3), FastGrants.PIECES_MAX, PIECES);
    assertThat(granted(seed, link)).containsExactlyElementsOf(Arrays.stream(set).boxed().toList());
  }

  @Test
  void whoHasMorePiecesThanTheSetIsGrantedNone() {
    int few = choked(seed, THERE, bitfield(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    int more = choked(seed, THERE.withPort(1), bitfield(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    assertThat(granted(seed, few)).isNotEmpty();
    assertThat(granted(seed, more)).isEmpty();
  }

  @Test
  void onlyPiecesThatWeHaveAndTheyLackAreGranted() {
    var set = AllowedFast.set(THERE, new Hash160(1, 2, 3), FastGrants.PIECES_MAX, PIECES);
    var have = new PieceSet(PIECES);
    have.add(set[2]);
    have.add(set[5]);
    var world = new LoneSwarm(GEOMETRY, have, SwarmSettings.DEFAULT, 1);
    assertThat(granted(world, choked(world, THERE, bitfield(set[2])))).containsExactly(set[5]);
  }

  @Test
  void ipv6PeersAndPeersOfASuperSeedAndOfAnEmptyLeecherAreGrantedNone() {
    int v6 = choked(seed, new Endpoint(0x20010DB8L << 32, 1, 1), new PeerMessage.HaveNone());
    assertThat(granted(seed, v6)).isEmpty();
    var superSeed = new LoneSwarm(GEOMETRY, PieceSet.all(PIECES), SwarmSettings.DEFAULT, 1);
    assertThat(granted(superSeed, choked(superSeed, THERE, new PeerMessage.HaveNone()))).isEmpty();
    var empty = LoneSwarm.leecher(GEOMETRY);
    assertThat(granted(empty, choked(empty, THERE, new PeerMessage.HaveNone()))).isEmpty();
  }

  @ParameterizedTest(name = "pieces of {0} KiB: {1}")
  @CsvSource({"16, 10", "64, 10", "256, 10", "1024, 4", "4096, 1", "16384, 1"})
  void theSetIsSmallInBytesToo(int kibibytes, int pieces) {
    var geometry = PieceGeometry.plain(100L * kibibytes * 1024, kibibytes * 1024);
    var world = LoneSwarm.seed(geometry);
    assertThat(granted(world, choked(world, THERE, new PeerMessage.HaveNone()))).hasSize(pieces);
  }

  @Test
  void grantedPiecesAreServedWhileChokedOnceEachAndNothingElse() {
    int link = choked(seed, THERE, new PeerMessage.HaveNone());
    var granted = granted(seed, link);
    var read = new ArrayList<Integer>();
    for (int round = 0; round < 3; round++) {
      for (int piece = 0; piece < PIECES; piece++) {
        for (int begin = 0; begin < 65536; begin += BLOCK) {
          seed.says(link, new PeerMessage.Request(piece, begin, BLOCK));
          seed.reads.forEach(r -> read.add(r.index()));
          seed.readAll();
          seed.give(new SwarmInput.PayloadSent(link, BLOCK));
        }
        seed.passSeconds(1);
      }
    }
    assertThat(read).hasSize(granted.size() * 4);
    assertThat(read).allMatch(granted::contains);
    assertThat(seed.said(link, PeerMessage.RejectRequest.class))
        .hasSize(3 * PIECES * 4 - read.size());
    assertThat(seed.closed(link)).isNull();
  }

  @Test
  void whoHasBecomeRichIsServedNoMore() {
    int link = choked(seed, THERE, new PeerMessage.HaveNone());
    int piece = granted(seed, link).getFirst();
    for (int i = 0; i <= FastGrants.PIECES_MAX; i++) {
      seed.says(link, new PeerMessage.Have(i));
    }
    seed.says(link, new PeerMessage.Request(piece, 0, BLOCK));
    assertThat(seed.reads).isEmpty();
    assertThat(seed.said(link)).contains(new PeerMessage.RejectRequest(piece, 0, BLOCK));
  }

  @Test
  void aChokeDropsAllRequestsButThoseGranted() {
    int link = choked(seed, THERE, new PeerMessage.HaveNone());
    int free = granted(seed, link).getFirst();
    int other = free == 0 ? 1 : 0;
    seed.says(link, new PeerMessage.Interested());
    for (int i = 0; i < 40; i++) { // more than is handed out at once
      seed.says(link, new PeerMessage.Request(other, 0, BLOCK));
    }
    seed.says(link, new PeerMessage.Request(free, 0, BLOCK), new PeerMessage.NotInterested());
    for (int i = 0; i < 10; i++) { // enough others to lose the slot
      int rival = choked(seed, Endpoint.v4(0x51000000 + i, 1), new PeerMessage.HaveNone());
      seed.says(rival, new PeerMessage.Interested());
    }
    seed.passSeconds(40);

    assertThat(seed.said(link)).contains(new PeerMessage.Choke());
    assertThat(seed.said(link)).contains(new PeerMessage.RejectRequest(other, 0, BLOCK));
    assertThat(seed.said(link)).doesNotContain(new PeerMessage.RejectRequest(free, 0, BLOCK));
    assertThat(seed.status(link).requestsIn()).isEqualTo(1);
  }

  @Test
  void aChokedLeecherFetchesWhatItIsGrantedAndNothingElse() {
    var leecher = LoneSwarm.leecher(GEOMETRY);
    int link = choked(leecher, THERE, new PeerMessage.HaveAll());
    assertThat(leecher.said(link, PeerMessage.Request.class)).isEmpty();
    leecher.says(link, new PeerMessage.AllowedFast(7));
    assertThat(leecher.said(link, PeerMessage.Request.class))
        .hasSize(4)
        .allMatch(r -> r.index() == 7);
    leecher.says(link, new PeerMessage.RejectRequest(7, 0, BLOCK));
    leecher.passSeconds(10);
    assertThat(leecher.said(link, PeerMessage.Request.class)).hasSize(4); // not asked again
  }
}

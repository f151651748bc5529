package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;

/** An idle uplink says so (BEP 6), and what waits in another's queue changes over to it. */
class SuggesterTest {
  private static final int BLOCK = 16384;
  private static final int PIECES = 8;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(PIECES * BLOCK, BLOCK);

  private static final PeerMessage SUGGESTS =
      new PeerMessage.ExtensionHandshake(
          new Extensions(Map.of(), null, 0, 0, false, 0, true, null));

  private static PeerMessage bitfield(int... pieces) {
    var has = new PieceSet(PIECES);
    for (int piece : pieces) {
      has.add(piece);
    }
    return new PeerMessage.Bitfield(has.toBitfield());
  }

  private static List<Integer> suggestions(LoneSwarm world, int link) {
    return world.said(link, PeerMessage.SuggestPiece.class).stream()
        .map(PeerMessage.SuggestPiece::index)
        .toList();
  }

  @Test
  void whoIsLetInAndMissesPiecesHearsThatWeAreIdle() {
    var world = LoneSwarm.seed(GEOMETRY);
    int link = world.link(LoneSwarm.FAST);
    world.says(link, bitfield(0, 1, 2, 3, 4, 6), new PeerMessage.Interested());
    world.passSeconds(2);
    assertThat(suggestions(world, link)).isNotEmpty().isSubsetOf(5, 7);
  }

  @Test
  void nobodyHearsItWithoutTheFastExtensionOrWithoutInterestOrWhileItWouldBeServed() {
    var world = LoneSwarm.seed(GEOMETRY);
    int plain = world.link(LoneSwarm.PLAIN);
    world.says(plain, new PeerMessage.Interested());
    int bored = world.link(LoneSwarm.FAST);
    world.says(bored, new PeerMessage.HaveNone());
    world.passSeconds(5);
    assertThat(suggestions(world, plain)).isEmpty();
    assertThat(suggestions(world, bored)).isEmpty();

    int busy = world.link(LoneSwarm.FAST);
    world.says(busy, new PeerMessage.HaveNone(), new PeerMessage.Interested());
    world.passSeconds(1);
    int before = suggestions(world, busy).size();
    world.says(busy, new PeerMessage.Request(0, 0, BLOCK));
    world.passSeconds(5);
    assertThat(suggestions(world, busy)).hasSize(before);
  }

  @Test
  void suggestionsBecomeRareWhereTheyComeToNothing() {
    var world = LoneSwarm.seed(GEOMETRY);
    int link = world.link(LoneSwarm.FAST);
    world.says(link, new PeerMessage.HaveNone(), new PeerMessage.Interested());
    world.passSeconds(60);
    assertThat(suggestions(world, link)).hasSizeBetween(8, 50);
  }

  @Test
  void aRequestThatWaitsElsewhereChangesOverToWhoSuggests() {
    var world = LoneSwarm.leecher(GEOMETRY);
    int queue = world.link(LoneSwarm.FAST);
    world.says(queue, bitfield(3), new PeerMessage.Unchoke());
    assertThat(world.said(queue)).contains(new PeerMessage.Request(3, 0, BLOCK));

    int idle = world.link(LoneSwarm.FAST);
    world.says(idle, bitfield(3), new PeerMessage.Unchoke());
    world.passSeconds(0.1);
    world.says(idle, new PeerMessage.SuggestPiece(3));
    assertThat(world.said(idle)).containsOnlyOnce(new PeerMessage.Request(3, 0, BLOCK));
    assertThat(world.said(queue)).contains(new PeerMessage.Cancel(3, 0, BLOCK));
  }

  @Test
  void whatIsMissingOfAPieceChangesOverToo() {
    var world = LoneSwarm.leecher(PieceGeometry.plain(4 * BLOCK, 4 * BLOCK));
    int queue = world.link(LoneSwarm.FAST);
    world.says(queue, bitfield(0), new PeerMessage.Unchoke());
    int idle = world.link(LoneSwarm.FAST);
    world.says(idle, bitfield(0), new PeerMessage.Unchoke()); // in endgame it is asked for a block
    var first = world.said(idle, PeerMessage.Request.class).getFirst();
    world.says(idle, world.piece(0, first.begin(), BLOCK));
    assertThat(world.said(idle, PeerMessage.Request.class)).hasSize(2);

    world.passSeconds(0.1);
    world.says(idle, new PeerMessage.SuggestPiece(0));
    assertThat(world.said(idle, PeerMessage.Request.class))
        .extracting(PeerMessage.Request::begin)
        .containsExactlyInAnyOrder(0, BLOCK, 2 * BLOCK, 3 * BLOCK);
  }

  /** In endgame, and with two neighbours that both have the only piece. */
  @Test
  void whoSaysWhenItIdlesIsNotAskedForWhatAnotherIsAskedForUnlessItDoes() {
    var world = LoneSwarm.leecher(PieceGeometry.plain(4 * BLOCK, 4 * BLOCK));
    int busy = world.link(LoneSwarm.FAST);
    world.says(busy, bitfield(0), new PeerMessage.Unchoke());
    world.says(busy, world.piece(0, 0, BLOCK));
    int other = world.link(LoneSwarm.FAST | Handshake.EXTENSION_PROTOCOL);
    world.says(other, SUGGESTS, bitfield(0), new PeerMessage.Unchoke());
    assertThat(world.said(other, PeerMessage.Request.class)).isEmpty();

    world.says(other, new PeerMessage.SuggestPiece(0));
    assertThat(world.said(other, PeerMessage.Request.class)).hasSize(1);
    assertThat(world.said(busy, PeerMessage.Cancel.class)).isEmpty();
  }

  @Test
  void whatHasWaitedForASecondInEndgameChangesOverToWhoHasNothingToDoForUs() {
    var world = LoneSwarm.leecher(PieceGeometry.plain(4 * BLOCK, BLOCK));
    int queue = world.link(LoneSwarm.FAST);
    world.says(queue, new PeerMessage.Bitfield(new byte[] {(byte) 0b1110_0000}));
    world.says(queue, new PeerMessage.Unchoke());
    int other = world.link(LoneSwarm.FAST | Handshake.EXTENSION_PROTOCOL);
    world.says(other, SUGGESTS, new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
    world.passSeconds(2);
    assertThat(world.said(queue, PeerMessage.Cancel.class)).isEmpty();

    world.says(other, world.piece(3, 0, BLOCK));
    var moved = world.said(queue, PeerMessage.Cancel.class);
    assertThat(moved).hasSize(1);
    assertThat(world.said(other, PeerMessage.Request.class))
        .extracting(PeerMessage.Request::index)
        .containsExactly(3, moved.getFirst().index());
    assertThat(moved.getFirst().index()) // the first to come may be on its way
        .isNotEqualTo(world.said(queue, PeerMessage.Request.class).getFirst().index());
  }

  @Test
  void whatIsUnderWayStays() {
    var world = LoneSwarm.leecher(PieceGeometry.plain(PIECES * 2 * BLOCK, 2 * BLOCK));
    int busy = world.link(LoneSwarm.FAST);
    world.says(busy, bitfield(3), new PeerMessage.Unchoke(), world.piece(3, 0, BLOCK));
    int idle = world.link(LoneSwarm.FAST);
    world.says(idle, bitfield(3), new PeerMessage.SuggestPiece(3));
    assertThat(world.said(busy, PeerMessage.Cancel.class)).isEmpty();
  }

  @Test
  void aSuggestionOfAPieceThatDoesNotExistOrWithoutFastEndsTheLink() {
    var world = LoneSwarm.leecher(GEOMETRY);
    int fast = world.link(LoneSwarm.FAST);
    world.says(fast, new PeerMessage.SuggestPiece(PIECES));
    assertThat(world.closed(fast)).isEqualTo(CloseReason.BAD_INDEX);
    int plain = world.link(LoneSwarm.PLAIN);
    world.says(plain, new PeerMessage.SuggestPiece(1));
    assertThat(world.closed(plain)).isEqualTo(CloseReason.FAST_NOT_NEGOTIATED);
  }
}

package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.PeerMessage;

/** What a neighbour suggests to be asked for (BEP 6). */
class SuggestionsTest {
  private static final int PIECES = 100;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(PIECES * 16384L, 16384);

  @Test
  void aSuggestedPieceIsStartedBeforeRarerOnes() {
    int suggested = 77;
    var world = leecherPastRandomFirstPieces();
    for (int i = 0; i < 3; i++) { // now it is the least rare of all
      world.says(world.link(LoneSwarm.FAST), new PeerMessage.Have(suggested));
    }
    int link = world.link(LoneSwarm.FAST);
    world.says(
        link,
        new PeerMessage.HaveAll(),
        new PeerMessage.SuggestPiece(suggested),
        new PeerMessage.Unchoke());
    assertThat(world.said(link, PeerMessage.Request.class).getFirst().index()).isEqualTo(suggested);
  }

  private static LoneSwarm leecherPastRandomFirstPieces() {
    var have = new PieceSet(PIECES);
    for (int i = 0; i < 10; i++) {
      have.add(i);
    }
    return new LoneSwarm(GEOMETRY, have, SwarmSettings.DEFAULT, 1);
  }

  @Test
  void whoSuggestsEverythingIsAskedForFewPiecesOutOfTurn() {
    var suggestions = new Suggestions(PIECES);
    for (int piece = 0; piece < PIECES; piece++) {
      suggestions.add(piece);
      suggestions.add(piece);
    }
    var open = suggestions.open();
    assertThat(open).isNotNull();
    assertThat(open.size()).isEqualTo(Suggestions.SUGGESTIONS_MAX);
    assertThat(open.contains(PIECES - 1)).isTrue();
  }

  @Test
  void aSuggestionOfAPieceThatDoesNotExistOrWithoutFastEndsTheLink() {
    var world = leecherPastRandomFirstPieces();
    int fast = world.link(LoneSwarm.FAST);
    world.says(fast, new PeerMessage.SuggestPiece(PIECES));
    assertThat(world.closed(fast)).isEqualTo(CloseReason.BAD_INDEX);
    int plain = world.link(LoneSwarm.PLAIN);
    world.says(plain, new PeerMessage.SuggestPiece(1));
    assertThat(world.closed(plain)).isEqualTo(CloseReason.FAST_NOT_NEGOTIATED);
  }
}

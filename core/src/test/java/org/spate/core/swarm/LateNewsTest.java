package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.PeerMessage;

/** Who hears at once of a piece that is ours now, and who with the next message. */
class LateNewsTest {
  private static final int BLOCK = 16384;
  private static final int PIECES = 40;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(PIECES * BLOCK, BLOCK);
  private static final PeerMessage INTERESTED = new PeerMessage.Interested();

  private final LoneSwarm world = LoneSwarm.leecher(GEOMETRY);
  private final int source = link(PIECES);
  private final int lacking = link(0, INTERESTED);
  private final int having = link(PIECES, INTERESTED);
  private final int seeming = link(PIECES); // a seed, perhaps

  private int fetched;

  private int link(int pieces, PeerMessage... more) {
    int link = world.link(LoneSwarm.FAST);
    var has = new PieceSet(PIECES);
    for (int piece = 0; piece < pieces; piece++) {
      has.add(piece);
    }
    world.says(link, new PeerMessage.Bitfield(has.toBitfield()));
    world.says(link, more);
    return link;
  }

  private List<Integer> heard(int link) {
    return world.said(link, PeerMessage.Have.class).stream().map(PeerMessage.Have::index).toList();
  }

  /** The next pieces that are asked for come; returns all that have come so far. */
  private List<Integer> fetch(int pieces) {
    world.says(source, new PeerMessage.Unchoke());
    for (int end = fetched + pieces; fetched < end; fetched++) {
      int piece = requests().get(fetched);
      world.says(source, world.piece(piece, 0, BLOCK));
      world.give(new SwarmInput.PieceVerified(piece, true, null));
    }
    return requests().subList(0, fetched);
  }

  private List<Integer> requests() {
    return world.said(source, PeerMessage.Request.class).stream()
        .map(PeerMessage.Request::index)
        .toList();
  }

  @Test
  void whoLacksThePieceOrWantsNothingHearsAtOnce() {
    var pieces = fetch(2);
    assertThat(heard(lacking)).isEqualTo(pieces);
    assertThat(heard(seeming)).isEqualTo(pieces);
    assertThat(heard(source)).isEqualTo(pieces);
    assertThat(heard(having)).isEmpty();
  }

  @Test
  void whoHasItHearsWithTheNextMessage() {
    var pieces = fetch(2);
    world.says(having, new PeerMessage.Request(30, 0, BLOCK)); // which is rejected
    assertThat(heard(having)).containsExactlyInAnyOrderElementsOf(pieces);
    assertThat(world.said(having).getLast()).isInstanceOf(PeerMessage.Have.class);
  }

  @Test
  void orAfterTenSeconds() {
    var pieces = fetch(1);
    world.passSeconds(Choker.RECHOKE_NANOS / 1e9);
    assertThat(heard(having)).isEqualTo(pieces);
  }

  @Test
  void orWhenThereAreMany() {
    fetch(LateNews.PIECES_MAX - 1);
    assertThat(heard(having)).isEmpty();
    fetch(1);
    assertThat(heard(having)).hasSize(LateNews.PIECES_MAX).doesNotHaveDuplicates();
  }

  @Test
  void orWhenWeHaveEverything() {
    fetch(PIECES);
    assertThat(heard(having)).hasSize(PIECES).doesNotHaveDuplicates();
  }
}

package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.PeerMessage;

/** Peers first, web seeds for what they cannot deliver in time. */
class WebSeedsTest {
  private static final int WEB = 77;
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;
  private static final int PIECE = 4 * BLOCK;
  private static final int PIECES = 8;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain((long) PIECES * PIECE, PIECE);
  private static final String URL = "http://cdn.example/f";

  private final LoneSwarm swarm = LoneSwarm.leecher(GEOMETRY);

  private void openWebSeed() {
    swarm.expect(WEB);
    swarm.give(new SwarmInput.WebSeedOpened(WEB, URL));
  }

  private List<PeerMessage.Request> requests(int link) {
    return swarm.said(link).stream()
        .filter(PeerMessage.Request.class::isInstance)
        .map(PeerMessage.Request.class::cast)
        .toList();
  }

  private void answerAll(int link) {
    var requests = requests(link);
    swarm.said(link).clear();
    for (var request : requests) {
      swarm.says(link, swarm.piece(request.index(), request.begin(), request.length()));
    }
  }

  @Test
  void with_no_peers_the_server_is_asked_for_everything_after_their_head_start() {
    openWebSeed();
    swarm.passSeconds(1);
    assertThat(requests(WEB)).isEmpty();
    swarm.passSeconds(3);
    assertThat(requests(WEB)).hasSize(PIECES * 4);
  }

  @Test
  void peers_that_are_quick_enough_leave_it_nothing_but_what_they_lack() {
    openWebSeed();
    int peer = swarm.link(LoneSwarm.FAST);
    var has = new PieceSet(PIECES);
    for (int piece = 0; piece < PIECES - 1; piece++) {
      has.add(piece);
    }
    swarm.says(peer, new PeerMessage.Bitfield(has.toBitfield()), new PeerMessage.Unchoke());
    for (int round = 0; round < 4; round++) {
      answerAll(peer);
      var complete = List.copyOf(swarm.verifications);
      swarm.verifications.clear();
      complete.forEach(
          piece -> swarm.give(new SwarmInput.PieceVerified(piece.index(), true, null)));
    }

    swarm.passSeconds(4);

    assertThat(requests(WEB)).isNotEmpty().allMatch(request -> request.index() == PIECES - 1);
  }

  @Test
  void peers_that_send_nothing_are_not_waited_for() {
    openWebSeed();
    int peer = swarm.link(LoneSwarm.FAST);
    swarm.says(peer, new PeerMessage.HaveAll());
    swarm.passSeconds(4);
    assertThat(requests(WEB)).hasSize(PIECES * 4);
  }

  @Test
  void wrong_content_bans_the_server_and_no_peer() {
    openWebSeed();
    int peer = swarm.link(LoneSwarm.FAST);
    swarm.says(peer, new PeerMessage.HaveAll());
    swarm.passSeconds(4);
    int piece = requests(WEB).getFirst().index();
    answerAll(WEB);
    swarm.give(new SwarmInput.PieceVerified(piece, false, new long[4]));

    assertThat(swarm.closed(WEB)).isEqualTo(CloseReason.SENT_BAD_DATA);
    assertThat(swarm.closed(peer)).isNull();
    assertThat(swarm.told)
        .contains(new SwarmEvent.WebSeedBanned(URL, piece))
        .noneMatch(SwarmEvent.PeerBanned.class::isInstance);

    swarm.give(new SwarmInput.WebSeedOpened(WEB + 1, URL));
    assertThat(swarm.closed(WEB + 1)).isEqualTo(CloseReason.BANNED);
  }

  @Test
  void a_failure_frees_what_was_asked_and_the_server_is_left_alone_as_long_as_it_says() {
    openWebSeed();
    swarm.passSeconds(4);
    swarm.said(WEB).clear();
    swarm.give(new SwarmInput.WebSeedFailed(WEB, "status 503", 30));
    int peer = swarm.link(LoneSwarm.FAST);
    swarm.says(peer, new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
    assertThat(requests(peer)).isNotEmpty();
    swarm.passSeconds(28);
    assertThat(requests(WEB)).isEmpty();
    swarm.passSeconds(25);
    assertThat(requests(WEB)).isNotEmpty();
  }

  @Test
  void each_failure_in_a_row_doubles_the_wait_up_to_a_bound() {
    var source = new WebSource(URL);
    long second = LoneSwarm.SECOND;
    assertThat(source.onFailure(-1, 0)).isEqualTo(5 * second);
    assertThat(source.onFailure(-1, 0)).isEqualTo(10 * second);
    for (int i = 0; i < 20; i++) {
      source.onFailure(-1, 0);
    }
    assertThat(source.onFailure(-1, 0)).isEqualTo(600 * second);
    assertThat(source.onFailure(Integer.MAX_VALUE, 0)).isEqualTo(3_600 * second);
    source.onBlock();
    assertThat(source.onFailure(-1, 0)).isEqualTo(5 * second);
  }

  @Test
  void a_pause_closes_it() {
    openWebSeed();
    swarm.give(new SwarmInput.Pause());
    assertThat(swarm.closed(WEB)).isEqualTo(CloseReason.PAUSED);
  }
}

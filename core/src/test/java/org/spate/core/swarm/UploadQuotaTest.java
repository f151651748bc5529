package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.PeerMessage;

/** Leechers that download for ever (threat 30). */
class UploadQuotaTest {
  private static final int PIECES = 4;
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(PIECES * BLOCK, BLOCK);
  private static final Endpoint GREEDY = Endpoint.v4(0x0A000001, 1000);

  private static LoneSwarm seed(long upPerAddress) {
    var settings = LoneSwarm.withoutSuperSeeding().withUploadPerAddress(upPerAddress);
    return new LoneSwarm(GEOMETRY, PieceSet.all(PIECES), settings, 1);
  }

  private static int link(LoneSwarm lone, Endpoint remote) {
    int link = lone.link(remote, true, LoneSwarm.FAST, lone.anyId());
    lone.says(link, new PeerMessage.HaveNone(), new PeerMessage.Interested());
    lone.passSeconds(1);
    return link;
  }

  /** Asks for the whole torrent; returns how many blocks came. */
  private static int copy(LoneSwarm lone, int link) {
    int before = lone.said(link, PeerMessage.Piece.class).size();
    int gone = before;
    for (int piece = 0; piece < PIECES; piece++) {
      lone.says(link, new PeerMessage.Request(piece, 0, BLOCK));
      lone.readAll();
      int sent = lone.said(link, PeerMessage.Piece.class).size();
      lone.give(new SwarmInput.PayloadSent(link, (sent - gone) * BLOCK));
      gone = sent;
    }
    return lone.said(link, PeerMessage.Piece.class).size() - before;
  }

  @Test
  void who_takes_three_copies_where_two_are_the_limit_is_choked() {
    var lone = seed(2L * PIECES * BLOCK);
    int link = link(lone, GREEDY);
    assertThat(copy(lone, link)).isEqualTo(PIECES);
    assertThat(copy(lone, link)).isEqualTo(PIECES);
    assertThat(copy(lone, link)).isZero();
    assertThat(lone.said(link, PeerMessage.RejectRequest.class)).hasSize(PIECES);
    lone.passSeconds(40); // a whole turn of the optimistic slot
    assertThat(lone.status(link).amChoking()).isTrue();
    assertThat(lone.closed(link)).isNull();
  }

  @Test
  void a_new_link_from_another_port_is_the_same_leecher_and_another_address_is_not() {
    var lone = seed((long) PIECES * BLOCK);
    int first = link(lone, GREEDY);
    copy(lone, first);
    lone.give(new SwarmInput.LinkClosed(first, CloseReason.REMOTE));
    int again = link(lone, GREEDY.withPort(2000));
    assertThat(copy(lone, again)).isZero();
    assertThat(lone.said(again, PeerMessage.Unchoke.class)).isEmpty();
    int other = link(lone, Endpoint.v4(0x0A000002, 1000));
    assertThat(copy(lone, other)).isEqualTo(PIECES);
  }

  @Test
  void without_a_limit_nobody_is_refused() {
    var lone = seed(0);
    int link = link(lone, GREEDY);
    for (int i = 0; i < 5; i++) {
      assertThat(copy(lone, link)).isEqualTo(PIECES);
    }
  }

  @Test
  void when_there_are_too_many_addresses_the_one_served_longest_ago_is_forgotten() {
    var quota = new UploadQuota();
    quota.limit(2);
    for (int i = 0; i < UploadQuota.ADDRESSES_MAX; i++) {
      quota.onSent(Endpoint.v4(i, 1), 2);
    }
    quota.onSent(Endpoint.v4(0, 1), 1);
    quota.onSent(Endpoint.v4(-1, 1), 1);
    assertThat(quota.isSpent(Endpoint.v4(0, 9))).isTrue();
    assertThat(quota.isSpent(Endpoint.v4(1, 9))).isFalse();
    assertThat(quota.isSpent(Endpoint.v4(2, 9))).isTrue();
  }
}

package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.PeerMessage;

/** A flood of incoming links keeps nobody out who is of use (threat 29). */
class StrangersTest {
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(40 * 65536, 65536);
  private static final int LINKS_MAX = SwarmSettings.DEFAULT.linksMax();

  private final LoneSwarm leecher = LoneSwarm.leecher(GEOMETRY);
  private final LoneSwarm seed = LoneSwarm.seed(GEOMETRY);

  private static List<Integer> flood(LoneSwarm world) {
    var links = new ArrayList<Integer>();
    for (int i = 0; i < LINKS_MAX; i++) {
      links.add(world.link(LoneSwarm.FAST));
    }
    return links;
  }

  private static Endpoint[] peers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Endpoint.v4(0x0B000000 + i, 6881))
        .toArray(Endpoint[]::new);
  }

  @Test
  void whoHasBeenOfNoUseLongestMakesRoomForWhoComes() {
    var flood = flood(leecher);
    int early = leecher.link(LoneSwarm.FAST);
    assertThat(leecher.closed(early)).isEqualTo(CloseReason.TOO_MANY_LINKS); // all may be of use
    leecher.passSeconds(6);
    int late = leecher.link(LoneSwarm.FAST);
    assertThat(leecher.closed(late)).isNull();
    assertThat(leecher.closed(flood.getFirst())).isEqualTo(CloseReason.REPLACED);
    assertThat(leecher.closed(flood.get(1))).isNull();
    assertThat(leecher.swarm.status(leecher.now()).peers()).hasSize(LINKS_MAX);
  }

  @Test
  void whoHasWhatWeWantOrWantsWhatWeHaveStays() {
    var haves = flood(leecher);
    haves.forEach(link -> leecher.says(link, new PeerMessage.HaveAll()));
    leecher.passSeconds(6);
    int late = leecher.link(LoneSwarm.FAST);
    assertThat(leecher.closed(late)).isEqualTo(CloseReason.TOO_MANY_LINKS);

    var wanting = flood(seed);
    wanting.forEach(
        link -> seed.says(link, new PeerMessage.HaveNone(), new PeerMessage.Interested()));
    seed.passSeconds(6);
    late = seed.link(LoneSwarm.FAST);
    assertThat(seed.closed(late)).isEqualTo(CloseReason.TOO_MANY_LINKS);
  }

  @Test
  void strangersDoNotKeepALeecherFromDiallingAndMakeRoomForWhomItDials() {
    var flood = flood(leecher);
    flood.forEach(
        link -> leecher.says(link, new PeerMessage.HaveNone(), new PeerMessage.Interested()));
    leecher.passSeconds(6);
    leecher.give(new SwarmInput.PeersFound(PeerSource.TRACKER, List.of(peers(10))));
    assertThat(leecher.dialled).hasSize(10);

    for (var remote : List.copyOf(leecher.dialled)) {
      int link = leecher.link(remote, false, LoneSwarm.FAST, leecher.anyId());
      assertThat(leecher.closed(link)).isNull();
    }
    assertThat(flood.stream().filter(l -> leecher.closed(l) == CloseReason.REPLACED)).hasSize(10);
    assertThat(leecher.swarm.status(leecher.now()).peers()).hasSize(LINKS_MAX);
  }

  @Test
  void aThousandConnectionsLaterAnHonestPeerIsStillThereAndServed() {
    int honest = seed.link(LoneSwarm.FAST);
    seed.says(honest, new PeerMessage.HaveNone(), new PeerMessage.Interested());
    for (int i = 0; i < 1000; i++) {
      seed.link(LoneSwarm.FAST);
      if (i % 20 == 0) {
        seed.passSeconds(1);
        seed.says(honest, new PeerMessage.KeepAlive());
      }
    }
    assertThat(seed.closed(honest)).isNull();
    assertThat(seed.said(honest)).contains(new PeerMessage.Unchoke());
    assertThat(seed.swarm.status(seed.now()).peers()).hasSizeLessThanOrEqualTo(LINKS_MAX);
  }
}

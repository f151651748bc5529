package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.PeerMessage;

/** How real swarms treat each other, over perfect links in virtual time. */
class SwarmTest {
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(40 * 65536 + 5000, 65536);

  private final TestNetwork network = new TestNetwork(GEOMETRY, 1);

  @Test
  void aLeecherGetsTheWholeFileFromASeed() {
    var seed = network.seed("seed");
    var leecher = network.leecher("leecher");
    leecher.knows(seed);

    network.runSeconds(30);

    assertThat(leecher.swarm.pieces().isFull()).isTrue();
    assertThat(leecher.told).contains(new SwarmEvent.Finished(true));
  }

  @Test
  void theOnlySeedOffersEveryPieceOnceBeforeItOffersAnyTwice() {
    var seed = network.seed("seed");
    var leechers = leechers(8, seed);

    network.runSeconds(120);

    assertThat(leechers).allMatch(TestNetwork.Node::isDone);
    var offers = new ArrayList<Integer>();
    for (var message : seed.sent) {
      if (message instanceof PeerMessage.Have(int index)) {
        offers.add(index);
      }
    }
    assertThat(offers.subList(0, GEOMETRY.pieceCount())).doesNotHaveDuplicates();
  }

  @Test
  void swarmsOfManySeedsAllComplete() {
    for (int s = 0; s < 20; s++) {
      var random = new SplittableRandom(s);
      var net =
          new TestNetwork(
              PieceGeometry.plain(1 + random.nextInt(3_000_000), 16384 << random.nextInt(4)), s);
      var nodes = new ArrayList<TestNetwork.Node>();
      for (int i = 0; i < 2 + random.nextInt(10); i++) {
        nodes.add(i == 0 ? net.seed("seed") : net.leecher("leecher" + i));
      }
      nodes.forEach(node -> node.knows(nodes.toArray(TestNetwork.Node[]::new)));

      net.runSeconds(200);

      assertThat(nodes).as("seed %d", s).allMatch(TestNetwork.Node::isDone);
      for (var node : nodes) {
        assertThat(node.told).as("seed %d", s).noneMatch(SwarmEvent.PeerBanned.class::isInstance);
        assertThat(node.told)
            .as("seed %d", s)
            .noneMatch(e -> e instanceof SwarmEvent.PeerGone gone && gone.reason().isViolation());
      }
    }
  }

  @Test
  void aPoisonerIsBannedAndNobodyElse() {
    var seed = network.seed("seed");
    var poisoner = network.seed("poisoner");
    var random = new SplittableRandom(7);
    poisoner.tamper =
        message ->
            message instanceof PeerMessage.Piece(int index, int begin, var block)
                    && random.nextInt(4) == 0
                ? new PeerMessage.Piece(index, begin, TestBlock.forged(block.length()))
                : message;
    var leecher = network.leecher("leecher");
    leecher.knows(seed, poisoner);

    network.runSeconds(120);

    assertThat(leecher.isDone()).isTrue();
    assertThat(leecher.told)
        .filteredOn(SwarmEvent.PeerBanned.class::isInstance)
        .extracting(e -> ((SwarmEvent.PeerBanned) e).remote())
        .containsExactly(poisoner.endpoint);
  }

  @Test
  void twoPeersThatDialEachOtherAtOnceKeepOneLink() {
    var a = network.leecher("a");
    var b = network.leecher("b");
    a.knows(b);
    b.knows(a);

    network.runSeconds(2);

    assertThat(a.swarm.status(network.now()).peers()).hasSize(1);
    assertThat(b.swarm.status(network.now()).peers()).hasSize(1);
  }

  @Test
  void aFailedDiskPausesTheTorrentWhichGoesOnByItself() {
    var seed = network.seed("seed");
    var leecher = network.leecher("leecher");
    leecher.knows(seed);
    network.runUntil(60 * TestNetwork.MILLIS);
    leecher.give(new SwarmInput.StorageFailed("disk full: a.bin"));

    assertThat(leecher.swarm.status(network.now()).problem()).isEqualTo("disk full: a.bin");
    assertThat(leecher.swarm.status(network.now()).peers()).isEmpty();

    network.runSeconds(120);
    assertThat(leecher.isDone()).isTrue();
  }

  @Test
  void onlyWantedPiecesAreFetched() {
    var seed = network.seed("seed");
    var leecher = network.leecher("leecher");
    var priorities = new byte[GEOMETRY.pieceCount()];
    priorities[3] = 1;
    priorities[40] = 1;
    leecher.give(new SwarmInput.PrioritiesChanged(priorities));
    leecher.knows(seed);

    network.runSeconds(30);

    assertThat(leecher.swarm.pieces().size()).isEqualTo(2);
    assertThat(leecher.told).contains(new SwarmEvent.Finished(false));
  }

  @Test
  void aDeadAddressIsTriedLessAndLess() {
    var leecher = network.leecher("leecher");
    leecher.give(new SwarmInput.PeersFound(PeerSource.USER, List.of(Endpoint.v4(0x0A0A0A0A, 1))));

    network.runSeconds(3600);

    assertThat(leecher.swarm.status(network.now()).knownPeers()).isEqualTo(1);
  }

  private List<TestNetwork.Node> leechers(int count, TestNetwork.Node seed) {
    var leechers = new ArrayList<TestNetwork.Node>();
    for (int i = 0; i < count; i++) {
      leechers.add(network.leecher("leecher" + i));
    }
    for (var leecher : leechers) {
      leecher.knows(leechers.toArray(TestNetwork.Node[]::new));
      leecher.knows(seed);
    }
    return leechers;
  }
}

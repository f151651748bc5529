package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.PeerMessage;

/** Swarms with malicious members (threats 21, 22, 24, 29): the others get the file all the same. */
class MalicePeersTest {
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(40 * 65536 + 5000, 65536);

  private final TestNetwork network = new TestNetwork(GEOMETRY, 1);

  /** Claims everything, unchokes, and answers requests as the test says, or not at all. */
  private TestNetwork.Stranger pretender() {
    var stranger = network.stranger();
    stranger.meets =
        link -> stranger.says(link, new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
    return stranger;
  }

  @Test
  void aPeerThatClaimsAllAndSendsNothingDelaysNobodyForLong() {
    var staller = pretender();
    var leecher = network.leecher("leecher");
    leecher.knows(staller);
    network.runSeconds(15);
    var seed = network.seed("seed");
    leecher.knows(seed);

    network.runSeconds(60);

    assertThat(leecher.isDone()).isTrue();
    assertThat(bannedBy(leecher)).isEmpty();
  }

  @Test
  void aPeerThatSendsNothingForAMinuteIsSnubbedAndAskedForOneBlockOnly() {
    var staller = pretender();
    var requests = new ArrayList<PeerMessage>();
    staller.hears =
        (_, message) -> {
          if (message instanceof PeerMessage.Request) {
            requests.add(message);
          }
        };
    var leecher = network.leecher("leecher");
    leecher.knows(staller);

    network.runSeconds(70);
    assertThat(leecher.swarm.status(network.now()).peers().getFirst().snubbed()).isTrue();

    requests.clear();
    network.runSeconds(50);
    assertThat(requests).hasSizeBetween(1, 3); // one, again at each time-out
  }

  @Test
  void aPeerThatSendsABlockNowAndThenDelaysNobodyForLong() {
    var trickler = pretender();
    var wishes = new ArrayDeque<PeerMessage.Request>();
    trickler.hears =
        (link, message) -> {
          if (message instanceof PeerMessage.Request request) {
            wishes.add(request);
            if (wishes.size() == 1) {
              trickle(trickler, link, wishes);
            }
          }
        };
    var leecher = network.leecher("leecher");
    leecher.knows(trickler);
    network.runSeconds(30);
    var seed = network.seed("seed");
    leecher.knows(seed);

    network.runSeconds(120);

    assertThat(leecher.isDone()).isTrue();
  }

  private void trickle(
      TestNetwork.Stranger trickler, int link, ArrayDeque<PeerMessage.Request> wishes) {
    trickler.later(
        19 * TestNetwork.SECOND,
        () -> {
          var wish = wishes.poll();
          if (wish != null) {
            trickler.says(
                link,
                new PeerMessage.Piece(
                    wish.index(), wish.begin(), network.blocks.block(wish.length(), false)));
            trickle(trickler, link, wishes);
          }
        });
  }

  @Test
  void aPeerThatWithholdsOneBlockOfEachPieceKeepsNoPieceForEver() {
    var withholder = pretender();
    withholder.hears =
        (link, message) -> {
          if (message instanceof PeerMessage.Request(int index, int begin, int length)
              && begin != 0) {
            withholder.says(
                link, new PeerMessage.Piece(index, begin, network.blocks.block(length, false)));
          }
        };
    var leecher = network.leecher("leecher");
    leecher.knows(withholder);
    network.runSeconds(10);
    assertThat(leecher.isDone()).isFalse();
    var seed = network.seed("seed");
    leecher.knows(seed);

    network.runSeconds(120);

    assertThat(leecher.isDone()).isTrue();
  }

  @Test
  void aPeerThatRejectsEverythingDelaysNobody() {
    var rejecter = pretender();
    rejecter.hears =
        (link, message) -> {
          if (message instanceof PeerMessage.Request(int index, int begin, int length)) {
            rejecter.says(link, new PeerMessage.RejectRequest(index, begin, length));
          }
        };
    var leecher = network.leecher("leecher");
    var seed = network.seed("seed");
    leecher.knows(rejecter, seed);

    network.runSeconds(30);

    assertThat(leecher.isDone()).isTrue();
  }

  @Test
  void aPeerThatRejectsForAWhileIsAskedAgain() {
    var shy = pretender();
    shy.hears =
        (link, message) -> {
          if (message instanceof PeerMessage.Request(int index, int begin, int length)) {
            shy.says(
                link,
                network.now() < 5 * TestNetwork.SECOND
                    ? new PeerMessage.RejectRequest(index, begin, length)
                    : new PeerMessage.Piece(index, begin, network.blocks.block(length, false)));
          }
        };
    var leecher = network.leecher("leecher");
    leecher.knows(shy);

    network.runSeconds(30);

    assertThat(leecher.isDone()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void poisonersAreBannedByProofAndNobodyElseIs(int leecherCount) {
    for (long s = 0; s < 25; s++) {
      var net = new TestNetwork(PieceGeometry.plain(30 * 65536, 65536), s);
      var dice = new SplittableRandom(s);
      var poisoner = net.seed("poisoner");
      poisoner.tamper = dice.nextBoolean() ? poison(1) : poisonBlock(dice.nextInt(4));
      var honest = new ArrayList<TestNetwork.Node>();
      honest.add(net.seed("seed"));
      for (int i = 0; i < leecherCount; i++) {
        honest.add(net.leecher("leecher" + i));
      }
      for (var node : honest) {
        node.knows(honest.toArray(TestNetwork.Node[]::new));
        node.knows(poisoner);
      }

      net.runSeconds(300);

      assertThat(honest).as("seed %d", s).allMatch(TestNetwork.Node::isDone);
      var banned = new HashSet<Endpoint>();
      honest.forEach(node -> banned.addAll(bannedBy(node)));
      assertThat(banned).as("seed %d", s).containsExactly(poisoner.endpoint);
    }
  }

  private static UnaryOperator<PeerMessage> poison(int oneIn) {
    var dice = new SplittableRandom(oneIn);
    return message ->
        message instanceof PeerMessage.Piece(int index, int begin, var block)
                && dice.nextInt(oneIn) == 0
            ? new PeerMessage.Piece(index, begin, TestBlock.forged(block.length()))
            : message;
  }

  /** One wrong block in each piece. */
  private static UnaryOperator<PeerMessage> poisonBlock(int number) {
    return message ->
        message instanceof PeerMessage.Piece(int index, int begin, var block)
                && begin == number * PieceGeometry.BLOCK_LENGTH
            ? new PeerMessage.Piece(index, begin, TestBlock.forged(block.length()))
            : message;
  }

  @Test
  void linksBeyondTheMaximumAreRefused() {
    var settings = LoneSwarm.withoutSuperSeeding();
    var world = LoneSwarm.seed(GEOMETRY);
    var links = new ArrayList<Integer>();
    for (int i = 0; i < settings.linksMax() + 50; i++) {
      links.add(world.link(LoneSwarm.FAST));
    }
    assertThat(world.swarm.status(world.now()).peers()).hasSize(settings.linksMax());
    for (int link : links.subList(settings.linksMax(), links.size())) {
      assertThat(world.closed(link)).isEqualTo(CloseReason.TOO_MANY_LINKS);
      assertThat(world.said(link)).isEmpty();
    }
  }

  @Test
  void noBlockIsLeakedOrGivenBackTwiceWhateverHappens() {
    for (long s = 0; s < 30; s++) {
      var dice = new SplittableRandom(s);
      var net = new TestNetwork(PieceGeometry.plain(1 + dice.nextInt(3_000_000), 32768), s);
      var nodes = new ArrayList<TestNetwork.Node>();
      for (int i = 0; i < 3 + dice.nextInt(6); i++) {
        nodes.add(i == 0 ? net.seed("seed") : net.leecher("leecher" + i));
      }
      nodes.getLast().tamper = poison(3);
      nodes.forEach(node -> node.knows(nodes.toArray(TestNetwork.Node[]::new)));
      for (int i = 0; i < 200; i++) {
        net.runUntil(net.now() + dice.nextLong(200 * TestNetwork.MILLIS));
        disturb(nodes.get(dice.nextInt(nodes.size())), dice);
      }
      net.runSeconds(120);
      net.quiesce();

      assertThat(net.blocks.count()).as("seed %d", s).isPositive();
      assertThat(net.blocks.leaked()).as("seed %d", s).isZero();
    }
  }

  private static void disturb(TestNetwork.Node node, SplittableRandom dice) {
    var links = List.copyOf(node.others.keySet());
    switch (dice.nextInt(5)) {
      case 0 -> {
        node.give(new SwarmInput.Pause());
        node.give(new SwarmInput.Resume());
      }
      case 1 -> node.give(new SwarmInput.StorageFailed("gone for a moment"));
      case 2 -> {
        if (!links.isEmpty()) {
          int link = links.get(dice.nextInt(links.size()));
          node.hangUp(link);
          node.give(new SwarmInput.LinkClosed(link, CloseReason.REMOTE));
        }
      }
      default -> node.give(new SwarmInput.Resume());
    }
  }

  private static List<Endpoint> bannedBy(TestNetwork.Node node) {
    return node.told.stream()
        .filter(SwarmEvent.PeerBanned.class::isInstance)
        .map(event -> ((SwarmEvent.PeerBanned) event).remote())
        .toList();
  }
}

package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.PeerMessage;

/** Which links there are: whom a swarm dials, lets in and lets go. */
class ConnectorTest {
  private static final PieceGeometry GEOMETRY = PieceGeometry.plain(40 * 65536 + 5000, 65536);
  private static final Endpoint THERE = Endpoint.v4(0x0A090909, 6881);

  private final LoneSwarm world = LoneSwarm.leecher(GEOMETRY);

  private void finds(Endpoint... peers) {
    world.give(new SwarmInput.PeersFound(PeerSource.TRACKER, List.of(peers)));
  }

  private static Endpoint[] peers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Endpoint.v4(0x0B000000 + i, 6881))
        .toArray(Endpoint[]::new);
  }

  /** An id on one side of ours. */
  private PeerId id(boolean greater) {
    while (true) {
      var id = world.anyId();
      if (id.value().compareTo(world.self().value()) > 0 == greater) {
        return id;
      }
    }
  }

  private int dialledLink(Endpoint remote, PeerId id) {
    return world.link(remote, false, LoneSwarm.FAST, id);
  }

  private int incomingLink(Endpoint remote, PeerId id) {
    return world.link(remote, true, LoneSwarm.FAST, id);
  }

  @Test
  void onlySoManyAreDialledAtOnceAndTheNextWhenOneHasFailed() {
    finds(peers(100));
    int most = SwarmSettings.DEFAULT.dialsMax();
    assertThat(world.dialled).hasSize(most);
    world.give(new SwarmInput.DialFailed(world.dialled.getFirst()));
    assertThat(world.dialled).hasSize(most + 1).doesNotHaveDuplicates();
  }

  @Test
  void dialsDoNotDriftWhateverBecomesOfThem() {
    var dice = new SplittableRandom(3);
    finds(peers(1500));
    int open = 0;
    int mostOpen = 0;
    int answered = 0;
    for (int i = 0; i < 3000; i++) {
      if (answered < world.dialled.size()) {
        var remote = world.dialled.get(answered++);
        switch (dice.nextInt(4)) {
          case 0 -> world.give(new SwarmInput.DialFailed(remote));
          case 1 -> dialledLink(remote, world.self()); // refused
          default -> {
            int link = dialledLink(remote, world.anyId());
            if (dice.nextBoolean()) {
              world.give(new SwarmInput.LinkClosed(link, CloseReason.REMOTE));
            } else {
              mostOpen = Math.max(mostOpen, ++open);
            }
          }
        }
      }
      if (dice.nextInt(100) == 0) {
        world.give(new SwarmInput.Pause());
        open = 0;
        world.give(new SwarmInput.Resume());
      }
      int pending = world.dialled.size() - answered;
      assertThat(pending).isLessThanOrEqualTo(SwarmSettings.DEFAULT.dialsMax());
      assertThat(world.swarm.status(world.now()).peers()).hasSize(open);
    }
    assertThat(mostOpen).isGreaterThan(10);
  }

  @Test
  void noMoreAreDialledThanWanted() {
    var settings = SwarmSettings.DEFAULT;
    finds(peers(200));
    for (int i = 0; i < world.dialled.size(); i++) {
      dialledLink(world.dialled.get(i), world.anyId());
    }
    assertThat(world.dialled).hasSize(settings.linksWanted());
  }

  @Test
  void aLinkThatTheHostFoundFaultWithIsToldAsThatAndItsAddressRests() {
    finds(THERE);
    int link = dialledLink(THERE, world.anyId());
    world.give(new SwarmInput.LinkClosed(link, CloseReason.MESSAGE_TOO_LONG));
    assertThat(world.told)
        .contains(new SwarmEvent.PeerGone(link, THERE, CloseReason.MESSAGE_TOO_LONG));
    world.passSeconds(1790);
    assertThat(world.dialled).containsExactly(THERE);
  }

  @Test
  void whoWasBannedBeforeIsRefusedAndStaysBanned() {
    world.give(new SwarmInput.PeersBanned(List.of(THERE)));
    finds(THERE);
    assertThat(world.dialled).isEmpty();
    assertThat(world.closed(incomingLink(THERE, world.anyId()))).isEqualTo(CloseReason.BANNED);
    assertThat(world.swarm.banned()).containsExactly(THERE);
  }

  @Test
  void aLinkToOurselvesIsRefused() {
    finds(THERE);
    int link = dialledLink(THERE, world.self());
    assertThat(world.closed(link)).isEqualTo(CloseReason.SELF);
    world.passSeconds(7200);
    assertThat(world.dialled).containsExactly(THERE);
  }

  @Test
  void ofTwoLinksThatCrossTheOneDialledByTheGreaterIdStays() {
    for (boolean theyAreGreater : new boolean[] {true, false}) {
      for (boolean ourDialIsFirst : new boolean[] {true, false}) {
        var id = id(theyAreGreater);
        var there =
            Endpoint.v4(0x0C000000 + (theyAreGreater ? 1 : 0) + (ourDialIsFirst ? 2 : 0), 1);
        int[] links = new int[2]; // ours, theirs
        if (ourDialIsFirst) {
          links[0] = dialledLink(there, id);
          links[1] = incomingLink(there.withPort(50000), id);
        } else {
          links[1] = incomingLink(there.withPort(50000), id);
          links[0] = dialledLink(there, id);
        }
        int winner = theyAreGreater ? links[1] : links[0];
        int loser = theyAreGreater ? links[0] : links[1];
        assertThat(world.closed(winner)).isNull();
        assertThat(world.closed(loser)).isEqualTo(CloseReason.DUPLICATE);
      }
    }
  }

  @Test
  void twoLinksOfOneDirectionLeaveTheFirst() {
    var id = id(true);
    int first = incomingLink(THERE.withPort(50000), id);
    int second = incomingLink(THERE.withPort(50001), id);
    assertThat(world.closed(first)).isNull();
    assertThat(world.closed(second)).isEqualTo(CloseReason.DUPLICATE);
  }

  @Test
  void aStrangerThatClaimsTheIdOfANeighbourDoesNotTakeItsPlace() {
    var id = id(true);
    int honest = dialledLink(THERE, id);
    int stranger = incomingLink(Endpoint.v4(0x0D0D0D0D, 50000), id);
    assertThat(world.closed(honest)).isNull();
    assertThat(world.closed(stranger)).isEqualTo(CloseReason.DUPLICATE);
  }

  @Test
  void whoeverIsConnectedIsNotDialledAgainAndAgain() {
    for (boolean theyAreGreater : new boolean[] {true, false}) {
      var lone = LoneSwarm.leecher(GEOMETRY);
      var id = lone.anyId();
      int incoming = lone.link(THERE.withPort(50000), true, LoneSwarm.FAST, id);
      lone.says(incoming, new PeerMessage.HaveNone());
      lone.give(new SwarmInput.PeersFound(PeerSource.TRACKER, List.of(THERE)));
      int answered = 0;
      for (int minute = 0; minute < 60; minute++) {
        lone.passSeconds(60);
        lone.says(incoming, new PeerMessage.KeepAlive());
        while (answered < lone.dialled.size()) {
          lone.link(lone.dialled.get(answered++), false, LoneSwarm.FAST, id);
        }
      }
      assertThat(lone.dialled).as("greater: %s", theyAreGreater).hasSize(1);
    }
  }

  @Test
  void theListeningPortThatAPeerTellsSparesTheDial() {
    finds(peers(100)); // so that its address waits for its turn
    world.passSeconds(0.1);
    finds(THERE);
    int incoming = incomingLink(THERE.withPort(50000), world.anyId());
    var told = new Extensions(Map.of(), "x", THERE.port(), 0, false, 0, false, null);
    world.says(incoming, new PeerMessage.ExtensionHandshake(told));
    failAllDials();
    assertThat(world.dialled).hasSize(100).doesNotContain(THERE);

    world.give(new SwarmInput.LinkClosed(incoming, CloseReason.REMOTE));
    world.passSeconds(10);
    failAllDials();
    assertThat(world.dialled).contains(THERE);
  }

  private int failed;

  private void failAllDials() {
    while (failed < world.dialled.size()) {
      world.give(new SwarmInput.DialFailed(world.dialled.get(failed++)));
    }
  }

  @Test
  void threeThatDialEachOtherAtOnceKeepOneLinkEach() {
    for (long seed = 0; seed < 50; seed++) {
      var network = new TestNetwork(GEOMETRY, seed);
      var nodes = new ArrayList<TestNetwork.Node>();
      for (int i = 0; i < 3; i++) {
        nodes.add(network.leecher("n" + i));
      }
      nodes.forEach(node -> node.knows(nodes.toArray(TestNetwork.Node[]::new)));

      network.runSeconds(3);

      for (var node : nodes) {
        var peers = node.swarm.status(network.now()).peers();
        assertThat(peers).as("seed %d", seed).hasSize(2);
        assertThat(peers.stream().map(p -> p.remote().host()).distinct()).hasSize(2);
      }
    }
  }

  @Test
  void aSilentLinkGetsKeepAlivesAndEndsAfterTwoMinutes() {
    int link = world.link(LoneSwarm.FAST);
    world.passSeconds(119);
    assertThat(world.said(link)).contains(new PeerMessage.KeepAlive());
    assertThat(world.closed(link)).isNull();
    world.passSeconds(25);
    assertThat(world.closed(link)).isEqualTo(CloseReason.IDLE);
  }

  @Test
  void aLinkThatTakesNothingOfWhatItRequestedEndsAfterTwoMinutes() {
    var seed = LoneSwarm.seed(GEOMETRY);
    int stuck = seed.link(LoneSwarm.FAST);
    int slow = seed.link(LoneSwarm.FAST);
    for (int link : new int[] {stuck, slow}) {
      seed.says(
          link,
          new PeerMessage.HaveNone(),
          new PeerMessage.Interested(),
          new PeerMessage.Request(0, 0, 16384));
    }
    seed.readAll();
    for (int second = 0; second < 140; second++) {
      seed.says(stuck, new PeerMessage.KeepAlive());
      seed.says(slow, new PeerMessage.KeepAlive());
      if (second % 60 == 0) {
        seed.give(new SwarmInput.PayloadSent(slow, 100));
      }
      seed.passSeconds(1);
    }
    assertThat(seed.closed(stuck)).isEqualTo(CloseReason.IDLE);
    assertThat(seed.closed(slow)).isNull();
  }

  @Test
  void aKeepAliveEveryTwoMinutesKeepsALink() {
    int link = world.link(LoneSwarm.FAST);
    for (int i = 0; i < 60; i++) {
      world.passSeconds(120);
      world.says(link, new PeerMessage.KeepAlive());
    }
    assertThat(world.closed(link)).isNull();
  }

  @Test
  void twoSeedsHaveNothingForEachOther() {
    var seed = LoneSwarm.seed(GEOMETRY);
    int other = seed.link(LoneSwarm.FAST);
    int leecher = seed.link(LoneSwarm.FAST);
    int uploadOnly = seed.link(LoneSwarm.FAST);
    seed.says(other, new PeerMessage.HaveAll());
    seed.says(leecher, new PeerMessage.HaveNone());
    seed.says(uploadOnly, new PeerMessage.HaveNone(), new PeerMessage.UploadOnly(true));
    seed.passSeconds(10);
    assertThat(seed.closed(other)).isEqualTo(CloseReason.USELESS);
    assertThat(seed.closed(uploadOnly)).isEqualTo(CloseReason.USELESS);
    assertThat(seed.closed(leecher)).isNull();
  }

  @Test
  void neighboursHearWhenWeWillDownloadNoMore() {
    var theirs = new Extensions(Map.of("upload_only", 9), "x", 0, 0, false, 0, false, null);
    int told = world.link(LoneSwarm.FAST);
    int other = world.link(LoneSwarm.FAST);
    world.says(told, new PeerMessage.HaveNone(), new PeerMessage.ExtensionHandshake(theirs));
    world.says(other, new PeerMessage.HaveNone());

    world.give(new SwarmInput.PrioritiesChanged(new byte[GEOMETRY.pieceCount()]));
    assertThat(world.said(told)).endsWith(new PeerMessage.UploadOnly(true));
    var later = world.link(LoneSwarm.FAST);
    assertThat(world.said(later, PeerMessage.ExtensionHandshake.class).getFirst().extensions())
        .matches(Extensions::uploadOnly);

    var all = new byte[GEOMETRY.pieceCount()];
    Arrays.fill(all, FilePriority.NORMAL);
    world.give(new SwarmInput.PrioritiesChanged(all));
    assertThat(world.said(told)).endsWith(new PeerMessage.UploadOnly(false));
    assertThat(world.said(other, PeerMessage.UploadOnly.class)).isEmpty();
  }

  @Test
  void discoveryIsAskedWhenThereAreFewAndNotMoreThanTwiceAMinute() {
    assertThat(world.wantPeers).isEqualTo(1);
    world.passSeconds(120);
    assertThat(world.wantPeers).isBetween(4, 5);
  }

  @Test
  void aPausedSwarmClosesItsLinksAndRefusesNewOnesWithoutAWord() {
    int link = world.link(LoneSwarm.FAST);
    world.says(link, new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
    int saidBefore = world.said(link).size();
    world.give(new SwarmInput.Pause());
    assertThat(world.closed(link)).isEqualTo(CloseReason.PAUSED);
    assertThat(world.said(link)).hasSize(saidBefore);
    int late = world.link(LoneSwarm.FAST);
    assertThat(world.closed(late)).isEqualTo(CloseReason.PAUSED);
    assertThat(world.swarm.deadlineNanos()).isEqualTo(Swarm.NEVER);
  }
}

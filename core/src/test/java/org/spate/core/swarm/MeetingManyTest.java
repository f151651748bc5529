package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.PieceGeometry;

/**
 * A swarm that hears of 2,000 addresses, of which 60 % are dead and mostly silent, finds its
 * neighbours soon, and without more half-open dials than it may have.
 */
class MeetingManyTest {
  private static final long MILLI = 1_000_000L;
  private static final int ADDRESSES = 2_000;
  private static final int WANTED = 50;
  private static final int HALF_OPEN_MAX = 50; // as in the engine; the bound to keep is 100

  /** What the dial of an address comes to. */
  private enum Fate {
    /** Nobody answers until time is up. */
    SILENT,
    REFUSES,
    /** Has no place for us. */
    FULL,
    GOOD
  }

  private record Outcome(long whenNanos, Endpoint remote, Fate fate) {}

  private final PriorityQueue<Outcome> coming =
      new PriorityQueue<>(Comparator.comparingLong(Outcome::whenNanos));
  private LoneSwarm world;
  private RandomGenerator dice;
  private int dialsSeen;

  private static SwarmSettings settings() {
    var d = SwarmSettings.DEFAULT;
    return new SwarmSettings(
        d.linksMax(),
        WANTED,
        HALF_OPEN_MAX,
        d.uploadSlots(),
        d.uploadLimit(),
        d.sequential(),
        d.superSeeding(),
        d.isPrivate(),
        d.leecherPolicy(),
        d.seedPolicy(),
        d.randomFirstPieces(),
        d.requestSlackNanos(),
        d.wholePieces(),
        d.listenPort(),
        d.peerExchange(),
        d.holepunch(),
        d.uploadPerAddress(),
        d.plain());
  }

  private static Fate fate(Endpoint remote) {
    int part = Math.floorMod((remote.v4Address() * 0x9E3779B9) >>> 8, 100);
    return part < 50 ? Fate.SILENT : part < 60 ? Fate.REFUSES : part < 68 ? Fate.FULL : Fate.GOOD;
  }

  private void hearOfAll() {
    for (int i = 0; i < ADDRESSES; i += 100) {
      var some = new ArrayList<Endpoint>();
      for (int j = i; j < i + 100; j++) {
        some.add(Endpoint.v4(0x2D000000 + j, 6881));
      }
      var source =
          switch (i / 100 % 4) {
            case 0, 1 -> PeerSource.TRACKER;
            case 2 -> PeerSource.DHT;
            default -> PeerSource.PEX;
          };
      world.give(new SwarmInput.PeersFound(source, some));
    }
  }

  /** Time passes up to the next thing that happens. */
  private void step() {
    while (dialsSeen < world.dialled.size()) {
      var remote = world.dialled.get(dialsSeen++);
      var fate = fate(remote);
      long after = fate == Fate.SILENT ? 10_000 * MILLI : dice.nextLong(50 * MILLI, 600 * MILLI);
      coming.add(new Outcome(world.now() + after, remote, fate));
    }
    assertThat(coming.size()).isLessThanOrEqualTo(HALF_OPEN_MAX);
    var next = coming.peek();
    double wait = next == null ? 0.1 : Math.min(0.1, (next.whenNanos - world.now()) / 1e9);
    world.passSeconds(Math.max(0, wait));
    while (!coming.isEmpty() && coming.peek().whenNanos - world.now() <= 0) {
      end(coming.remove());
    }
  }

  private void end(Outcome outcome) {
    if (outcome.fate == Fate.SILENT || outcome.fate == Fate.REFUSES) {
      world.give(new SwarmInput.DialFailed(outcome.remote));
      return;
    }
    int link = world.link(outcome.remote, false, LoneSwarm.FAST, world.anyId());
    if (outcome.fate == Fate.FULL) {
      world.give(new SwarmInput.LinkClosed(link, CloseReason.REMOTE));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void fiftyNeighboursAreThereInTime(long seed) {
    var geometry = PieceGeometry.plain(1 << 20, 1 << 16);
    world = new LoneSwarm(geometry, new PieceSet(geometry.pieceCount()), settings(), seed);
    dice = new SplittableRandom(seed);
    hearOfAll();
    long begin = world.now();
    while (neighbours().size() < WANTED) {
      step();
      assertThat((world.now() - begin) / MILLI)
          .as("ms with %d neighbours, seed %d", neighbours().size(), seed)
          .isLessThan(30_000);
    }
  }

  private List<SwarmStatus.PeerStatus> neighbours() {
    return world.swarm.status(world.now()).peers();
  }
}

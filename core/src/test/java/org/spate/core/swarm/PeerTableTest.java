package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.Endpoint;
import org.spate.core.Machine;

/** Whom to dial next, whom to leave alone for a while, whom never to talk to again. */
class PeerTableTest {
  private static final long SECOND = 1_000_000_000L;

  private final PeerTable table = new PeerTable(new SplittableRandom(1));

  private static Endpoint peer(int number) {
    return Endpoint.v4(0x0A000000 + number, 6881);
  }

  private void add(int number) {
    table.add(peer(number), PeerSource.TRACKER, 0);
  }

  /** Everyone who is due, in order. */
  private List<Endpoint> due(long nowNanos) {
    var due = new ArrayList<Endpoint>();
    for (var next = table.next(nowNanos); next != null; next = table.next(nowNanos)) {
      due.add(next);
    }
    return due;
  }

  @Test
  void eachAddressIsGivenOnce() {
    add(1);
    add(2);
    add(1);
    assertThat(due(0)).containsExactlyInAnyOrder(peer(1), peer(2));
    add(1);
    assertThat(table.next(1000 * SECOND)).isNull();
    assertThat(table.nextNanos()).isEqualTo(Machine.NEVER);
  }

  @Test
  void thoseOfOneListComeInRandomOrder() {
    for (int i = 0; i < 100; i++) {
      add(i);
    }
    var order = due(0);
    assertThat(order).hasSize(100).doesNotHaveDuplicates();
    assertThat(order.stream().map(Endpoint::low).toList())
        .isNotEqualTo(order.stream().map(Endpoint::low).sorted().toList());
  }

  @Test
  void thoseOfTheUserComeFirstEvenWhenTheyComeLast() {
    for (int i = 0; i < 100; i++) {
      add(i);
    }
    table.add(peer(500), PeerSource.USER, 50 * SECOND);
    assertThat(table.next(50 * SECOND)).isEqualTo(peer(500));
  }

  @Test
  void aDeadAddressIsTriedEverMoreSeldomAndGivenUpAfterEightDials() {
    add(1);
    long now = 0;
    for (int wait : new int[] {5, 15, 60, 300, 900, 1800, 3600}) {
      assertThat(table.next(now)).isEqualTo(peer(1));
      table.onDialFailed(peer(1), now);
      assertThat(table.nextNanos() - now)
          .isBetween(wait * SECOND, wait * SECOND + wait * SECOND / 4);
      assertThat(table.next(table.nextNanos() - 1)).isNull();
      now = table.nextNanos();
    }
    assertThat(table.next(now)).isEqualTo(peer(1));
    table.onDialFailed(peer(1), now);
    assertThat(table.size()).isZero();
  }

  @ParameterizedTest(name = "{0}, of use: {1} -> again after {2} s")
  @CsvSource({
    "REMOTE,         true,  30",
    "IDLE,           true,  30",
    "REMOTE,         false, 5",
    "TOO_MANY_LINKS, false, 5",
    "USELESS,        true,  600",
    "DUPLICATE,      false, 600",
    "BAD_REQUEST,    true,  1800",
    "MESSAGE_FLOOD,  false, 1800",
    "PAUSED,         true,  0"
  })
  void howLongAnAddressRestsDependsOnWhyItsLinkEnded(
      CloseReason reason, boolean wasOfUse, long seconds) {
    add(1);
    table.next(0);
    table.onClosed(peer(1), reason, wasOfUse, 0);
    assertThat(table.nextNanos())
        .isBetween(seconds * SECOND, seconds * SECOND + seconds * SECOND / 4);
  }

  @Test
  void aPeerThatHangsUpAtOnceIsGivenUpLikeADeadOne() {
    add(1);
    int dials = 0;
    for (long now = 0; table.size() > 0 && dials < 100; now = table.nextNanos()) {
      table.next(now);
      dials++;
      table.onClosed(peer(1), CloseReason.REMOTE, false, now);
    }
    assertThat(dials).isEqualTo(8);
  }

  @Test
  void ourselvesAreNeverDialledAgain() {
    add(1);
    table.next(0);
    table.onClosed(peer(1), CloseReason.SELF, false, 0);
    add(1);
    assertThat(table.next(100_000 * SECOND)).isNull();
  }

  @ParameterizedTest(name = "{0}:{1}")
  @CsvSource({
    "0, 6881", // 0.0.0.0
    "0x00010203, 6881",
    "0xE0000001, 6881", // multicast
    "0xFFFFFFFF, 6881",
    "0x0A000001, 0"
  })
  void whatCannotBeAPeerIsNotKept(String address, int port) {
    table.add(Endpoint.v4(Long.decode(address).intValue(), port), PeerSource.PEX, 0);
    assertThat(table.size()).isZero();
  }

  @Test
  void multicastAndNowhereOfIpv6AreNotKept() {
    table.add(new Endpoint(0xFF02L << 48, 1, 6881), PeerSource.PEX, 0);
    table.add(new Endpoint(0, 0, 6881), PeerSource.PEX, 0);
    assertThat(table.size()).isZero();
  }

  @Test
  void itIsBoundedButTheUserMayAlwaysAdd() {
    for (int i = 0; i < PeerTable.CANDIDATES_MAX + 1000; i++) {
      add(i);
    }
    assertThat(table.size()).isEqualTo(PeerTable.CANDIDATES_MAX);
    table.add(peer(1 << 20), PeerSource.USER, 0);
    assertThat(table.next(0)).isEqualTo(peer(1 << 20));
  }

  @Test
  void whenItIsFullDeadAddressesMakeRoomForNewOnes() {
    for (int i = 0; i < PeerTable.CANDIDATES_MAX; i++) {
      add(i);
    }
    var dead = table.next(0);
    table.onDialFailed(dead, 0);
    add(1 << 20);

    assertThat(table.size()).isEqualTo(PeerTable.CANDIDATES_MAX);
    assertThat(due(SECOND)).contains(peer(1 << 20)).doesNotContain(dead);
  }

  @Test
  void aBannedPeerIsNeitherDialledNorKnownAnew() {
    add(1);
    table.ban(peer(1));
    table.add(peer(1), PeerSource.USER, 0);
    assertThat(table.isBanned(peer(1))).isTrue();
    assertThat(table.isBanned(peer(1).withPort(7000))).isFalse();
    assertThat(table.next(SECOND)).isNull();
    table.onClosed(peer(1), CloseReason.SENT_BAD_DATA, true, SECOND);
    assertThat(table.next(10_000 * SECOND)).isNull();
  }

  @Test
  void anAddressIsBannedAfterThreeOfItsPeers() {
    for (int port = 1; port <= 3; port++) {
      assertThat(table.isBanned(peer(1).withPort(9999))).isFalse();
      table.ban(peer(1).withPort(port));
      table.ban(peer(1).withPort(port)); // twice is once
    }
    assertThat(table.isBanned(peer(1).withPort(9999))).isTrue();
    assertThat(table.isBanned(peer(2))).isFalse();
  }

  @Test
  void aPeerThatConnectsByItselfIsNotDialled() {
    add(1);
    assertThat(table.onConnected(peer(1))).isTrue();
    assertThat(table.onConnected(peer(1))).isFalse();
    assertThat(table.next(0)).isNull();
    table.onClosed(peer(1), CloseReason.REMOTE, true, 0);
    assertThat(table.next(60 * SECOND)).isEqualTo(peer(1));
  }
}

package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;

/** Who is banned, and for how long that is remembered. */
class BansTest {
  private final Bans bans = new Bans();

  private static Endpoint peer(int number) {
    return Endpoint.v4(0x0A000000 + number, 6881);
  }

  @Test
  void theyAreBoundedAndTheOldestIsForgotten() {
    for (int i = 0; i < 2 * Bans.BANS_MAX; i++) {
      bans.add(peer(i));
    }
    assertThat(bans.all())
        .hasSize(Bans.BANS_MAX)
        .startsWith(peer(Bans.BANS_MAX))
        .endsWith(peer(2 * Bans.BANS_MAX - 1));
    assertThat(bans.contains(peer(0))).isFalse();
    assertThat(bans.contains(peer(Bans.BANS_MAX))).isTrue();
  }

  @Test
  void anAddressIsForgivenWithTheOldestOfItsPeers() {
    for (int port = 1; port <= Bans.PER_ADDRESS_MAX; port++) {
      bans.add(peer(0).withPort(port));
    }
    assertThat(bans.contains(peer(0).withPort(9999))).isTrue();
    for (int i = 1; i <= Bans.BANS_MAX - Bans.PER_ADDRESS_MAX; i++) {
      bans.add(peer(i));
    }
    assertThat(bans.contains(peer(0).withPort(9999))).isTrue();
    bans.add(peer(Bans.BANS_MAX));
    assertThat(bans.contains(peer(0).withPort(9999))).isFalse();
    assertThat(bans.contains(peer(0).withPort(2))).isTrue();
  }

  @Test
  void whoIsBannedTwiceCountsOnce() {
    for (int i = 0; i < 10; i++) {
      bans.add(peer(0));
    }
    assertThat(bans.contains(peer(0).withPort(7000))).isFalse();
    assertThat(bans.all()).containsExactly(peer(0));
  }
}

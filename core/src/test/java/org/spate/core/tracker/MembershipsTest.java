package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spate.core.Hash160;

/** The swarms that one connection is in. */
class MembershipsTest {
  private static final Hash160 ONE = new Hash160(1, 1, 1);
  private static final Hash160 TWO = new Hash160(2, 2, 2);
  private static final Hash160 THREE = new Hash160(3, 3, 3);

  private final Memberships<String> memberships = new Memberships<>("peer", 2);

  @Test
  void one_swarm_too_many_is_refused() {
    var first = memberships.announced(ONE, 0);
    memberships.announced(TWO, 0);
    assertThat(memberships.announced(THREE, 0)).isNull();
    assertThat(memberships.announced(ONE, 1)).isSameAs(first);
    assertThat(memberships.remove(TWO)).isNotNull();
    assertThat(memberships.remove(TWO)).isNull();
    assertThat(memberships.announced(THREE, 0)).isNotNull();
  }

  @Test
  void those_that_are_announced_no_more_expire() {
    memberships.announced(ONE, 0);
    memberships.announced(TWO, 10);
    memberships.announced(ONE, 20);
    assertThat(memberships.expire(15, 25)).isEmpty();
    assertThat(memberships.expire(15, 26)).extracting(Membership::infoHash).containsExactly(TWO);
    assertThat(memberships.isEmpty()).isFalse();
    assertThat(memberships.removeAll()).extracting(Membership::infoHash).containsExactly(ONE);
    assertThat(memberships.isEmpty()).isTrue();
  }
}

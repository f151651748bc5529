package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

/** Which answers are handed on. */
class PendingOffersTest {
  private static final Hash160 SWARM = new Hash160(1, 1, 1);
  private static final Hash160 OFFER = new Hash160(2, 2, 2);
  private static final PeerId ALICE = new PeerId(new Hash160(3, 3, 3));
  private static final PeerId BOB = new PeerId(new Hash160(4, 4, 4));

  private final PendingOffers<String> pending = new PendingOffers<>(2, 60);

  @Test
  void an_offer_is_answered_once() {
    assertThat(pending.add(SWARM, ALICE, OFFER, "alice", 0)).isTrue();
    assertThat(pending.take(SWARM, ALICE, OFFER, 1)).isEqualTo("alice");
    assertThat(pending.take(SWARM, ALICE, OFFER, 1)).isNull();
  }

  @Test
  void what_was_not_offered_cannot_be_answered() {
    pending.add(SWARM, ALICE, OFFER, "alice", 0);
    assertThat(pending.take(SWARM, BOB, OFFER, 0)).isNull();
    assertThat(pending.take(SWARM, ALICE, SWARM, 0)).isNull();
    assertThat(pending.take(OFFER, ALICE, OFFER, 0)).isNull();
  }

  @Test
  void offers_of_two_peers_may_have_the_same_id() {
    pending.add(SWARM, ALICE, OFFER, "alice", 0);
    pending.add(SWARM, BOB, OFFER, "bob", 0);
    assertThat(pending.take(SWARM, BOB, OFFER, 0)).isEqualTo("bob");
    assertThat(pending.take(SWARM, ALICE, OFFER, 0)).isEqualTo("alice");
  }

  @Test
  void who_leaves_too_many_unanswered_gets_no_more_until_they_are_old() {
    pending.add(SWARM, ALICE, OFFER, "alice", 0);
    pending.add(SWARM, BOB, OFFER, "bob", 30);
    assertThat(pending.add(SWARM, ALICE, SWARM, "alice", 60)).isFalse();
    assertThat(pending.add(SWARM, ALICE, SWARM, "alice", 61)).isTrue();
    assertThat(pending.take(SWARM, ALICE, OFFER, 61)).isNull();
    assertThat(pending.take(SWARM, BOB, OFFER, 61)).isEqualTo("bob");
  }

  @Test
  void an_answer_that_nobody_waits_for_any_more_is_not_handed_on() {
    pending.add(SWARM, ALICE, OFFER, "alice", 0);
    assertThat(pending.take(SWARM, ALICE, OFFER, 61)).isNull();
  }
}

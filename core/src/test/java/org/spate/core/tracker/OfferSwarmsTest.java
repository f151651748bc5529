package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.SwarmCounts;

/** Whom an offer goes to; peers are reached by their names here. */
class OfferSwarmsTest {
  private static final Hash160 SWARM = new Hash160(1, 2, 3);
  private static final boolean SEED = true;
  private static final boolean LEECHER = false;

  private final OfferSwarms<String> swarms = new OfferSwarms<>(1_000, new SplittableRandom(1));

  private static PeerId id(String name) {
    return new PeerId(new Hash160(name.hashCode(), name.length(), 0));
  }

  private Membership<String> join(String name, boolean isSeed) {
    var member = new Membership<>(name, SWARM);
    assertThat(swarms.list(member, id(name), isSeed, false)).isTrue();
    return member;
  }

  @Test
  void all_others_are_chosen_while_they_are_few() {
    var first = join("first", LEECHER);
    assertThat(swarms.choose(first, 5)).isEmpty();
    join("second", LEECHER);
    join("seed", SEED);
    assertThat(swarms.choose(first, 5)).containsExactlyInAnyOrder("second", "seed");
    assertThat(swarms.choose(first, 1)).hasSize(1);
    assertThat(swarms.choose(first, 0)).isEmpty();
  }

  @Test
  void seeds_are_not_led_to_seeds() {
    var seed = join("seed", SEED);
    join("other seed", SEED);
    join("leecher", LEECHER);
    assertThat(swarms.choose(seed, 5)).containsExactly("leecher");
  }

  @Test
  void a_peer_that_calls_itself_the_same_is_not_chosen() {
    var asker = join("asker", LEECHER);
    var again = new Membership<>("asker again", SWARM);
    assertThat(swarms.list(again, id("asker"), LEECHER, false)).isTrue();
    assertThat(swarms.choose(asker, 5)).isEmpty();
    assertThat(swarms.counts(SWARM)).isEqualTo(new SwarmCounts(0, 0, 2));
  }

  @Test
  void each_is_as_likely_as_any_other_and_none_comes_twice() {
    var asker = join("asker", LEECHER);
    for (int i = 0; i < 20; i++) {
      join("peer " + i, i % 4 == 0 ? SEED : LEECHER);
    }
    var times = new HashMap<String, Integer>();
    int rounds = 20_000;
    for (int round = 0; round < rounds; round++) {
      var chosen = swarms.choose(asker, 5);
      assertThat(chosen).hasSize(5).doesNotHaveDuplicates().doesNotContain("asker");
      chosen.forEach(name -> times.merge(name, 1, Integer::sum));
    }
    assertThat(times).hasSize(20);
    assertThat(times.values()).allSatisfy(n -> assertThat(n).isBetween(4_700, 5_300));
  }

  @Test
  void who_completes_becomes_a_seed_and_is_counted() {
    var peer = join("peer", LEECHER);
    assertThat(swarms.list(peer, id("peer"), SEED, true)).isTrue();
    assertThat(swarms.counts(SWARM)).isEqualTo(new SwarmCounts(1, 1, 0));
  }

  @Test
  void a_swarm_goes_with_its_last_peer() {
    var peer = join("peer", LEECHER);
    assertThat(swarms.numbers(7)).isEqualTo(new WebSocketNumbers(7, 1, 0, 1));
    assertThat(swarms.leave(peer)).isTrue();
    assertThat(swarms.leave(peer)).isFalse();
    assertThat(swarms.numbers(0)).isEqualTo(WebSocketNumbers.NONE);
    assertThat(swarms.counts(SWARM)).isEqualTo(SwarmCounts.NONE);
  }

  @Test
  void beyond_the_bound_nobody_is_listed_and_who_is_stays() {
    var small = new OfferSwarms<String>(2, new SplittableRandom(1));
    var first = new Membership<>("first", SWARM);
    assertThat(small.list(first, id("first"), LEECHER, false)).isTrue();
    var second = new Membership<>("second", SWARM);
    assertThat(small.list(second, id("second"), LEECHER, false)).isTrue();
    var third = new Membership<>("third", new Hash160(9, 9, 9));
    assertThat(small.list(third, id("third"), LEECHER, false)).isFalse();
    assertThat(small.list(first, id("first"), SEED, true)).isTrue();
    assertThat(small.leave(second)).isTrue();
    assertThat(small.list(third, id("third"), LEECHER, false)).isTrue();
    assertThat(small.numbers(0).torrents()).isEqualTo(2);
  }

  /** What the swarms must be like after any history, kept in the plainest way. */
  private static final class Model {
    final Map<String, Boolean> isSeedOf = new LinkedHashMap<>();

    List<String> mayBeChosenBy(String asker) {
      boolean isSeed = isSeedOf.get(asker);
      return isSeedOf.keySet().stream()
          .filter(name -> !name.equals(asker) && !(isSeed && isSeedOf.get(name)))
          .toList();
    }
  }

  @Test
  void after_any_history_everybody_who_may_be_chosen_is_when_all_are_wanted() {
    for (long seed = 0; seed < 200; seed++) {
      var dice = new SplittableRandom(seed);
      var tried = new OfferSwarms<String>(1_000, dice.split());
      var model = new Model();
      var members = new ArrayList<Membership<String>>();
      for (int i = 0; i < 12; i++) {
        members.add(new Membership<>("peer " + i, SWARM));
      }
      for (int step = 0; step < 60; step++) {
        var member = members.get(dice.nextInt(members.size()));
        boolean isSeed = dice.nextBoolean();
        if (dice.nextInt(3) == 0) {
          assertThat(tried.leave(member))
              .as("seed %d", seed)
              .isEqualTo(model.isSeedOf.remove(member.peer) != null);
        } else {
          tried.list(member, id(member.peer), isSeed, false);
          model.isSeedOf.put(member.peer, isSeed);
          assertThat(tried.choose(member, 100))
              .as("seed %d", seed)
              .containsExactlyInAnyOrderElementsOf(model.mayBeChosenBy(member.peer));
        }
        int seeds = (int) model.isSeedOf.values().stream().filter(s -> s).count();
        int leechers = model.isSeedOf.size() - seeds;
        var counts = Objects.requireNonNull(tried.counts(SWARM));
        assertThat(counts).as("seed %d", seed).isEqualTo(new SwarmCounts(seeds, 0, leechers));
      }
    }
  }
}

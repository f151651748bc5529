package org.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** The routing table of BEP 5, and what keeps strangers from filling it (threat 37). */
class RoutingTableTest {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final SplittableRandom random = new SplittableRandom(11);
  private final Hash160 ownId = NodeIds.random(random);
  private final RoutingTable table = new RoutingTable(ownId, 0);
  private int hosts;

  /** A node of another network each time, whose id its address may have. */
  private NodeInfo node() {
    var endpoint = Endpoint.v4(0x0B000001 + (hosts++ << 8), 6_881);
    return new NodeInfo(NodeIds.boundTo(endpoint, random), endpoint);
  }

  /** One that shares so many bits with us; its id does not fit its address. */
  private NodeInfo unbound(int prefixBits) {
    var endpoint = Endpoint.v4(0x0B000001 + (hosts++ << 8), 6_881);
    return new NodeInfo(NodeIds.sharing(ownId, prefixBits, random), endpoint);
  }

  @Test
  void far_buckets_hold_eight_and_near_ones_are_split() {
    var nodes = new ArrayList<NodeInfo>();
    for (int i = 0; i < 4_000; i++) {
      var node = node();
      nodes.add(node);
      table.replied(node, 0);
    }
    assertThat(table.bucketCount()).isBetween(8, 12);
    assertThat(table.count()).isBetween(8 * 8, 8 * 12);
    assertThat(table.spareCount()).isBetween(6 * 8, 8 * 12);
    var nearest = new ArrayList<>(nodes);
    nearest.sort((a, b) -> NodeIds.compareDistance(ownId, a.id(), b.id()));
    assertThat(table.closest(ownId, 8)).isEqualTo(nearest.subList(0, 8));
  }

  @Test
  void the_closest_come_closest_first() {
    for (int i = 0; i < 500; i++) {
      table.replied(node(), 0);
    }
    for (int i = 0; i < 50; i++) {
      var target = NodeIds.random(random);
      Comparator<NodeInfo> order = (a, b) -> NodeIds.compareDistance(target, a.id(), b.id());
      var all = table.contacts().stream().map(c -> c.node).sorted(order).toList();
      assertThat(table.closest(target, 8)).isEqualTo(all.subList(0, 8));
      assertThat(table.closest(target, 1_000)).isEqualTo(all);
    }
  }

  @Test
  void a_spare_takes_the_place_of_who_fails_twice() {
    var first = new ArrayList<NodeInfo>();
    for (int i = 0; i < 9; i++) {
      first.add(unbound(0));
      table.replied(first.get(i), 0);
    }
    for (int i = 0; i < 9; i++) {
      table.replied(unbound(1), 0); // makes the table split, so that the first bucket is closed
    }
    assertThat(ids()).doesNotContain(first.get(8).id());
    table.failed(first.get(3).endpoint(), 0);
    assertThat(ids()).contains(first.get(3).id());
    table.failed(first.get(3).endpoint(), 0);
    assertThat(ids()).doesNotContain(first.get(3).id()).contains(first.get(8).id());
  }

  private List<Hash160> ids() {
    return table.contacts().stream().map(Contact::id).toList();
  }

  @Test
  void who_does_not_fail_stays_and_newcomers_wait() {
    var old = new ArrayList<NodeInfo>();
    for (int i = 0; i < 8; i++) {
      old.add(unbound(0));
      table.replied(old.get(i), 0);
    }
    for (int i = 0; i < 100; i++) {
      table.replied(unbound(1 + i % 2), 0);
      table.replied(unbound(0), 0);
    }
    assertThat(ids()).containsAll(old.stream().map(NodeInfo::id).toList());
  }

  @Test
  void an_id_that_fits_its_address_is_worth_more_than_one_that_does_not() {
    for (int i = 0; i < 200; i++) {
      table.replied(unbound(i % 3), 0);
    }
    for (int i = 0; i < 400; i++) {
      table.replied(node(), 0);
    }
    long unbound = table.contacts().stream().filter(c -> !c.isBound).count();
    assertThat(unbound).isZero();
  }

  @Test
  void silent_contacts_are_questionable_after_a_quarter_of_an_hour_the_longest_first() {
    var one = node();
    var two = node();
    table.replied(one, 0);
    table.replied(two, MINUTE_NANOS);
    assertThat(table.questionable(14 * MINUTE_NANOS)).isNull();
    assertThat(table.questionable(17 * MINUTE_NANOS).node).isEqualTo(one);
    table.asked(one, 16 * MINUTE_NANOS);
    assertThat(table.questionable(17 * MINUTE_NANOS).node).isEqualTo(two);
  }

  @Test
  void a_bucket_where_nothing_happens_is_refreshed_once_a_quarter_of_an_hour() {
    table.replied(node(), 0);
    assertThat(table.staleTarget(random, 14 * MINUTE_NANOS)).isNull();
    assertThat(table.staleTarget(random, 15 * MINUTE_NANOS)).isNotNull();
    assertThat(table.staleTarget(random, 16 * MINUTE_NANOS)).isNull();
  }

  // Threat 37

  @Test
  void a_thousand_nodes_at_one_address_are_one() {
    var target = NodeIds.sharing(ownId, 20, random);
    for (int i = 0; i < 1_000; i++) {
      var id = NodeIds.sharing(target, 30, random);
      var node = new NodeInfo(id, Endpoint.v4(0x08080808, 1_024 + i));
      if (i == 0 || table.wants(node)) {
        table.replied(node, 0);
      }
    }
    for (int i = 0; i < 1_000; i++) { // even if they got so far as to answer us
      var id = NodeIds.sharing(target, 30, random);
      table.replied(new NodeInfo(id, Endpoint.v4(0x08080808, 1_024 + i)), 0);
    }
    assertThat(table.count() + table.spareCount()).isEqualTo(1);
  }

  @Test
  void a_network_is_in_a_bucket_once() {
    for (int i = 0; i < 256; i++) {
      table.replied(new NodeInfo(NodeIds.random(random), Endpoint.v4(0x08080800 + i, 6_881)), 0);
    }
    for (int i = 0; i < 256; i++) {
      var v6 = new Endpoint(0x2001_0db8_0000_0001L, i, 6_881);
      table.replied(new NodeInfo(NodeIds.random(random), v6), 0);
    }
    assertThat(table.count() + table.spareCount()).isEqualTo(2);
  }

  @Test
  void machines_of_a_local_network_share_what_they_have_to() {
    for (int i = 0; i < 8; i++) {
      table.replied(new NodeInfo(NodeIds.random(random), Endpoint.v4(0x7F000001, 6_881 + i)), 0);
    }
    assertThat(table.count()).isEqualTo(8);
  }

  @Test
  void our_own_id_is_nobody() {
    table.replied(new NodeInfo(ownId, Endpoint.v4(0x08080808, 6_881)), 0);
    assertThat(table.count()).isZero();
    assertThat(table.wants(new NodeInfo(ownId, Endpoint.v4(0x08080808, 6_881)))).isFalse();
  }

  @Test
  void who_changes_its_id_loses_its_old_place() {
    var endpoint = Endpoint.v4(0x08080808, 6_881);
    var before = new NodeInfo(NodeIds.random(random), endpoint);
    var after = new NodeInfo(NodeIds.random(random), endpoint);
    table.replied(before, 0);
    table.replied(after, 0);
    assertThat(ids()).containsExactly(after.id());
  }
}

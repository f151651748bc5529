package org.spate.core.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;

/** What the machine as a whole does, among forty others. */
class DhtTest {
  private static final Hash160 INFO_HASH = new Hash160(0x1234567890abcdefL, 2, 3);
  private static final long TICKET = 42;
  private static final byte[] NO_SALT = new byte[0];

  private final DhtWorld world = new DhtWorld(5, 0);
  private final List<DhtOutput> outputs = new ArrayList<>();
  private DhtWorld.Host router;

  @BeforeEach
  void fortyJoin() {
    router = world.join(List.of());
    for (int i = 0; i < 39; i++) {
      world.run(DhtWorld.SECOND_NANOS);
      world.join(List.of(router.endpoint));
    }
    world.run(3 * DhtWorld.MINUTE_NANOS);
  }

  private DhtWorld.Host host(int index) {
    return world.hosts.get(index);
  }

  /** Tells a host something and gathers what it says within so many seconds. */
  private <T extends DhtOutput> List<T> after(
      DhtWorld.Host host, DhtInput input, int seconds, Class<T> kind) {
    outputs.clear();
    host.listener = outputs::add;
    host.accept(input);
    world.run(seconds * DhtWorld.SECOND_NANOS);
    return outputs.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private DhtOutput.Ended endOf(DhtWorld.Host host, DhtInput input) {
    return after(host, input, 30, DhtOutput.Ended.class).getFirst();
  }

  // Joining

  @Test
  void everybody_knows_enough_others_and_has_an_id_that_fits_its_address() {
    for (var host : world.hosts) {
      assertThat(host.node().table().count()).isGreaterThan(15);
      assertThat(NodeIds.isBoundTo(host.node().id(), host.endpoint)).isTrue();
      assertThat(host.node().externalAddress()).isEqualTo(host.endpoint.withPort(0));
    }
  }

  @Test
  void a_few_liars_do_not_change_what_we_think_our_address_is() {
    var votes = new AddressVotes();
    var truth = Endpoint.v4(0x08080808, 0);
    var lie = Endpoint.v4(0x09090909, 0);
    assertThat(votes.vote(Endpoint.v4(0x0B000001, 1), lie)).isFalse();
    boolean isFound = false;
    for (int i = 0; i < 8; i++) {
      isFound |= votes.vote(Endpoint.v4(0x0C000001 + (i << 8), 1), truth);
      votes.vote(Endpoint.v4(0x0B000001 + i, 1), lie); // of one network: one voice
    }
    assertThat(isFound).isTrue();
    assertThat(votes.winner()).isEqualTo(truth);
    for (int i = 0; i < 30; i++) {
      votes.vote(Endpoint.v4(0x0D000001 + (i << 8), 1), lie); // we did move
    }
    assertThat(votes.winner()).isEqualTo(lie);
  }

  @Test
  void what_one_run_saves_the_next_one_begins_with() {
    var before = host(7);
    var state = DhtState.parse(before.dht.state().bytes());
    assertThat(state.nodes().getFirst().id()).isEqualTo(before.node().id());
    before.leave();
    router.leave(); // nobody needs it any more
    var after = world.add(before.endpoint, new DhtSettings(DhtSettings.ReadOnly.NEVER), state);
    world.run(10 * DhtWorld.SECOND_NANOS);
    assertThat(after.node().id()).isEqualTo(before.node().id());
    assertThat(after.node().upkeep().isReady()).isTrue();
  }

  @Test
  void a_state_that_was_cut_or_changed_is_read_as_far_as_it_makes_sense() {
    var bytes = host(3).dht.state().bytes();
    for (int length = 0; length < bytes.length; length++) {
      assertThat(DhtState.parse(java.util.Arrays.copyOf(bytes, length))).isEqualTo(DhtState.EMPTY);
    }
    var random = new SplittableRandom(1);
    for (int i = 0; i < 1_000; i++) {
      var changed = bytes.clone();
      changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      for (var node : DhtState.parse(changed).nodes()) {
        assertThat(node.contacts()).hasSizeLessThanOrEqualTo(200);
      }
    }
  }

  @Test
  void who_finds_nobody_tries_again_more_and_more_rarely_until_somebody_is_there() {
    var newcomer = world.join(List.of(Endpoint.v4(0x0A0A0A0A, 9)));
    newcomer.accept(new DhtInput.RoutersFound(List.of(Endpoint.v4(0x55555555, 9))));
    long before = world.datagrams;
    world.run(60 * DhtWorld.MINUTE_NANOS);
    assertThat(newcomer.node().upkeep().isReady()).isFalse();
    newcomer.accept(new DhtInput.NodesFound(List.of(host(5).endpoint)));
    world.run(30 * DhtWorld.SECOND_NANOS);
    assertThat(newcomer.node().upkeep().isReady()).isTrue();
    assertThat(newcomer.node().table().count()).isGreaterThan(15);
    assertThat(world.datagrams).isGreaterThan(before);
  }

  @Test
  void without_anybody_to_ask_a_search_ends_after_its_patience() {
    var lonely = world.join(List.of());
    var ended = endOf(lonely, new DhtInput.GetPeers(TICKET, INFO_HASH));
    assertThat(ended.asked()).isZero();
  }

  // Peers

  @Test
  void what_one_announces_another_finds_and_counts() {
    var announced =
        after(
            host(11), new DhtInput.Announce(INFO_HASH, 6_881, true), 20, DhtOutput.Announced.class);
    assertThat(announced.getFirst().nodeCount()).isEqualTo(Lookup.CLOSEST);
    host(12).accept(new DhtInput.Announce(INFO_HASH, 0, false));
    world.run(20 * DhtWorld.SECOND_NANOS);

    var ended = endOf(host(30), new DhtInput.GetPeers(TICKET, INFO_HASH));
    var peers = of(DhtOutput.PeersAnswered.class, DhtOutput.PeersAnswered::peers);
    assertThat(new java.util.HashSet<>(peers))
        .containsExactlyInAnyOrder(host(11).endpoint.withPort(6_881), host(12).endpoint);
    assertThat(ended.ticket()).isEqualTo(TICKET);
    ended = endOf(host(31), new DhtInput.Scrape(TICKET, INFO_HASH));
    assertThat(ended.seeds()).isBetween(0.5, 1.5);
    assertThat(ended.peers()).isBetween(0.5, 1.5);
  }

  private <T extends DhtOutput> List<Endpoint> of(
      Class<T> kind, Function<T, List<Endpoint>> field) {
    return outputs.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .flatMap(output -> field.apply(output).stream())
        .toList();
  }

  @Test
  void announced_torrents_find_each_other_also_if_they_came_first() {
    host(11).accept(new DhtInput.Announce(INFO_HASH, 6_881, false));
    world.run(20 * DhtWorld.SECOND_NANOS);
    host(12).accept(new DhtInput.Announce(INFO_HASH, 6_882, false));
    world.run(20 * DhtWorld.SECOND_NANOS);
    after(host(11), new DhtInput.WantPeers(INFO_HASH), 60, DhtOutput.PeersFound.class);
    assertThat(of(DhtOutput.PeersFound.class, DhtOutput.PeersFound::peers))
        .contains(host(12).endpoint.withPort(6_882));
  }

  @Test
  void announces_are_renewed_until_they_are_withdrawn() {
    host(11).accept(new DhtInput.Announce(INFO_HASH, 6_881, true));
    world.run(2 * 60 * DhtWorld.MINUTE_NANOS);
    endOf(host(30), new DhtInput.GetPeers(TICKET, INFO_HASH));
    assertThat(of(DhtOutput.PeersAnswered.class, DhtOutput.PeersAnswered::peers)).hasSize(1);
    host(11).accept(new DhtInput.Withdraw(INFO_HASH));
    world.run(40 * DhtWorld.MINUTE_NANOS);
    endOf(host(30), new DhtInput.GetPeers(TICKET, INFO_HASH));
    assertThat(of(DhtOutput.PeersAnswered.class, DhtOutput.PeersAnswered::peers)).isEmpty();
  }

  @Test
  void wanting_peers_all_the_time_is_not_asking_all_the_time() {
    host(11).accept(new DhtInput.Announce(INFO_HASH, 6_881, false));
    world.run(DhtWorld.MINUTE_NANOS);
    long before = world.datagrams;
    int announced = 0;
    for (int i = 0; i < 600; i++) {
      announced +=
          after(host(11), new DhtInput.WantPeers(INFO_HASH), 1, DhtOutput.Announced.class).size();
    }
    assertThat(announced).isBetween(10, 30);
    assertThat(world.datagrams - before).isLessThan(30 * 2 * 60);
  }

  // Items

  @Test
  void an_immutable_item_is_stored_and_found() {
    var item = new Item.Immutable("5:hello".getBytes(ISO_8859_1));
    var stored = endOf(host(4), new DhtInput.PutItem(TICKET, item, null));
    assertThat(stored.stored()).isEqualTo(Lookup.CLOSEST);
    after(host(33), new DhtInput.GetItem(TICKET, item.target(), NO_SALT), 30, DhtOutput.class);
    assertThat(outputs.getFirst())
        .isInstanceOfSatisfying(
            DhtOutput.ItemFound.class,
            found -> assertThat(found.item().value()).isEqualTo(item.value()));
  }

  @Test
  void the_newest_of_a_mutable_item_is_found_and_an_old_one_is_refused() {
    var old = signed("salt", 1, "1:a");
    var newer = signed("salt", 2, "1:b");
    assertThat(endOf(host(4), new DhtInput.PutItem(TICKET, old, null)).stored()).isPositive();
    assertThat(endOf(host(5), new DhtInput.PutItem(TICKET, newer, 1L)).stored()).isPositive();
    var refused = endOf(host(6), new DhtInput.PutItem(TICKET, signed("salt", 1, "1:c"), null));
    assertThat(refused.stored()).isZero();
    assertThat(refused.refusal()).isEqualTo(302);
    var mismatch = endOf(host(7), new DhtInput.PutItem(TICKET, signed("salt", 3, "1:c"), 1L));
    assertThat(mismatch.refusal()).isEqualTo(301);
    var input = new DhtInput.GetItem(TICKET, old.target(), "salt".getBytes(ISO_8859_1));
    var found = after(host(33), input, 30, DhtOutput.ItemFound.class);
    assertThat(((Item.Mutable) found.getLast().item()).seq()).isEqualTo(2);
    assertThat(found.getLast().item().value()).isEqualTo(newer.value());
  }

  private static Item.Mutable signed(String salt, long seq, String value) {
    var hex = java.util.HexFormat.of();
    return ItemSignature.sign(
        hex.parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
        hex.parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        salt.getBytes(ISO_8859_1),
        seq,
        value.getBytes(ISO_8859_1));
  }

  // Samples (BEP 51)

  @Test
  void a_sample_shows_what_nodes_hold() {
    host(11).accept(new DhtInput.Announce(INFO_HASH, 6_881, true));
    world.run(20 * DhtWorld.SECOND_NANOS);
    var input = new DhtInput.SampleInfohashes(TICKET, INFO_HASH);
    var samples = after(host(20), input, 30, DhtOutput.Sampled.class);
    assertThat(samples).anyMatch(sample -> sample.infoHashes().contains(INFO_HASH));
    assertThat(samples).hasSizeGreaterThan(8);
  }

  // Read-only (BEP 43)

  @Test
  void a_read_only_node_finds_things_answers_nobody_and_is_in_no_table() {
    host(11).accept(new DhtInput.Announce(INFO_HASH, 6_881, true));
    var visitor = world.add(world.internet(), DhtSettings.VISITOR, DhtState.EMPTY);
    visitor.accept(new DhtInput.RoutersFound(List.of(router.endpoint)));
    world.run(30 * DhtWorld.SECOND_NANOS);
    endOf(visitor, new DhtInput.GetPeers(TICKET, INFO_HASH));
    assertThat(of(DhtOutput.PeersAnswered.class, DhtOutput.PeersAnswered::peers)).hasSize(1);
    for (var host : world.hosts) {
      assertThat(host.node().table().contacts())
          .noneMatch(contact -> contact.endpoint().equals(visitor.endpoint));
    }
    assertThat(answerTo(visitor, new Query.Ping())).isNull();
    assertThat(answerTo(host(3), new Query.Ping())).isNotNull();
  }

  /** What a host sends to a stranger that asks it something. */
  private Krpc answerTo(DhtWorld.Host host, Query query) {
    var stranger = Endpoint.v4(0x50505050, 5);
    var asked = new Krpc.Asked(new byte[] {1}, NodeIds.random(world.random), true, query);
    host.dht.accept(
        new DhtInput.DatagramReceived(DhtWorld.SOCKET, stranger, KrpcWriter.write(asked)),
        world.nowNanos);
    for (var output = host.dht.poll(); output != null; output = host.dht.poll()) {
      if (output instanceof DhtOutput.SendDatagram(_, Endpoint to, byte[] datagram)
          && to.equals(stranger)) {
        return KrpcReader.read(datagram);
      }
    }
    return null;
  }

  @Test
  void who_is_asked_by_no_stranger_within_ten_minutes_becomes_read_only_until_one_asks() {
    var behindNat = world.add(world.internet(), DhtSettings.DEFAULT, DhtState.EMPTY);
    behindNat.malice = (_, _, datagram) -> KrpcReader.read(datagram) instanceof Krpc.Asked;
    behindNat.accept(new DhtInput.RoutersFound(List.of(router.endpoint)));
    world.run(9 * DhtWorld.MINUTE_NANOS);
    assertThat(behindNat.node().upkeep().isReadOnly(world.nowNanos)).isFalse();
    world.run(2 * DhtWorld.MINUTE_NANOS);
    assertThat(behindNat.node().upkeep().isReadOnly(world.nowNanos)).isTrue();
    answerTo(behindNat, new Query.Ping()); // the router in between has learned to let it through
    assertThat(behindNat.node().upkeep().isReadOnly(world.nowNanos)).isFalse();
  }

  // Threat 37

  @Test
  void our_own_query_sent_back_to_us_is_not_a_node() {
    var host = host(3);
    int before = host.node().table().count();
    var echo = new Krpc.Asked(new byte[6], host.node().id(), false, new Query.Ping());
    host.accept(
        new DhtInput.DatagramReceived(
            DhtWorld.SOCKET, Endpoint.v4(0x50505050, 5), KrpcWriter.write(echo)));
    world.run(20 * DhtWorld.SECOND_NANOS);
    assertThat(host.node().table().count()).isEqualTo(before);
    assertThat(host.node().table().wants(new NodeInfo(host.node().id(), host(5).endpoint)))
        .isFalse();
  }

  @Test
  void answers_that_nobody_asked_for_put_nobody_into_the_table() {
    var host = host(3);
    var before = host.node().table().contacts();
    for (int i = 0; i < 1_000; i++) {
      var id = NodeIds.sharing(host.node().id(), 30, world.random);
      var answer = new Krpc.Answered(new byte[6], id, Reply.EMPTY, null);
      host.accept(
          new DhtInput.DatagramReceived(
              DhtWorld.SOCKET, world.internet(), KrpcWriter.write(answer)));
    }
    assertThat(host.node().table().contacts()).isEqualTo(before);
  }

  @Test
  void a_thousand_forged_nodes_near_us_from_one_address_are_at_most_one_in_the_table() {
    var host = host(3);
    var attacker = world.add(world.internet(), DhtSettings.VISITOR, DhtState.EMPTY);
    attacker.malice =
        (self, from, datagram) -> {
          if (KrpcReader.read(datagram) instanceof Krpc.Asked asked) {
            var id = NodeIds.sharing(host.node().id(), 40, world.random);
            var answer = new Krpc.Answered(asked.transactionId(), id, Reply.EMPTY, null);
            world.send(self.endpoint, from, KrpcWriter.write(answer));
          }
          return true;
        };
    for (int i = 0; i < 1_000; i++) {
      var id = NodeIds.sharing(host.node().id(), 40, world.random);
      var ask = new Krpc.Asked(new byte[2], id, false, new Query.Ping());
      world.send(attacker.endpoint, host.endpoint, KrpcWriter.write(ask));
      world.run(DhtWorld.SECOND_NANOS / 20);
    }
    assertThat(host.node().table().contacts())
        .filteredOn(contact -> contact.endpoint().sameAddress(attacker.endpoint))
        .hasSizeLessThanOrEqualTo(1);
    assertThat(host.node().table().count()).isGreaterThan(15);
  }

  @Test
  void a_stranger_cannot_send_us_into_our_own_network() {
    var host = host(3);
    var inside = Endpoint.v4(0xC0A80101, 22);
    var reached = new ArrayList<Endpoint>();
    var trap = world.add(inside, DhtSettings.VISITOR, DhtState.EMPTY);
    trap.malice = (_, from, _) -> reached.add(from);
    router.malice =
        (self, from, datagram) -> {
          if (!(KrpcReader.read(datagram) instanceof Krpc.Asked asked)) {
            return false;
          }
          var nodes = List.of(new NodeInfo(NodeIds.random(world.random), inside));
          var reply = Reply.EMPTY.withNodes(nodes).withPeers(List.of(inside));
          world.send(
              self.endpoint,
              from,
              KrpcWriter.write(
                  new Krpc.Answered(asked.transactionId(), self.node().id(), reply, null)));
          return true;
        };
    endOf(host, new DhtInput.GetPeers(TICKET, router.node().id()));
    assertThat(reached).isEmpty();
    assertThat(of(DhtOutput.PeersAnswered.class, DhtOutput.PeersAnswered::peers)).isEmpty();
  }

  // Families and addresses (BEP 32, 45)

  @Test
  void a_host_of_both_families_learns_nodes_of_one_from_nodes_of_the_other() {
    var dht = new Dht(DhtSettings.DEFAULT, DhtState.EMPTY, new SplittableRandom(9));
    dht.accept(new DhtInput.SocketOpened(0, false), 0);
    dht.accept(new DhtInput.SocketOpened(1, true), 0);
    dht.accept(new DhtInput.RoutersFound(List.of(router.endpoint)), 0);
    dht.advance(0);
    var sent = (DhtOutput.SendDatagram) dht.poll();
    assertThat(sent.to()).isEqualTo(router.endpoint);
    var asked = (Krpc.Asked) KrpcReader.read(sent.datagram());
    assertThat(((Query.FindNode) asked.query()).want()).isEqualTo(Want.BOTH);

    var v6 = new Endpoint(0x2001_0db8_0000_0001L, 1, 6_881);
    var reply = Reply.EMPTY.withNodes(List.of(new NodeInfo(new Hash160(1, 1, 1), v6)));
    var answer = new Krpc.Answered(asked.transactionId(), router.node().id(), reply, null);
    dht.accept(new DhtInput.DatagramReceived(0, router.endpoint, KrpcWriter.write(answer)), 1);
    sent = (DhtOutput.SendDatagram) dht.poll();
    assertThat(sent.to()).isEqualTo(v6);
    assertThat(sent.socket()).isEqualTo(1);
    assertThat(((Krpc.Asked) KrpcReader.read(sent.datagram())).query()).isEqualTo(new Query.Ping());
  }

  @Test
  void each_address_of_a_host_is_a_node_of_its_own_and_answers_for_itself() {
    var dht = new Dht(DhtSettings.DEFAULT, DhtState.EMPTY, new SplittableRandom(9));
    dht.accept(new DhtInput.SocketOpened(0, false), 0);
    dht.accept(new DhtInput.SocketOpened(1, false), 0);
    var ask = new Krpc.Asked(new byte[2], new Hash160(1, 1, 1), true, new Query.Ping());
    var ids = new ArrayList<Hash160>();
    for (int socket = 0; socket < 2; socket++) {
      dht.accept(
          new DhtInput.DatagramReceived(socket, Endpoint.v4(0x08080808, 7), KrpcWriter.write(ask)),
          0);
      var answer = (DhtOutput.SendDatagram) dht.poll();
      assertThat(answer.socket()).isEqualTo(socket);
      ids.add(((Krpc.Answered) KrpcReader.read(answer.datagram())).id());
    }
    assertThat(ids).doesNotHaveDuplicates();
    dht.accept(new DhtInput.SocketClosed(0), 0);
    dht.accept(new DhtInput.SocketClosed(1), 0);
    assertThat(dht.deadlineNanos()).isEqualTo(Machine.NEVER);
  }
}

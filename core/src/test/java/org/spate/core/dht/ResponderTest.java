package org.spate.core.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** How a node answers, and what it refuses (threats 38 and 39), over whole datagrams. */
class ResponderTest {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final Hash160 INFO_HASH = new Hash160(1, 2, 3);
  private static final Endpoint ASKER = Endpoint.v4(0x08080808, 1_000);
  private static final byte[] NO_SALT = new byte[0];

  private final SplittableRandom random = new SplittableRandom(1);
  private final Hash160 ownId = NodeIds.random(random);
  private final Hash160 theirId = NodeIds.random(random);
  private final RoutingTable table = new RoutingTable(ownId, 0);
  private final RoutingTable foreign = new RoutingTable(ownId, 0);
  private Responder responder = responder(false);
  private int queryBytes;
  private int answerBytes;

  private Responder responder(boolean v6) {
    return new Responder(v6, () -> ownId, () -> table, foreign::closest, (_, _) -> {}, random, 0);
  }

  private Krpc ask(Query query, Endpoint from, long nowNanos) {
    var datagram = KrpcWriter.write(new Krpc.Asked(new byte[2], theirId, false, query));
    queryBytes = datagram.length;
    var answer = responder.answer(KrpcReader.read(datagram), from, datagram.length, nowNanos);
    answerBytes = answer == null ? 0 : answer.length;
    return answer == null ? null : KrpcReader.read(answer);
  }

  private Reply reply(Query query, Endpoint from, long nowNanos) {
    return ((Krpc.Answered) ask(query, from, nowNanos)).reply();
  }

  private int error(Query query, Endpoint from, long nowNanos) {
    return ((Krpc.Refused) ask(query, from, nowNanos)).code();
  }

  private byte[] token(Hash160 target, Endpoint from, long nowNanos) {
    return reply(getPeers(target), from, nowNanos).token();
  }

  private static Query getPeers(Hash160 target) {
    return new Query.GetPeers(target, Want.UNSAID, false, false);
  }

  private static Endpoint host(int number) {
    return Endpoint.v4(0x0C000000 + number * 251, 6_881);
  }

  private void fillTable() {
    for (int i = 0; i < 40; i++) {
      table.replied(new NodeInfo(NodeIds.random(random), host(5_000 + i * 300)), 0);
      var v6 = new Endpoint(0x2001_0db8_0000_0000L + i, 1, 6_881);
      foreign.replied(new NodeInfo(NodeIds.random(random), v6), 0);
    }
  }

  private void announce(int number, boolean isSeed, long nowNanos) {
    var token = token(INFO_HASH, host(number), nowNanos);
    reply(new Query.AnnouncePeer(INFO_HASH, 0, isSeed, token), host(number), nowNanos);
  }

  // Peers

  @Test
  void who_announces_is_told_to_others_at_its_port_or_the_one_it_says() {
    var token = token(INFO_HASH, ASKER, 0);
    reply(new Query.AnnouncePeer(INFO_HASH, 0, false, token), ASKER, 0);
    assertThat(reply(getPeers(INFO_HASH), host(1), 0).peers()).containsExactly(ASKER);
    reply(new Query.AnnouncePeer(INFO_HASH, 77, false, token), ASKER, 0);
    assertThat(reply(getPeers(INFO_HASH), host(1), 0).peers())
        .containsExactly(ASKER.withPort(77)); // one for each address (BEP 33)
  }

  @Test
  void an_announce_needs_a_fresh_token_of_its_own_address() {
    var token = token(INFO_HASH, ASKER, 0);
    long minute = 60 * SECOND_NANOS;
    assertThat(error(announce(new byte[8]), ASKER, 0)).isEqualTo(203);
    assertThat(error(announce(token), Endpoint.v4(0x08080809, 1_000), 0)).isEqualTo(203);
    assertThat(error(new Query.AnnouncePeer(theirId, 0, false, token), ASKER, 0)).isEqualTo(203);
    assertThat(error(announce(token), ASKER, 11 * minute)).isEqualTo(203);
    assertThat(reply(getPeers(INFO_HASH), ASKER, 11 * minute).peers()).isEmpty();
  }

  private static Query announce(byte[] token) {
    return new Query.AnnouncePeer(INFO_HASH, 0, false, token);
  }

  @Test
  void peers_are_forgotten_after_half_an_hour() {
    announce(1, false, 0);
    long minute = 60 * SECOND_NANOS;
    assertThat(reply(getPeers(INFO_HASH), ASKER, 29 * minute).peers()).hasSize(1);
    assertThat(reply(getPeers(INFO_HASH), ASKER, 32 * minute).peers()).isEmpty();
  }

  @Test
  void a_scrape_counts_seeds_and_peers_and_seeds_may_be_left_out() {
    for (int i = 0; i < 30; i++) {
      announce(i, i < 10, i * SECOND_NANOS);
    }
    long now = 60 * SECOND_NANOS;
    var scrape = reply(new Query.GetPeers(INFO_HASH, Want.UNSAID, false, true), ASKER, now);
    assertThat(scrape.scrape().seeds().estimate()).isBetween(9.0, 11.0);
    assertThat(scrape.scrape().peers().estimate()).isBetween(18.0, 22.0);
    var withoutSeeds = reply(new Query.GetPeers(INFO_HASH, Want.UNSAID, true, false), ASKER, now);
    assertThat(withoutSeeds.peers().subList(0, 20))
        .allMatch(peer -> (peer.v4Address() - 0x0C000000) / 251 >= 10);
  }

  @Test
  void samples_are_info_hashes_that_are_stored() {
    announce(1, false, 0);
    var samples = reply(new Query.SampleInfohashes(theirId, Want.UNSAID), ASKER, 0).samples();
    assertThat(samples.infoHashes()).containsExactly(INFO_HASH);
    assertThat(samples.count()).isEqualTo(1);
    assertThat(samples.intervalSeconds()).isBetween(0, 21_600);
  }

  @Test
  void storage_ends_at_its_bounds_and_then_gives_no_token() {
    var storage = new PeerStorage(random);
    for (int i = 0; i < PeerStorage.PEERS_PER_INFO_HASH_MAX; i++) {
      assertThat(storage.store(INFO_HASH, host(i), false, 0)).isTrue();
    }
    assertThat(storage.hasRoom(INFO_HASH)).isFalse();
    assertThat(storage.store(INFO_HASH, host(100_000), false, 0)).isFalse();
    assertThat(storage.store(INFO_HASH, host(5), true, 0)).isTrue(); // known already
    int stored = 0;
    for (int i = 0; i < 10_000; i++) { // one host alone
      stored += storage.store(new Hash160(9, 9, i), ASKER, false, 0) ? 1 : 0;
    }
    assertThat(stored).isEqualTo(PeerStorage.INFO_HASHES_PER_HOST_MAX);
    for (int i = 0; i < 100_000; i++) { // many hosts
      storage.store(new Hash160(8, 8, i), host(200_000 + i), false, 0);
    }
    assertThat(storage.infoHashCount()).isEqualTo(PeerStorage.INFO_HASHES_MAX);
    assertThat(storage.peerCount()).isLessThanOrEqualTo(PeerStorage.PEERS_MAX);
    storage.expire(PeerStorage.LIFETIME_NANOS);
    assertThat(storage.peerCount()).isZero();
    assertThat(storage.store(new Hash160(9, 9, 1), ASKER, false, 0)).isTrue();
  }

  // Items

  private int put(Item item, Long cas, Endpoint from) {
    var token = reply(new Query.GetItem(item.target(), Want.UNSAID, null), from, 0).token();
    return ask(new Query.PutItem(item, token, cas), from, 0) instanceof Krpc.Refused refused
        ? refused.code()
        : 0;
  }

  private static Item.Mutable signed(long seq, String value) {
    var hex = java.util.HexFormat.of();
    return ItemSignature.sign(
        hex.parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
        hex.parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        NO_SALT,
        seq,
        value.getBytes(ISO_8859_1));
  }

  @Test
  void an_immutable_item_is_kept_and_given_out() {
    var item = new Item.Immutable("5:hello".getBytes(ISO_8859_1));
    assertThat(put(item, null, host(1))).isZero();
    var value = reply(new Query.GetItem(item.target(), Want.UNSAID, null), host(2), 0).value();
    assertThat(value.bencoded()).isEqualTo(item.value());
    assertThat(value.publicKey()).isNull();
  }

  @Test
  void a_mutable_item_changes_only_forward_and_only_by_its_owner() {
    assertThat(put(signed(5, "1:a"), null, host(1))).isZero();
    assertThat(put(signed(5, "1:a"), null, host(2))).isZero(); // the same again keeps it alive
    assertThat(put(signed(5, "1:b"), null, host(3))).isEqualTo(302);
    assertThat(put(signed(4, "1:c"), null, host(4))).isEqualTo(302);
    assertThat(put(signed(6, "1:d"), 4L, host(5))).isEqualTo(301);
    assertThat(put(signed(6, "1:d"), 5L, host(6))).isZero();
    var good = signed(7, "1:e");
    var forged = new Item.Mutable(good.publicKey(), NO_SALT, 8, good.signature(), good.value());
    assertThat(put(forged, null, host(7))).isEqualTo(206);
    var known = reply(new Query.GetItem(good.target(), Want.UNSAID, 6L), host(8), 0).value();
    assertThat(known.bencoded()).isNull();
    assertThat(known.seq()).isEqualTo(6);
    var older = reply(new Query.GetItem(good.target(), Want.UNSAID, 5L), host(9), 0).value();
    assertThat(older.bencoded()).isEqualTo("1:d".getBytes(ISO_8859_1));
  }

  @Test
  void a_put_needs_the_token_of_its_target() {
    var item = signed(1, "1:a");
    var token = token(INFO_HASH, ASKER, 0);
    assertThat(error(new Query.PutItem(item, token, null), ASKER, 0)).isEqualTo(203);
  }

  @Test
  void of_too_many_items_the_nearest_are_kept() {
    var storage = new ItemStorage();
    Hash160 nearest = null;
    for (int i = 0; i < ItemStorage.ITEMS_MAX + 500; i++) {
      var item = new Item.Immutable(("i" + i + "e").getBytes(ISO_8859_1));
      storage.store(item, null, ownId, 0);
      var target = item.target();
      nearest =
          nearest == null || NodeIds.compareDistance(ownId, target, nearest) < 0 ? target : nearest;
    }
    assertThat(storage.count()).isEqualTo(ItemStorage.ITEMS_MAX);
    assertThat(storage.find(nearest)).isNotNull();
    storage.expire(ItemStorage.LIFETIME_NANOS);
    assertThat(storage.count()).isZero();
  }

  // Families (BEP 32)

  @ParameterizedTest
  @ValueSource(strings = {"", "n4", "n6", "n4n6"})
  void nodes_are_of_the_families_that_are_wanted(String wanted) {
    fillTable();
    var want = new Want(wanted.contains("n4"), wanted.contains("n6"));
    var nodes = reply(new Query.FindNode(INFO_HASH, want), ASKER, 0).nodes();
    assertThat(CompactNodes.count(nodes, false)).isEqualTo(wanted.equals("n6") ? 0 : 8);
    assertThat(CompactNodes.count(nodes, true)).isEqualTo(wanted.contains("n6") ? 8 : 0);
  }

  @Test
  void a_node_of_ipv6_answers_with_nodes_of_ipv6_unless_told_otherwise() {
    fillTable();
    responder =
        new Responder(true, () -> ownId, () -> foreign, table::closest, (_, _) -> {}, random, 0);
    var asker = new Endpoint(0x2001_0db8_0000_0000L, 9, 1_000);
    var nodes = reply(new Query.FindNode(INFO_HASH, Want.UNSAID), asker, 0).nodes();
    assertThat(CompactNodes.count(nodes, true)).isEqualTo(8);
    assertThat(CompactNodes.count(nodes, false)).isZero();
  }

  // Threat 39

  @Test
  void an_answer_has_at_most_ten_times_the_bytes_of_its_query() {
    fillTable();
    for (int i = 0; i < 500; i++) {
      announce(i, false, i * SECOND_NANOS);
    }
    long now = 600 * SECOND_NANOS;
    for (var query :
        new Query[] {
          getPeers(INFO_HASH),
          new Query.GetPeers(INFO_HASH, Want.BOTH, false, true),
          new Query.FindNode(INFO_HASH, Want.BOTH),
          new Query.SampleInfohashes(INFO_HASH, Want.BOTH),
          new Query.GetItem(INFO_HASH, Want.BOTH, null),
          new Query.Ping()
        }) {
      assertThat(ask(query, ASKER, now)).isNotNull();
      assertThat(answerBytes).as("%s", query).isPositive().isLessThanOrEqualTo(10 * queryBytes);
      assertThat(answerBytes).isLessThanOrEqualTo(Responder.ANSWER_BYTES_MAX);
    }
    // The figure of the threat: 500 peers stored, a new source.
    assertThat(ask(getPeers(INFO_HASH), host(70_000), now)).isNotNull();
    assertThat((double) answerBytes / queryBytes).isBetween(8.0, 10.0);
  }

  @Test
  void an_address_gets_five_answers_a_second_after_a_few_at_once() {
    int answers = 0;
    for (int i = 0; i < 1_000; i++) {
      answers += ask(new Query.Ping(), ASKER.withPort(1_000 + i), 0) == null ? 0 : 1;
    }
    assertThat(answers).isEqualTo(15);
    answers = 0;
    for (int i = 0; i < 1_000; i++) { // ten seconds long
      long now = SECOND_NANOS + i * SECOND_NANOS / 100;
      answers += ask(new Query.Ping(), ASKER, now) == null ? 0 : 1;
    }
    assertThat(answers).isBetween(50, 56);
    assertThat(ask(new Query.Ping(), host(1), 11 * SECOND_NANOS)).isNotNull();
  }

  @Test
  void a_network_of_ipv6_is_one_source() {
    responder = responder(true);
    int answers = 0;
    for (int i = 0; i < 1_000; i++) {
      var from = new Endpoint(0x2001_0db8_0000_0001L, i, 6_881);
      answers += ask(new Query.Ping(), from, 0) == null ? 0 : 1;
    }
    assertThat(answers).isEqualTo(15);
  }

  @Test
  void the_largest_items_go_out_about_once_a_second() {
    var value = "996:" + "x".repeat(996);
    assertThat(put(signed(1, value), null, host(1))).isZero();
    int long_ = 0;
    int bytesIn = 0;
    for (int i = 0; i < 1_000; i++) {
      var target = signed(1, value).target();
      ask(new Query.GetItem(target, Want.UNSAID, null), ASKER, i * SECOND_NANOS / 100);
      bytesIn += queryBytes;
      long_ += answerBytes > 10 * queryBytes ? 1 : 0;
    }
    assertThat(long_).isBetween(1, 14); // in ten seconds
    assertThat(long_ * 1_300).isLessThan(bytesIn);
  }

  @Test
  void all_answers_together_are_bounded_and_so_is_the_memory_of_sources() {
    fillTable();
    var limits = new SourceLimits(0);
    long bytes = 0;
    for (int i = 0; i < 100_000; i++) { // a flood with forged sources, one second long
      long now = i * SECOND_NANOS / 100_000;
      var from = host(i);
      if (limits.allowsQuery(from, now) && limits.allowsAnswer(from, 100, 300, now)) {
        bytes += 300;
      }
    }
    assertThat(bytes).isLessThanOrEqualTo(3L * SourceLimits.BYTES_PER_SECOND);
    assertThat(limits.sourceCount()).isEqualTo(SourceLimits.SOURCES_MAX);
  }
}

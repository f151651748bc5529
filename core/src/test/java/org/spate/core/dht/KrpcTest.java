package org.spate.core.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** KRPC messages there and back, those that BEP 5 prints, and those that hostile nodes send. */
class KrpcTest {
  private static final byte[] TRANSACTION = {1, 2};
  private static final Hash160 ID = Hash160.of(bytes("abcdefghij0123456789"));
  private static final Hash160 TARGET = Hash160.of(bytes("mnopqrstuvwxyz123456"));
  private static final Endpoint V4 = Endpoint.v4(0x01020304, 5);
  private static final Endpoint V6 = new Endpoint(0x20010db800000000L, 1, 6);
  private static final Want ASKS_FOR_BOTH = Want.BOTH;

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static Krpc published(String id) {
    return KrpcReader.read(bytes(Vectors.of(id).get("bencoded").asString()));
  }

  // What BEP 5 prints

  @Test
  void a_ping_is_answered_with_an_id() {
    assertThat(published("bep5-ping-r"))
        .isInstanceOfSatisfying(
            Krpc.Answered.class,
            answered -> {
              assertThat(answered.id()).isEqualTo(TARGET);
              assertThat(answered.transactionId()).isEqualTo(bytes("aa"));
              assertThat(answered.reply()).isEqualTo(Reply.EMPTY);
            });
  }

  @Test
  void an_error_has_a_code_and_words() {
    assertThat(published("bep5-error"))
        .isInstanceOfSatisfying(
            Krpc.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(201);
              assertThat(refused.text()).isEqualTo("A Generic Error Ocurred");
            });
  }

  @Test
  void get_peers_names_an_info_hash_and_is_answered_with_peers_and_a_token() {
    assertThat(asked(published("bep5-get_peers-q")))
        .isEqualTo(new Query.GetPeers(TARGET, Want.UNSAID, false, false));
    assertThat(published("bep5-get_peers-r-values"))
        .isInstanceOfSatisfying(
            Krpc.Answered.class,
            answered -> {
              assertThat(answered.reply().token()).isEqualTo(bytes("aoeusnth"));
              assertThat(answered.reply().peers())
                  .containsExactly(
                      Endpoint.of(bytes("axje"), 0x2e75), Endpoint.of(bytes("idht"), 0x6e6d));
            });
  }

  @Test
  void an_announce_may_leave_the_port_to_its_datagram() {
    assertThat(asked(published("bep5-announce_peer-q")))
        .isInstanceOfSatisfying(
            Query.AnnouncePeer.class,
            announce -> {
              assertThat(announce.infoHash()).isEqualTo(TARGET);
              assertThat(announce.port()).isZero();
              assertThat(announce.token()).isEqualTo(bytes("aoeusnth"));
            });
  }

  @Test
  void a_list_of_nodes_that_is_too_short_for_one_is_empty() {
    assertThat(published("bep5-find_node-r"))
        .isInstanceOfSatisfying(
            Krpc.Answered.class, answered -> assertThat(answered.reply().nodes()).isEmpty());
  }

  private static Query asked(Krpc message) {
    return ((Krpc.Asked) message).query();
  }

  // There and back

  @Test
  void queries_are_read_as_they_were_written() {
    for (var query :
        List.of(
            new Query.Ping(),
            new Query.FindNode(TARGET, Want.UNSAID),
            new Query.FindNode(TARGET, ASKS_FOR_BOTH),
            new Query.GetPeers(TARGET, new Want(false, true), true, true),
            new Query.GetItem(TARGET, Want.UNSAID, 7L),
            new Query.SampleInfohashes(TARGET, Want.UNSAID))) {
      var read = KrpcReader.read(KrpcWriter.write(new Krpc.Asked(TRANSACTION, ID, true, query)));
      assertThat(read)
          .isInstanceOfSatisfying(
              Krpc.Asked.class,
              asked -> {
                assertThat(asked.query()).isEqualTo(query);
                assertThat(asked.id()).isEqualTo(ID);
                assertThat(asked.readOnly()).isTrue();
                assertThat(asked.transactionId()).isEqualTo(TRANSACTION);
              });
    }
  }

  @Test
  void stores_are_read_as_they_were_written() {
    var token = bytes("token");
    for (var query :
        List.of(
            new Query.AnnouncePeer(TARGET, 6_881, true, token),
            new Query.AnnouncePeer(TARGET, 0, false, token),
            new Query.PutItem(new Item.Immutable(bytes("li1ei2ee")), token, null),
            new Query.PutItem(ItemTest.published(), token, 3L))) {
      var read = KrpcReader.read(KrpcWriter.write(new Krpc.Asked(TRANSACTION, ID, false, query)));
      assertThat(asked(read)).usingRecursiveComparison().isEqualTo(query);
    }
  }

  @Test
  void an_answer_is_read_as_it_was_written() {
    var filter = new BloomFilter();
    filter.add(V4);
    var reply =
        new Reply(
            List.of(new NodeInfo(ID, V4), new NodeInfo(TARGET, V6)),
            List.of(V4, V6),
            bytes("token"),
            new Reply.Scrape(filter, new BloomFilter()),
            new Reply.Value(bytes("de"), new byte[32], new byte[64], 9L),
            new Reply.Samples(List.of(TARGET, ID), 60, 2_000));
    var answered = new Krpc.Answered(TRANSACTION, ID, reply, V6);
    assertThat(KrpcReader.read(KrpcWriter.write(answered)))
        .usingRecursiveComparison()
        .isEqualTo(answered);
  }

  // Hostile

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "d",
        "de",
        "i1e",
        "le",
        "d1:t2:aa1:y1:xe",
        "d1:y1:qe",
        "d1:t0:e",
        "d1:t33:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1:y1:qe",
        "d1:rd2:id19:mnopqrstuvwxyz12345e1:t2:aa1:y1:re",
        "d1:rle1:t2:aa1:y1:re",
        "d1:ele1:t2:aa1:y1:ee",
        "d1:el1:xi1ee1:t2:aa1:y1:ee",
        "d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re ",
        "d1:rd2:id99999999999:xe1:t2:aa1:y1:re"
      })
  void what_is_no_message_gets_no_answer(String datagram) {
    assertThat(KrpcReader.read(bytes(datagram))).isNull();
  }

  /** Threat 10. A datagram of this length cannot arrive; the reader stands it all the same. */
  @Test
  void a_hundred_thousand_levels_are_no_message() {
    for (var deep : List.of("l", "d1:a")) {
      assertThat(KrpcReader.read(bytes(deep.repeat(100_000)))).isNull();
    }
    var within =
        "d1:ad2:id20:abcdefghij01234567895:token1:x1:v" + "l".repeat(600) + "e".repeat(600);
    assertThat(KrpcReader.read(bytes(within + "e1:q3:put1:t2:aa1:y1:qe"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'1:q4:ping', 203",
    "'1:ad2:id3:abce1:q4:ping', 203",
    "'1:ad2:id20:abcdefghij0123456789e1:q9:find_node', 203",
    "'1:ad2:id20:abcdefghij0123456789e1:q9:get_peers', 203",
    "'1:ad2:id20:abcdefghij01234567896:target3:abce1:q3:get', 203",
    "'1:ad2:id20:abcdefghij0123456789e1:q3:foo', 204",
    "'1:ad2:id20:abcdefghij0123456789e1:q13:announce_peer', 203",
    "'1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti0e5:token1:xe"
        + "1:q13:announce_peer', 203",
    "'1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti65536e5:token1:xe"
        + "1:q13:announce_peer', 203",
    "'1:ad2:id20:abcdefghij0123456789e1:q3:put', 203",
    "'1:ad2:id20:abcdefghij01234567895:token1:x1:vd1:bi1e1:ai1eee1:q3:put', 203",
    "'1:ad2:id20:abcdefghij01234567895:token1:x1:vi01ee1:q3:put', 203",
    "'1:ad2:id20:abcdefghij01234567891:k3:abc3:seqi1e3:sig1:x5:token1:x1:vi1ee1:q3:put', 203"
  })
  void a_query_that_makes_no_sense_is_told_so(String parts, int code) {
    assertThat(KrpcReader.read(bytes("d" + parts + "1:t2:aa1:y1:qe")))
        .isInstanceOfSatisfying(
            Krpc.Malformed.class, malformed -> assertThat(malformed.code()).isEqualTo(code));
  }

  @Test
  void items_beyond_the_limits_of_bep_44_have_codes_of_their_own() {
    var key = "1:k32:" + "k".repeat(32) + "3:seqi1e";
    var signature = "3:sig64:" + "s".repeat(64);
    assertThat(codeOfPut("1:v997:" + "x".repeat(997))).isEqualTo(205);
    assertThat(codeOfPut("1:vi1e" + key + "3:sig3:abc")).isEqualTo(206);
    assertThat(codeOfPut("1:vi1e" + key + signature + "4:salt65:" + "a".repeat(65))).isEqualTo(207);
  }

  private static int codeOfPut(String item) {
    var message = "d1:ad2:id20:abcdefghij01234567895:token1:x" + item + "e1:q3:put1:t2:aa1:y1:qe";
    return ((Krpc.Malformed) KrpcReader.read(bytes(message))).code();
  }

  @Test
  void an_unknown_method_with_a_target_is_answered_with_nodes() {
    var message = "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q3:new";
    assertThat(asked(KrpcReader.read(bytes(message + "1:t2:aa1:y1:qe"))))
        .isEqualTo(new Query.FindNode(TARGET, Want.UNSAID));
  }

  @Test
  void lists_in_answers_end_where_the_bounds_say() {
    var nodes = new java.util.ArrayList<NodeInfo>();
    var peers = new java.util.ArrayList<Endpoint>();
    var infoHashes = new java.util.ArrayList<Hash160>();
    for (int i = 0; i < 5_000; i++) {
      nodes.add(new NodeInfo(new Hash160(i, i, i), V4));
      peers.add(V6);
      infoHashes.add(ID);
    }
    var samples = new Reply.Samples(infoHashes, 99_999, -1);
    var reply = new Reply(nodes, peers.subList(0, 1_000), null, null, null, samples);
    var datagram = KrpcWriter.write(new Krpc.Answered(TRANSACTION, ID, reply, null));
    var read = ((Krpc.Answered) KrpcReader.read(datagram)).reply();
    assertThat(read.nodes()).hasSize(KrpcReader.NODES_MAX);
    assertThat(read.peers()).hasSize(KrpcReader.PEERS_MAX);
    assertThat(read.samples().infoHashes()).hasSize(KrpcReader.SAMPLES_MAX);
    assertThat(read.samples().intervalSeconds()).isEqualTo(21_600);
    assertThat(read.samples().count()).isZero();
  }
}

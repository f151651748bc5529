package org.spate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no honest peer sends: the reason it is refused for, and how little it costs us. */
class HostileMessagesTest {
  private static final String ROOT = "aa".repeat(32);
  private static final int BITFIELD_LENGTH_MAX = 1250; // 10,000 pieces

  /** The bytes given are all that the peer ever sends: the refusal needs no more. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "length prefix 2^31,                  80000000,         MESSAGE_TOO_LONG",
    "length prefix 2^32 - 1,              ffffffff,         MESSAGE_TOO_LONG",
    "length prefix 2^31 - 1,              7fffffff,         MESSAGE_TOO_LONG",
    "length prefix 1 MiB,                 00100000,         MESSAGE_TOO_LONG",
    "choke with a field,                  0000000200,       WRONG_LENGTH",
    "unchoke with a field,                0000000201,       WRONG_LENGTH",
    "interested with a field,             0000000202,       WRONG_LENGTH",
    "not interested with a field,         0000000203,       WRONG_LENGTH",
    "have without index,                  0000000104,       WRONG_LENGTH",
    "have with three bytes,               0000000404,       WRONG_LENGTH",
    "have with five bytes,                0000000604,       WRONG_LENGTH",
    "request without length,              0000000906,       WRONG_LENGTH",
    "request with a byte more,            0000000e06,       WRONG_LENGTH",
    "cancel with a byte less,             0000000c08,       WRONG_LENGTH",
    "piece without begin,                 0000000507,       WRONG_LENGTH",
    "piece without block,                 0000000907,       WRONG_LENGTH",
    "piece of 16 KiB and one byte,        0000400a07,       BLOCK_TOO_LONG",
    "piece of 128 KiB,                    0002000907,       BLOCK_TOO_LONG",
    "port with one byte,                  0000000209,       WRONG_LENGTH",
    "port with four bytes,                0000000509,       WRONG_LENGTH",
    "suggest piece without index,         000000010d,       WRONG_LENGTH",
    "have all with a field,               000000050e,       WRONG_LENGTH",
    "have none with a field,              000000050f,       WRONG_LENGTH",
    "reject request without fields,       0000000110,       WRONG_LENGTH",
    "allowed fast with two indexes,       0000000911,       WRONG_LENGTH",
    "bitfield for a byte too many pieces, 000004e405,       BITFIELD_TOO_LONG",
    "extended without an id,              0000000114,       WRONG_LENGTH",
    "extended beyond its bound,           0002000314,       EXTENDED_TOO_LONG",
    "hash request cut short,              0000003015,       WRONG_LENGTH",
    "hash request with hashes,            0000005115,       WRONG_LENGTH",
    "hash reject with hashes,             0000005117,       WRONG_LENGTH",
    "hashes cut short,                    0000003016,       WRONG_LENGTH",
    "hashes beyond base layer and proof,   00040691,         MESSAGE_TOO_LONG",
    "extension handshake is a list,       0000000414006c65, BAD_EXTENSION_HANDSHAKE",
    "extension handshake is empty,        000000021400,     BAD_EXTENSION_HANDSHAKE",
    "extension handshake is cut short,    000000031400 64,  BAD_EXTENSION_HANDSHAKE",
    "lt_donthave of three bytes,          000000051407 000000,       WRONG_LENGTH",
    "lt_donthave of five bytes,           000000071407 0000000000,   WRONG_LENGTH",
    "upload_only without a flag,          000000021403,              WRONG_LENGTH",
    "upload_only of five bytes,           000000071403 0000000001,   WRONG_LENGTH",
  })
  void a_message_of_wrong_size_is_refused_at_its_head(String what, String hex, Violation reason) {
    assertThat(violation(Wire.bytes(hex))).isEqualTo(reason);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "length 0,                     00000000 00000000 00000000 00000000",
    "length 1,                     00000000 00000000 00000001 00000000",
    "length 3,                     00000000 00000000 00000003 00000000",
    "length 2^31,                  00000000 00000000 80000000 00000000",
    "length -1,                    00000000 00000000 ffffffff 00000000",
    "index within the range,       00000000 00000002 00000004 00000000",
    "index -4,                     00000000 fffffffc 00000004 00000000",
    "index + length beyond 2^31,   00000000 7ffffffe 00000002 00000000",
    "base layer 50,                00000032 00000000 00000002 00000000",
    "base layer -1,                ffffffff 00000000 00000002 00000000",
    "proof layers 50,              00000000 00000000 00000002 00000032",
    "proof layers -1,              00000000 00000000 00000002 ffffffff",
  })
  void hash_messages_about_no_possible_range_are_refused(String what, String range) {
    assertThat(violation(Wire.bytes("00000031 15" + ROOT + range)))
        .isEqualTo(Violation.BAD_HASH_RANGE);
    assertThat(violation(Wire.bytes("00000031 17" + ROOT + range)))
        .isEqualTo(Violation.BAD_HASH_RANGE);
    assertThat(violation(Wire.bytes("00000071 16" + ROOT + range)))
        .isEqualTo(Violation.BAD_HASH_RANGE);
  }

  @Test
  void a_hash_request_for_more_than_we_answer_is_left_for_us_to_reject() {
    var many = "00000031 15" + ROOT + "00000000 00000000 00004000 00000000";
    assertThat(Wire.decode(Wire.bytes(many)).getFirst())
        .isInstanceOfSatisfying(
            PeerMessage.HashRequest.class, m -> assertThat(m.length()).isEqualTo(16384));
  }

  @Test
  void hashes_must_be_as_many_as_their_range_says() {
    var range = "00000000 00000000 00000004 00000003"; // 4 and 2 uncles: 49 + 192 bytes
    assertThat(violation(Wire.bytes("000000f0 16" + ROOT + range)))
        .isEqualTo(Violation.WRONG_LENGTH);
    assertThat(violation(Wire.bytes("000000d1 16" + ROOT + range)))
        .isEqualTo(Violation.WRONG_LENGTH);
    assertThat(violation(Wire.bytes("00000111 16" + ROOT + range)))
        .isEqualTo(Violation.WRONG_LENGTH);
    assertThat(decodePartially(Wire.bytes("000000f1 16" + ROOT + range))).isEmpty();
  }

  @Test
  void more_base_hashes_than_we_request_are_refused_though_their_bytes_would_fit() {
    var limits = new WireLimits(1 << 14, 1250, 1 << 17, 32);
    var bytes = Wire.bytes("00000831 16" + ROOT + "00000000 00000000 00000040 00000005");
    assertThatThrownBy(() -> new MessageDecoder(limits).decode(ByteInput.of(bytes)))
        .isInstanceOfSatisfying(
            WireException.class,
            e -> assertThat(e.violation()).isEqualTo(Violation.TOO_MANY_HASHES));
  }

  @Test
  void hashes_beyond_their_own_bound_are_refused_though_other_messages_may_be_longer() {
    var limits = new WireLimits(1 << 14, 1250, 1 << 17, 32);
    var bytes = Wire.bytes("00010000 16");
    assertThatThrownBy(() -> new MessageDecoder(limits).decode(ByteInput.of(bytes)))
        .hasMessageContaining("TOO_MANY_HASHES");
  }

  @Test
  void the_longest_messages_allowed_are_accepted() {
    var messages =
        List.<PeerMessage>of(
            new PeerMessage.Piece(0, 0, new ByteInput.ByteBlock(new byte[1 << 14])),
            new PeerMessage.Bitfield(new byte[BITFIELD_LENGTH_MAX]),
            new PeerMessage.Extended(1, new byte[WireLimits.EXTENDED_LENGTH_MAX]));
    assertThat(Wire.describe(Wire.decode(Wire.encode(messages))))
        .isEqualTo(Wire.describe(messages));
  }

  @Test
  void the_bitfield_bound_follows_the_metainfo() {
    var decoder = new MessageDecoder(WireLimits.WITHOUT_METAINFO);
    var bytes = Wire.encode(new PeerMessage.Bitfield(new byte[2]));
    assertThat(decoder.decode(ByteInput.of(bytes))).isInstanceOf(PeerMessage.Bitfield.class);
    decoder.limit(WireLimits.forPieces(8));
    assertThatThrownBy(() -> decoder.decode(ByteInput.of(bytes)))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("BITFIELD_TOO_LONG");
  }

  @Test
  void unknown_messages_are_skipped() {
    var bytes =
        Wire.bytes("00000004 63 010203" + "00000001 0a" + "00000005 14 2a 010203" + "00000001 01");
    assertThat(Wire.decode(bytes))
        .containsExactly(
            new PeerMessage.Unknown(0x63, 3),
            new PeerMessage.Unknown(10, 0),
            new PeerMessage.Unknown(20, 4),
            new PeerMessage.Unchoke());
  }

  @Test
  void a_deeply_nested_extension_handshake_is_refused() {
    var bomb = "l".repeat(50_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(violation(Wire.encode(new PeerMessage.Extended(0, bomb))))
        .isEqualTo(Violation.BAD_EXTENSION_HANDSHAKE);
  }

  @Test
  void a_bomb_of_tokens_is_refused() {
    var bomb =
        ("d1:ml" + "0:".repeat(50_000) + "ee").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(violation(Wire.encode(new PeerMessage.Extended(0, bomb))))
        .isEqualTo(Violation.BAD_EXTENSION_HANDSHAKE);
  }

  @Test
  void a_promised_body_that_never_comes_costs_nothing() {
    var heads =
        List.of(
            Wire.bytes("00020002 14 00"),
            Wire.bytes("00020002 14 02 ff"),
            Wire.bytes("000004e3 05"),
            Wire.bytes("00040031 16" + ROOT + "00000000 00000000 00002000 0000000c"),
            Wire.bytes("00020002 63"));
    for (var head : heads) {
      assertThat(allocatedBy(() -> decodePartially(head))).isLessThan(4_000);
    }
  }

  @Test
  void a_trickled_body_costs_no_more_than_a_few_times_what_came() {
    var whole = Wire.encode(new PeerMessage.Extended(2, new byte[1 << 17]));
    var firstPart = java.util.Arrays.copyOf(whole, 10_000);
    assertThat(allocatedBy(() -> trickle(firstPart))).isLessThan(40_000);
  }

  private static void trickle(byte[] bytes) {
    var decoder = new MessageDecoder(Wire.LIMITS);
    var input = ByteInput.slow(bytes);
    while (!input.isComplete()) {
      input.arrive(1);
      if (decoder.decode(input) != null) {
        throw new AssertionError("a message from a part of it");
      }
    }
  }

  @Test
  void a_flood_of_empty_messages_allocates_nothing() {
    var flood = Wire.bytes(("00000000" + "00000001 00" + "00000001 02").repeat(1000));
    assertThat(allocatedBy(() -> count(flood))).isLessThan(4_000);
    assertThat(count(flood)).isEqualTo(3000);
  }

  private static int count(byte[] bytes) {
    var decoder = new MessageDecoder(Wire.LIMITS);
    var input = ByteInput.of(bytes);
    int count = 0;
    while (decoder.decode(input) != null) {
      count++;
    }
    return count;
  }

  /** Bytes that this thread allocates in a run, once classes are loaded. */
  private static long allocatedBy(Runnable run) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    run.run();
    run.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    run.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static List<PeerMessage> decodePartially(byte[] bytes) {
    return Wire.decodeAvailable(new MessageDecoder(Wire.LIMITS), ByteInput.of(bytes));
  }

  private static Violation violation(byte[] bytes) {
    var thrown = catchThrowableOfType(WireException.class, () -> decodePartially(bytes));
    assertThat(thrown).as("a violation").isNotNull();
    return thrown.violation();
  }
}

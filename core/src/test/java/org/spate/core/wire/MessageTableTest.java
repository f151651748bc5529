package org.spate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.core.Hash256;
import org.spate.core.wire.ByteInput.ByteBlock;

/** Each message and its bytes, both ways. */
class MessageTableTest {
  private static final String AA = "aa".repeat(32);
  private static final Hash256 ROOT = Hash256.parse(AA);
  private static final String HASH = "5c".repeat(32);

  static Stream<Arguments> messages() {
    return Stream.of(
        row("keep-alive", new PeerMessage.KeepAlive(), "00000000"),
        row("choke", new PeerMessage.Choke(), "00000001 00"),
        row("unchoke", new PeerMessage.Unchoke(), "00000001 01"),
        row("interested", new PeerMessage.Interested(), "00000001 02"),
        row("not interested", new PeerMessage.NotInterested(), "00000001 03"),
        row("have 66", new PeerMessage.Have(66), "00000005 04 00000042"),
        row(
            "bitfield 10 pieces, 0 2 9 set",
            new PeerMessage.Bitfield(Wire.bytes("a040")),
            "00000003 05 a040"),
        row(
            "request 1,16384,16384",
            new PeerMessage.Request(1, 16384, 16384),
            "0000000d 06 00000001 00004000 00004000"),
        row(
            "piece 1,0,\"abc\"",
            new PeerMessage.Piece(1, 0, new ByteBlock(Wire.bytes("616263"))),
            "0000000c 07 00000001 00000000 616263"),
        row(
            "cancel 1,16384,16384",
            new PeerMessage.Cancel(1, 16384, 16384),
            "0000000d 08 00000001 00004000 00004000"),
        row("port 6881", new PeerMessage.Port(6881), "00000003 09 1ae1"),
        row("port 65535", new PeerMessage.Port(65535), "00000003 09 ffff"),
        row("suggest 5", new PeerMessage.SuggestPiece(5), "00000005 0d 00000005"),
        row("have all", new PeerMessage.HaveAll(), "00000001 0e"),
        row("have none", new PeerMessage.HaveNone(), "00000001 0f"),
        row(
            "reject 1,16384,16384",
            new PeerMessage.RejectRequest(1, 16384, 16384),
            "0000000d 10 00000001 00004000 00004000"),
        row("allowed fast 5", new PeerMessage.AllowedFast(5), "00000005 11 00000005"),
        row(
            "extension handshake",
            new PeerMessage.ExtensionHandshake(Wire.extensions(Map.of("ut_pex", 9))),
            "00000014 14 00 64 313a6d 64 363a75745f706578 693965 65 65"),
        row("lt_donthave 258", new PeerMessage.DontHave(258), "00000006 14 07 00000102"),
        row("upload_only", new PeerMessage.UploadOnly(true), "00000003 14 03 01"),
        row("not upload_only", new PeerMessage.UploadOnly(false), "00000003 14 03 00"),
        row(
            "ut_metadata, body not looked at",
            new PeerMessage.Extended(2, Wire.bytes("6465")),
            "00000004 14 02 6465"),
        row(
            "hash request",
            new PeerMessage.HashRequest(ROOT, 2, 0, 4, 6),
            "00000031 15" + AA + "00000002 00000000 00000004 00000006"),
        row(
            "hashes: two of the base layer and one uncle",
            new PeerMessage.Hashes(ROOT, 0, 2, 2, 1, Wire.bytes(HASH.repeat(3))),
            "00000091 16" + AA + "00000000 00000002 00000002 00000001" + HASH.repeat(3)),
        row(
            "hashes: four need no uncle for the layer that they fold into",
            new PeerMessage.Hashes(ROOT, 0, 4, 4, 1, Wire.bytes(HASH.repeat(4))),
            "000000b1 16" + AA + "00000000 00000004 00000004 00000001" + HASH.repeat(4)),
        row(
            "hash reject",
            new PeerMessage.HashReject(ROOT, 0, 512, 512, 12),
            "00000031 17" + AA + "00000000 00000200 00000200 0000000c"));
  }

  private static Arguments row(String name, PeerMessage message, String hex) {
    return Arguments.of(name, message, hex.replace(" ", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void a_message_has_these_bytes(String name, PeerMessage message, String hex) {
    assertThat(Wire.hex(Wire.encode(message))).isEqualTo(hex);
    assertThat(MessageEncoder.encodedLength(message)).isEqualTo(hex.length() / 2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void these_bytes_are_the_message(String name, PeerMessage message, String hex) {
    var decoded = Wire.decode(Wire.bytes(hex));
    assertThat(Wire.describe(decoded)).isEqualTo(Wire.describe(List.of(message)));
  }

  @Test
  void the_published_encodings_are_ours() {
    var published = Wire.vector("bep3-messages").get("messages");
    var ours = new java.util.HashMap<String, String>();
    messages().forEach(row -> ours.put((String) row.get()[0], (String) row.get()[2]));
    for (var name : published.propertyNames()) {
      if (!name.equals("extended 0 \"de\"")) {
        assertThat(ours).containsEntry(name, published.get(name).asString());
      }
    }
    var request = (PeerMessage.HashRequest) decodeOne(vectorHex("bep52-hashreq", "example_hex"));
    assertThat(request).isEqualTo(new PeerMessage.HashRequest(ROOT, 2, 0, 4, 6));
  }

  private static String vectorHex(String id, String field) {
    return Wire.vector(id).get(field).asString();
  }

  private static PeerMessage decodeOne(String hex) {
    var messages = Wire.decode(Wire.bytes(hex));
    assertThat(messages).hasSize(1);
    return messages.getFirst();
  }

  @Test
  void an_empty_extension_handshake_says_nothing() {
    var extensions = ((PeerMessage.ExtensionHandshake) decodeOne("0000000414006465")).extensions();
    assertThat(extensions).isEqualTo(Wire.extensions(Map.of()));
  }

  @Test
  void fields_come_as_they_are_for_the_receiver_to_check() {
    assertThat(decodeOne("00000005 04 ffffffff")).isEqualTo(new PeerMessage.Have(-1));
    assertThat(decodeOne("0000000d 06 ffffffff 80000000 7fffffff"))
        .isEqualTo(new PeerMessage.Request(-1, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  @Test
  void an_upload_only_flag_may_be_wider_than_a_byte() {
    assertThat(decodeOne("00000006 14 03 00000001")).isEqualTo(new PeerMessage.UploadOnly(true));
    assertThat(decodeOne("00000006 14 03 00000000")).isEqualTo(new PeerMessage.UploadOnly(false));
  }

  @Test
  void extension_messages_go_out_by_the_ids_of_the_peer() {
    var peer = new ExtensionTable();
    peer.update(Wire.extensions(Map.of("lt_donthave", 200)));
    var out = new ByteOutput();
    new MessageEncoder(peer).encode(new PeerMessage.DontHave(1), out);
    assertThat(Wire.hex(out.toBytes())).isEqualTo("0000000614c800000001");
  }

  @Test
  void an_extension_that_the_peer_does_not_have_cannot_be_sent() {
    var encoder = new MessageEncoder(new ExtensionTable());
    assertThatThrownBy(() -> encoder.encode(new PeerMessage.DontHave(1), new ByteOutput()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void an_unknown_message_is_only_received() {
    var message = new PeerMessage.Unknown(99, 3);
    assertThat(MessageEncoder.encodedLength(message)).isEqualTo(8);
    assertThatThrownBy(() -> Wire.encode(message)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_bitfield_fits_when_it_has_the_length_and_no_spare_bits() {
    assertThat(bitfield("a040").fits(10)).isTrue();
    assertThat(bitfield("a0c0").fits(10)).isTrue();
    assertThat(bitfield("a020").fits(10)).as("bit 10 of 10 pieces").isFalse();
    assertThat(bitfield("a001").fits(15)).as("the last spare bit").isFalse();
    assertThat(bitfield("a0ff").fits(16)).isTrue();
    assertThat(bitfield("a0").fits(9)).as("too short").isFalse();
    assertThat(bitfield("a00000").fits(16)).as("too long").isFalse();
    assertThat(bitfield("").fits(1)).as("empty").isFalse();
  }

  private static PeerMessage.Bitfield bitfield(String hex) {
    return new PeerMessage.Bitfield(Wire.bytes(hex));
  }
}

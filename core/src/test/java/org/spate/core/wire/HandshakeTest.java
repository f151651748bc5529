package org.spate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.spate.core.Hash160;
import org.spate.core.PeerId;

class HandshakeTest {
  private static final byte[] BYTES =
      Wire.bytes(Wire.vector("bep3-handshake").get("hex").asString());
  private static final Handshake HANDSHAKE =
      new Handshake(
          Handshake.EXTENSION_PROTOCOL | Handshake.FAST | Handshake.DHT,
          Hash160.parse("631a31dd0a46257d5078c0dee4e66e26f73e42ac"),
          new PeerId(Hash160.parse("2d5858303030312d6162636465666768696a6b6c")));

  @Test
  void the_published_handshake_is_read_and_written() {
    assertThat(HandshakeCodec.parse(BYTES)).isEqualTo(HANDSHAKE);
    assertThat(HandshakeCodec.encode(HANDSHAKE)).isEqualTo(BYTES).hasSize(Handshake.LENGTH);
  }

  @Test
  void its_flags_can_be_asked_for() {
    assertThat(HANDSHAKE.supports(Handshake.FAST)).isTrue();
    assertThat(HANDSHAKE.supports(Handshake.V2)).isFalse();
  }

  @Test
  void a_slow_handshake_is_whole_with_its_last_byte_and_leaves_the_rest() {
    var decoder = new HandshakeDecoder();
    var input = ByteInput.slow(Arrays.copyOf(BYTES, BYTES.length + 5));
    for (int i = 1; i < BYTES.length; i++) {
      input.arrive(1);
      assertThat(decoder.decode(input)).as("after %d bytes", i).isNull();
    }
    input.arrive(6);
    assertThat(decoder.decode(input)).isEqualTo(HANDSHAKE);
    assertThat(input.readableBytes()).isEqualTo(5);
  }

  @Test
  void the_first_wrong_byte_of_the_protocol_ends_it() {
    for (int wrong = 0; wrong < 20; wrong++) {
      var bytes = Arrays.copyOf(BYTES, wrong + 1);
      bytes[wrong] ^= 0x20;
      assertThatThrownBy(() -> new HandshakeDecoder().decode(ByteInput.of(bytes)))
          .as("byte %d", wrong)
          .isInstanceOfSatisfying(
              WireException.class,
              e -> assertThat(e.violation()).isEqualTo(Violation.NOT_BITTORRENT));
      assertThat(HandshakeCodec.isPrefix(bytes, bytes.length)).isFalse();
    }
  }

  @Test
  void any_beginning_of_it_can_become_one() {
    for (int length = 0; length <= BYTES.length; length++) {
      assertThat(HandshakeCodec.isPrefix(BYTES, length)).isTrue();
    }
  }
}

package org.spate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Any bytes give messages or a typed violation, the same ones however the bytes are cut. */
class WireFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void messages(byte[] data) {
    var whole = run(data, data.length);
    for (int part : new int[] {1, 3, 64}) {
      assertThat(run(data, part)).isEqualTo(whole);
    }
  }

  /** The messages, and the violation if there was one. */
  private static List<String> run(byte[] data, int part) {
    var decoder = new MessageDecoder(Wire.LIMITS);
    var input = ByteInput.slow(data);
    var messages = new ArrayList<PeerMessage>();
    String end = "end of input";
    try {
      do {
        input.arrive(part);
        for (var m = decoder.decode(input); m != null; m = decoder.decode(input)) {
          messages.add(m);
        }
      } while (!input.isComplete());
    } catch (WireException e) {
      end = e.getMessage();
    }
    var seen = new ArrayList<>(Wire.describe(messages));
    seen.add(end);
    return seen;
  }

  @FuzzTest(maxDuration = "1m")
  void extensions(byte[] data) {
    try {
      var extensions = ExtensionsCodec.parse(data);
      assertThat(ExtensionsCodec.parse(ExtensionsCodec.encode(extensions))).isEqualTo(extensions);
      assertThat(extensions.metadataSize()).isNotNegative();
      assertThat(extensions.requestQueue()).isNotNegative();
      assertThat(extensions.listenPort()).isBetween(0, 0xFFFF);
      new ExtensionTable().update(extensions);
    } catch (WireException e) {
      assertThat(e.violation()).isEqualTo(Violation.BAD_EXTENSION_HANDSHAKE);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void handshake(byte[] data) {
    try {
      var handshake = new HandshakeDecoder().decode(ByteInput.of(data));
      if (handshake != null) {
        assertThat(HandshakeCodec.encode(handshake))
            .isEqualTo(Arrays.copyOf(data, Handshake.LENGTH));
      }
    } catch (WireException e) {
      assertThat(e.violation()).isEqualTo(Violation.NOT_BITTORRENT);
    }
  }
}

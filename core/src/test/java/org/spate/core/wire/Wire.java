package org.spate.core.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the tests of this package share: both codecs over arrays, and the published vectors. */
final class Wire {
  static final WireLimits LIMITS = WireLimits.forPieces(10_000);

  private Wire() {}

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** The bytes of a message, its block included, to a peer whose extension ids are like ours. */
  static byte[] encode(PeerMessage message) {
    var peer = new ExtensionTable();
    peer.update(
        new Extensions(
            Extension.ids(List.of(Extension.values())), null, 0, 0, false, 0, false, null));
    var out = new ByteOutput();
    new MessageEncoder(peer).encode(message, out);
    if (message instanceof PeerMessage.Piece(_, _, ByteInput.ByteBlock(byte[] block))) {
      out.writeBytes(block);
    }
    return out.toBytes();
  }

  static byte[] encode(List<PeerMessage> messages) {
    var out = new ByteOutput();
    messages.forEach(message -> out.writeBytes(encode(message)));
    return out.toBytes();
  }

  /** All messages in the bytes, which must end with one. */
  static List<PeerMessage> decode(byte[] bytes) {
    var input = ByteInput.of(bytes);
    var messages = decodeAvailable(new MessageDecoder(LIMITS), input);
    if (input.readableBytes() != 0) {
      throw new AssertionError(input.readableBytes() + " bytes were left");
    }
    return messages;
  }

  static List<PeerMessage> decodeAvailable(MessageDecoder decoder, WireInput input) {
    var messages = new ArrayList<PeerMessage>();
    for (var m = decoder.decode(input); m != null; m = decoder.decode(input)) {
      messages.add(m);
    }
    return messages;
  }

  /** Messages as text, arrays by content: what a test compares. */
  static List<String> describe(List<PeerMessage> messages) {
    return messages.stream().map(Wire::describe).toList();
  }

  private static String describe(PeerMessage message) {
    return message instanceof PeerMessage.Unknown
        ? message.toString()
        : message.getClass().getSimpleName() + " " + hex(encode(message));
  }

  /** One entry of the published vectors. */
  static JsonNode vector(String id) {
    try (var in = Objects.requireNonNull(Wire.class.getResourceAsStream("/corpus/vectors.json"))) {
      for (var vector : JsonMapper.shared().readTree(in).get("vectors")) {
        if (vector.get("id").asString().equals(id)) {
          return vector;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no vector " + id);
  }

  static Extensions extensions(Map<String, Integer> ids) {
    return new Extensions(ids, null, 0, 0, false, 0, false, null);
  }
}

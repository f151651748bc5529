package org.spate.core.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.BencodeWriter;
import org.spate.core.bencode.Bencoded;

/**
 * The extension handshake as bytes (BEP 10). All its entries are optional and many clients write
 * odd ones, so an entry that makes no sense counts as absent; only what is no dictionary at all is
 * a violation.
 */
final class ExtensionsCodec {
  /** Extensions of one peer that are remembered. */
  static final int EXTENSION_COUNT_MAX = 128;

  /** Characters of a client's name that are kept. */
  static final int CLIENT_LENGTH_MAX = 64;

  /** Honest handshakes hold a few dozen values; the bound is for the others. */
  private static final BencodeLimits LIMITS = new BencodeLimits(32, 2_000, false);

  private ExtensionsCodec() {}

  static Extensions parse(byte[] body) {
    var dictionary = dictionary(body);
    return new Extensions(
        ids(dictionary.dictionary("m")),
        client(dictionary.text("v")),
        number(dictionary, "p", 0xFFFF),
        number(dictionary, "reqq", Integer.MAX_VALUE),
        flag(dictionary, "upload_only"),
        number(dictionary, "metadata_size", Integer.MAX_VALUE),
        flag(dictionary, "suggests_when_idle"),
        address(dictionary.text("yourip")));
  }

  private static Bencoded.Dictionary dictionary(byte[] body) {
    try {
      if (BencodeReader.parsePrefix(body, 0, body.length, LIMITS)
          instanceof Bencoded.Dictionary dictionary) {
        return dictionary;
      }
    } catch (BencodeException e) {
      throw new WireException(Violation.BAD_EXTENSION_HANDSHAKE, String.valueOf(e.getMessage()));
    }
    throw new WireException(Violation.BAD_EXTENSION_HANDSHAKE, "not a dictionary");
  }

  private static Map<String, Integer> ids(Bencoded.@Nullable Dictionary m) {
    var ids = new LinkedHashMap<String, Integer>();
    if (m != null) {
      for (var entry : m.entries().entrySet()) {
        if (ids.size() < EXTENSION_COUNT_MAX
            && entry.getValue() instanceof Bencoded.Int id
            && id.value() >= 0
            && id.value() <= 0xFF) {
          ids.put(entry.getKey(), (int) id.value());
        }
      }
    }
    return ids;
  }

  private static boolean flag(Bencoded.Dictionary dictionary, String key) {
    var value = dictionary.integer(key);
    return value != null && value != 0;
  }

  /** An integer from 1 to {@code max}, else 0. */
  private static int number(Bencoded.Dictionary dictionary, String key, int max) {
    var value = dictionary.integer(key);
    return value != null && value > 0 && value <= max ? value.intValue() : 0;
  }

  /** Letters, digits and signs only: this text ends up on terminals, in logs and on web pages. */
  private static @Nullable String client(Bencoded.@Nullable Text text) {
    if (text == null) {
      return null;
    }
    var client = new StringBuilder();
    text.utf8()
        .codePoints()
        .filter(ExtensionsCodec::isShowable)
        .limit(CLIENT_LENGTH_MAX)
        .forEach(client::appendCodePoint);
    return client.isEmpty() ? null : client.toString();
  }

  private static boolean isShowable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static @Nullable Endpoint address(Bencoded.@Nullable Text text) {
    return text != null && (text.length() == 4 || text.length() == 16)
        ? Endpoint.of(text.bytes(), 0)
        : null;
  }

  /** The dictionary with the entries that say something. */
  static byte[] encode(Extensions extensions) {
    var writer = new BencodeWriter().beginDictionary();
    writeIds(writer.key("m"), extensions.ids());
    writeNumber(writer, "metadata_size", extensions.metadataSize());
    writeNumber(writer, "p", extensions.listenPort());
    writeNumber(writer, "reqq", extensions.requestQueue());
    writeNumber(writer, "suggests_when_idle", extensions.suggestsWhenIdle() ? 1 : 0);
    writeNumber(writer, "upload_only", extensions.uploadOnly() ? 1 : 0);
    var client = extensions.client();
    if (client != null) {
      writer.key("v").text(client);
    }
    var address = extensions.yourAddress();
    if (address != null) {
      writer.key("yourip").text(address.address());
    }
    return writer.end().toBytes();
  }

  private static void writeIds(BencodeWriter writer, Map<String, Integer> ids) {
    writer.beginDictionary();
    var names = new ArrayList<>(ids.keySet());
    names.sort(null);
    for (var name : names) {
      writer.key(name).integer(ids.getOrDefault(name, 0));
    }
    writer.end();
  }

  private static void writeNumber(BencodeWriter writer, String key, int value) {
    if (value != 0) {
      writer.key(key).integer(value);
    }
  }
}

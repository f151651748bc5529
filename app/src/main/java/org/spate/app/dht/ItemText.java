package org.spate.app.dht;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.BencodeWriter;
import org.spate.core.bencode.Bencoded;
import org.spate.core.dht.Item;

/** The values of items (BEP 44) as people write and read them. */
public final class ItemText {
  private ItemText() {}

  /** A text as a bencoded string. */
  public static byte[] bencoded(String text) {
    return new BencodeWriter().text(text).toBytes();
  }

  /** Bencode as somebody typed it; throws {@link IllegalArgumentException} if it is none. */
  public static byte[] checked(String bencode) {
    var bytes = bencode.getBytes(StandardCharsets.UTF_8);
    try {
      BencodeReader.parse(bytes, BencodeLimits.STRICT);
      return bytes;
    } catch (BencodeException e) {
      throw new IllegalArgumentException("the value is no canonical bencode: " + e.getMessage(), e);
    }
  }

  /** The text that a value is; null if it is anything but a string of UTF-8. */
  public static @Nullable String text(Item item) {
    try {
      return BencodeReader.parse(item.value(), BencodeLimits.MESSAGE) instanceof Bencoded.Text text
          ? StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.bytes())).toString()
          : null;
    } catch (BencodeException | CharacterCodingException e) {
      return null;
    }
  }

  /** A value for people: the text, or the bencode one character a byte. */
  public static String shown(Item item) {
    var text = text(item);
    return text == null ? new String(item.value(), StandardCharsets.ISO_8859_1) : text;
  }
}

package org.spate.core.bencode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A bencoded value (BEP 3) as it stood in its source. {@link #raw()} returns its exact bytes, so a
 * hash over it is right whatever its writer did about order or duplicates.
 */
public sealed interface Bencoded {

  /** The bytes this value was parsed from; shared, never to be changed. */
  byte[] source();

  /** Where the value begins in its source. */
  int start();

  /** Where it ends, exclusive. */
  int end();

  /** A copy of the exact bytes of this value. */
  default byte[] raw() {
    return Arrays.copyOfRange(source(), start(), end());
  }

  /** A signed integer that fits 64 bits. */
  record Int(byte[] source, int start, int end, long value) implements Bencoded {}

  /** A byte string; {@code contentStart} is where its bytes begin, behind the colon. */
  record Text(byte[] source, int start, int contentStart, int end) implements Bencoded {
    public int length() {
      return end - contentStart;
    }

    public byte[] bytes() {
      return Arrays.copyOfRange(source, contentStart, end);
    }

    /** Decoded as UTF-8; malformed sequences become U+FFFD. */
    public String utf8() {
      return new String(source, contentStart, end - contentStart, StandardCharsets.UTF_8);
    }
  }

  /** A list. */
  record Items(byte[] source, int start, int end, List<Bencoded> values) implements Bencoded {}

  /**
   * A dictionary, in the order of its source. Keys are kept as ISO 8859-1 strings, one char a byte.
   * Of duplicate keys the first wins.
   *
   * @param canonical whether the keys stood in ascending order without duplicates
   */
  record Dictionary(
      byte[] source, int start, int end, SequencedMap<String, Bencoded> entries, boolean canonical)
      implements Bencoded {

    public @Nullable Bencoded find(String key) {
      return entries.get(key);
    }

    /** The integer under a key, or null if there is none or it is of another type. */
    public @Nullable Long integer(String key) {
      return entries.get(key) instanceof Int i ? (Long) i.value() : null;
    }

    public @Nullable Text text(String key) {
      return entries.get(key) instanceof Text t ? t : null;
    }

    public @Nullable Items items(String key) {
      return entries.get(key) instanceof Items i ? i : null;
    }

    public @Nullable Dictionary dictionary(String key) {
      return entries.get(key) instanceof Dictionary d ? d : null;
    }
  }
}

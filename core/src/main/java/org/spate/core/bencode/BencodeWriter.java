package org.spate.core.bencode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Writes canonical bencode (BEP 3) front to back. Keys must come in ascending byte order; a
 * violation is a bug of the caller and throws.
 */
public final class BencodeWriter {
  private static final String LIST = "a list";
  private static final String NO_KEY_YET = "no key yet";

  private byte[] buffer = new byte[256];
  private int size;
  private final Deque<String> lastKeys = new ArrayDeque<>(); // of each open value; for lists a mark

  /**
   * The bytes written so far.
   *
   * @throws IllegalStateException if a list or dictionary has not been ended
   */
  public byte[] toBytes() {
    if (!lastKeys.isEmpty()) {
      throw new IllegalStateException(lastKeys.size() + " values are still open");
    }
    return Arrays.copyOf(buffer, size);
  }

  public BencodeWriter beginDictionary() {
    lastKeys.push(NO_KEY_YET);
    return put('d');
  }

  public BencodeWriter beginList() {
    lastKeys.push(LIST);
    return put('l');
  }

  /** Ends the innermost list or dictionary. */
  public BencodeWriter end() {
    lastKeys.pop();
    return put('e');
  }

  /** A key, one char a byte. */
  @SuppressWarnings("ReferenceEquality") // the marks are told from keys of the same letters
  public BencodeWriter key(String key) {
    var last = lastKeys.pop();
    if (last == LIST || (last != NO_KEY_YET && last.compareTo(key) >= 0)) {
      throw new IllegalStateException("key " + key + " after " + last);
    }
    lastKeys.push(key);
    return bytes(Integer.toString(key.length())).put(':').bytes(key);
  }

  public BencodeWriter integer(long value) {
    return put('i').bytes(Long.toString(value)).put('e');
  }

  /** A string as UTF-8. */
  public BencodeWriter text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  public BencodeWriter text(byte[] bytes) {
    return bytes(Integer.toString(bytes.length)).put(':').raw(bytes);
  }

  /** Bytes that are bencode already, as they are. */
  public BencodeWriter raw(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** One char a byte. */
  private BencodeWriter bytes(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0xFF) {
        throw new IllegalArgumentException("a key is one char a byte: " + text);
      }
      buffer[size++] = (byte) c;
    }
    return this;
  }

  private BencodeWriter put(char c) {
    reserve(1);
    buffer[size++] = (byte) c;
    return this;
  }

  private void reserve(int count) {
    if (buffer.length - size < count) {
      buffer = Arrays.copyOf(buffer, Math.max(Math.multiplyExact(buffer.length, 2), size + count));
    }
  }
}

package org.spate.core.bencode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses bencode (BEP 3) with an explicit stack, so that depth costs heap and not call frames, and
 * with every length checked against what is left of the input before anything is allocated.
 */
public final class BencodeReader {
  private final byte[] source;
  private final int limit;
  private final BencodeLimits limits;
  private final Deque<Open> open = new ArrayDeque<>();
  private int position;
  private int valueCount;

  private BencodeReader(byte[] source, int offset, int limit, BencodeLimits limits) {
    this.source = source;
    this.position = offset;
    this.limit = limit;
    this.limits = limits;
  }

  /**
   * Parses one value that fills the whole input.
   *
   * @throws BencodeException if it is anything else
   */
  public static Bencoded parse(byte[] source, BencodeLimits limits) {
    var value = parsePrefix(source, 0, source.length, limits);
    if (value.end() != source.length) {
      throw new BencodeException("more bytes after the value", value.end());
    }
    return value;
  }

  /**
   * Parses the value at {@code offset}; what follows it, up to {@code limit}, is left alone.
   * Messages of BEP 9 carry data behind a dictionary.
   *
   * @throws BencodeException if there is no valid value
   */
  public static Bencoded parsePrefix(byte[] source, int offset, int limit, BencodeLimits limits) {
    return new BencodeReader(source, offset, limit, limits).read();
  }

  /** A list or dictionary whose end has not been seen. */
  private static final class Open {
    final int start;
    final @Nullable List<Bencoded> values;
    final @Nullable LinkedHashMap<String, Bencoded> entries;
    @Nullable String key;
    @Nullable String lastKey;
    boolean canonical = true;

    Open(int start, boolean isList) {
      this.start = start;
      values = isList ? new ArrayList<>() : null;
      entries = isList ? null : new LinkedHashMap<>();
    }
  }

  private Bencoded read() {
    while (true) {
      var value = next();
      if (value == null) {
        continue;
      }
      var parent = open.peek();
      if (parent == null) {
        return value;
      }
      add(parent, value);
    }
  }

  /** A whole value, or null when a list or dictionary was opened. */
  private @Nullable Bencoded next() {
    int start = position;
    byte first = byteAt(start);
    var parent = open.peek();
    if (first == 'e' && parent != null) {
      return close(parent);
    }
    if (parent != null && parent.entries != null && parent.key == null && !isDigit(first)) {
      throw new BencodeException("a dictionary key must be a string", start);
    }
    if (++valueCount > limits.valueCountMax()) {
      throw new BencodeException("more than " + limits.valueCountMax() + " values", start);
    }
    return switch (first) {
      case 'i' -> integer();
      case 'l', 'd' -> open(start, first == 'l');
      default -> text();
    };
  }

  private @Nullable Bencoded open(int start, boolean isList) {
    if (open.size() == limits.depthMax()) {
      throw new BencodeException("nested deeper than " + limits.depthMax(), start);
    }
    open.push(new Open(start, isList));
    position++;
    return null;
  }

  private void add(Open parent, Bencoded value) {
    if (parent.values != null) {
      parent.values.add(value);
    } else if (parent.key == null) {
      var text = (Bencoded.Text) value;
      parent.key =
          new String(source, text.contentStart(), text.length(), StandardCharsets.ISO_8859_1);
    } else {
      put(parent, parent.key, value);
      parent.key = null;
    }
  }

  private void put(Open parent, String key, Bencoded value) {
    if (parent.lastKey != null && parent.lastKey.compareTo(key) >= 0) {
      parent.canonical = false;
      if (limits.strict()) {
        throw new BencodeException("dictionary keys out of order", value.start());
      }
    }
    parent.lastKey = key;
    if (parent.entries != null) {
      parent.entries.putIfAbsent(key, value);
    }
  }

  private Bencoded close(Open top) {
    int end = ++position;
    open.pop();
    if (top.entries == null) {
      return new Bencoded.Items(source, top.start, end, List.copyOf(orEmpty(top.values)));
    }
    if (top.key != null) {
      throw new BencodeException("dictionary key without a value", end - 1);
    }
    var entries = Collections.unmodifiableSequencedMap(top.entries);
    return new Bencoded.Dictionary(source, top.start, end, entries, top.canonical);
  }

  private static List<Bencoded> orEmpty(@Nullable List<Bencoded> values) {
    return values == null ? List.of() : values;
  }

  private Bencoded.Int integer() {
    int start = position++;
    boolean negative = byteAt(position) == '-';
    if (negative) {
      position++;
    }
    int digits = position;
    long value = 0; // kept negative: -2^63 has no positive twin
    while (isDigit(byteAt(position))) {
      int digit = source[position] - '0';
      if (value < (Long.MIN_VALUE + digit) / 10) {
        throw new BencodeException("integer beyond 64 bits", start);
      }
      value = value * 10 - digit;
      position++;
    }
    if (position == digits || source[position] != 'e') {
      throw new BencodeException("malformed integer", start);
    }
    if (!negative && value == Long.MIN_VALUE) {
      throw new BencodeException("integer beyond 64 bits", start);
    }
    if (limits.strict() && source[digits] == '0' && (position > digits + 1 || negative)) {
      throw new BencodeException("integer with a leading zero", start);
    }
    return new Bencoded.Int(source, start, ++position, negative ? value : -value);
  }

  private Bencoded.Text text() {
    int start = position;
    long length = 0;
    while (isDigit(byteAt(position))) {
      length = length * 10 + (source[position++] - '0');
      if (length > limit) {
        throw new BencodeException("string longer than the input", start);
      }
    }
    if (position == start || source[position] != ':') {
      throw new BencodeException("not a bencoded value", start);
    }
    if (limits.strict() && source[start] == '0' && position > start + 1) {
      throw new BencodeException("string length with a leading zero", start);
    }
    int content = ++position;
    if (length > limit - content) {
      throw new BencodeException("string longer than the input", start);
    }
    position += (int) length;
    return new Bencoded.Text(source, start, content, position);
  }

  private byte byteAt(int index) {
    if (index >= limit) {
      throw new BencodeException("input ends early", limit);
    }
    return source[index];
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}

package org.spate.core.recording;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.wire.Payload;
import org.spate.core.wire.WireInput;

/** Reads what a {@link FormWriter} wrote, and trusts none of it: every length is checked first. */
final class FormReader implements WireInput {
  private final byte[] bytes;
  private final int end;
  private int at;

  FormReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  boolean isAtEnd() {
    return at == end;
  }

  /** Moves on by so many bytes, and returns where they begin. */
  private int take(int count) {
    if (count < 0 || count > end - at) {
      throw new RecordingException("an entry is shorter than it says");
    }
    at += count;
    return at - count;
  }

  int readByte() {
    return bytes[take(1)] & 0xFF;
  }

  int readInt() {
    return BigEndian.intAt(bytes, take(Integer.BYTES));
  }

  long readLong() {
    return BigEndian.longAt(bytes, take(Long.BYTES));
  }

  boolean readBoolean() {
    return readByte() != 0;
  }

  long readNumber() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = readByte();
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new RecordingException("a number without end");
  }

  /** A number that fits: of either sign. */
  int readSmall() {
    long value = readNumber();
    if (value != (int) value) {
      throw new RecordingException("a number that is too large: " + value);
    }
    return (int) value;
  }

  /** How many follow, each of so many bytes at least. */
  int readCount(int bytesEach) {
    long count = readNumber();
    if (count < 0 || count > (end - at) / bytesEach) {
      throw new RecordingException("an entry is shorter than it says");
    }
    return (int) count;
  }

  byte[] readBlob() {
    int length = readCount(1);
    int from = take(length);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  String readText() {
    int length = readCount(1);
    return new String(bytes, take(length), length, StandardCharsets.UTF_8);
  }

  Hash160 readHash() {
    return Hash160.at(bytes, take(Hash160.BYTES));
  }

  Endpoint readEndpoint() {
    int length = readByte() == 4 ? 4 : 16;
    int from = take(length);
    var address = Arrays.copyOfRange(bytes, from, from + length);
    return Endpoint.of(address, BigEndian.shortAt(bytes, take(Short.BYTES)));
  }

  <E extends Enum<E>> E readEnum(E[] values) {
    int ordinal = readByte();
    if (ordinal >= values.length) {
      throw new RecordingException("a value that this version does not know: " + ordinal);
    }
    return values[ordinal];
  }

  <T> List<T> readList(Supplier<T> readOne) {
    int count = readCount(1);
    var list = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      list.add(readOne.get());
    }
    return list;
  }

  // What the decoder of messages asks for.

  @Override
  public int readableBytes() {
    return end - at;
  }

  @Override
  public void readBytes(byte[] target, int offset, int length) {
    System.arraycopy(bytes, take(length), target, offset, length);
  }

  @Override
  public void skipBytes(int length) {
    take(length);
  }

  /** Blocks are not in a recording: {@link MessageForm} writes their lengths. */
  @Override
  public Payload readBlock(int length) {
    throw new RecordingException("a block in a recording");
  }
}

package org.spate.core.recording;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.wire.WireOutput;

/** Bytes that grow: what a {@link FormReader} reads. Small numbers take one byte. */
final class FormWriter implements WireOutput {
  private static final int START = 256;
  private static final int IP_V4 = 4;
  private static final int IP_V6 = 6;

  private byte[] bytes = new byte[START];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  /** Where the bytes are; not to be kept across a change. */
  byte[] array() {
    return bytes;
  }

  private int claim(int count) {
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
    }
    int at = size;
    size += count;
    return at;
  }

  @Override
  public void writeByte(int value) {
    int at = claim(1);
    bytes[at] = (byte) value;
  }

  @Override
  public void writeShort(int value) {
    int at = claim(Short.BYTES);
    BigEndian.putShort(bytes, at, value);
  }

  @Override
  public void writeInt(int value) {
    int at = claim(Integer.BYTES);
    BigEndian.putInt(bytes, at, value);
  }

  @Override
  public void writeBytes(byte[] source) {
    writeBytes(source, source.length);
  }

  void writeBytes(byte[] source, int length) {
    int at = claim(length);
    System.arraycopy(source, 0, bytes, at, length);
  }

  void writeLong(long value) {
    int at = claim(Long.BYTES);
    BigEndian.putLong(bytes, at, value);
  }

  void writeBoolean(boolean value) {
    writeByte(value ? 1 : 0);
  }

  /** Seven bits a byte, the low ones first; a negative number takes ten bytes. */
  void writeNumber(long value) {
    long rest = value;
    for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
      writeByte(((int) rest) | 0x80);
    }
    writeByte((int) rest);
  }

  void writeBlob(byte[] source) {
    writeNumber(source.length);
    writeBytes(source);
  }

  void writeText(String text) {
    writeBlob(text.getBytes(StandardCharsets.UTF_8));
  }

  void writeHash(Hash160 hash) {
    hash.copyTo(bytes, claim(Hash160.BYTES));
  }

  void writeEndpoint(Endpoint endpoint) {
    writeByte(endpoint.isV4() ? IP_V4 : IP_V6);
    if (endpoint.isV4()) {
      writeInt(endpoint.v4Address());
    } else {
      writeLong(endpoint.high());
      writeLong(endpoint.low());
    }
    writeShort(endpoint.port());
  }

  <T> void writeList(List<T> list, Consumer<T> writeOne) {
    writeNumber(list.size());
    list.forEach(writeOne);
  }
}

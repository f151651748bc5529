package org.spate.core.wire;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A host's receive side over an array: bytes become readable when the test says so. */
final class ByteInput implements WireInput {
  private final byte[] bytes;
  private int position;
  private int limit;
  private final ByteArrayOutputStream partialBlock = new ByteArrayOutputStream();

  ByteInput(byte[] bytes) {
    this.bytes = bytes;
    this.limit = bytes.length;
  }

  /** All is there. */
  static ByteInput of(byte[] bytes) {
    return new ByteInput(bytes);
  }

  /** Nothing is readable until {@link #arrive}. */
  static ByteInput slow(byte[] bytes) {
    var input = new ByteInput(bytes);
    input.limit = 0;
    return input;
  }

  void arrive(int count) {
    limit = Math.min(limit + count, bytes.length);
  }

  boolean isComplete() {
    return limit == bytes.length;
  }

  int position() {
    return position;
  }

  @Override
  public int readableBytes() {
    return limit - position;
  }

  @Override
  public void readBytes(byte[] target, int offset, int length) {
    requireReadable(length);
    System.arraycopy(bytes, position, target, offset, length);
    position += length;
  }

  @Override
  public void skipBytes(int length) {
    requireReadable(length);
    position += length;
  }

  @Override
  public @Nullable Payload readBlock(int length) {
    int count = Math.min(length - partialBlock.size(), readableBytes());
    partialBlock.write(bytes, position, count);
    position += count;
    if (partialBlock.size() < length) {
      return null;
    }
    var block = new ByteBlock(partialBlock.toByteArray());
    partialBlock.reset();
    return block;
  }

  private void requireReadable(int length) {
    if (length < 0 || length > readableBytes()) {
      throw new AssertionError(length + " of " + readableBytes() + " bytes were read");
    }
  }

  /** A block on the heap. */
  record ByteBlock(byte[] bytes) implements Payload {
    @Override
    public int length() {
      return bytes.length;
    }

    @Override
    public void release() {}

    @Override
    public boolean equals(Object other) {
      return other instanceof ByteBlock(byte[] others) && Arrays.equals(bytes, others);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}

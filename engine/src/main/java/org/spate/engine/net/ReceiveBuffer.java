package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.Payload;
import org.spate.core.wire.WireInput;

/**
 * What a link has received, as the decoder reads it. A block that lies whole in one receive buffer
 * is a slice of it; one that is cut by its end is put together in a buffer of its own.
 */
final class ReceiveBuffer implements WireInput {
  /** A slice keeps its whole buffer alive: below this share of it a copy costs less. */
  private static final int SHARE_MIN = 8;

  private final ByteBufAllocator allocator;
  private ByteBuf received = Unpooled.EMPTY_BUFFER;
  private @Nullable ByteBuf partial;

  ReceiveBuffer(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** Takes over the next bytes; those before it must have been read. */
  void accept(ByteBuf bytes) {
    received.release();
    received = bytes;
  }

  @Override
  public int readableBytes() {
    return received.readableBytes();
  }

  @Override
  public void readBytes(byte[] target, int offset, int length) {
    received.readBytes(target, offset, length);
  }

  @Override
  public void skipBytes(int length) {
    received.skipBytes(length);
  }

  @Override
  public @Nullable Payload readBlock(int length) {
    if (partial == null && received.readableBytes() >= length && isWorthKeeping(length)) {
      return new ReceivedBlock(received.readRetainedSlice(length));
    }
    if (partial == null) {
      partial = allocator.directBuffer(length, length);
    }
    int count = Math.min(partial.writableBytes(), received.readableBytes());
    partial.writeBytes(received, count);
    if (partial.isWritable()) {
      return null;
    }
    var block = new ReceivedBlock(partial);
    partial = null;
    return block;
  }

  /** How much more the block that has begun wants; 0 between blocks. */
  int missingBytes() {
    return partial == null ? 0 : partial.writableBytes();
  }

  private boolean isWorthKeeping(int length) {
    return (long) length * SHARE_MIN >= received.capacity()
        || (long) received.writerIndex() * 2 >= received.capacity();
  }

  /** Hands over what has not been read. */
  ByteBuf takeRest() {
    var rest = received;
    received = Unpooled.EMPTY_BUFFER;
    return rest;
  }

  /** Frees what is buffered. */
  void release() {
    received.release();
    received = Unpooled.EMPTY_BUFFER;
    if (partial != null) {
      partial.release();
      partial = null;
    }
  }
}

package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.spate.engine.storage.BufferPayload;

/** A block in pooled memory: often a slice of the buffer that it was received into. */
public final class ReceivedBlock implements BufferPayload {
  private final ByteBuf buffer;
  private final int length;

  /** Takes over one reference to the buffer, whose readable bytes are the block. */
  ReceivedBlock(ByteBuf buffer) {
    this.buffer = buffer;
    this.length = buffer.readableBytes();
  }

  /** The same for those who fill buffers elsewhere. */
  public static ReceivedBlock of(ByteBuf whole) {
    return new ReceivedBlock(whole);
  }

  @Override
  public int length() {
    return length;
  }

  /** The bytes; the reference stays with this block. */
  ByteBuf buffer() {
    return buffer;
  }

  @Override
  public ByteBuffer[] nio() {
    return buffer.nioBuffers();
  }

  @Override
  public void release() {
    buffer.release();
  }
}

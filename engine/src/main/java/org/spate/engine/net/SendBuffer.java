package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import org.spate.core.wire.WireOutput;

/** A Netty buffer as the encoder writes to it. */
record SendBuffer(ByteBuf buffer) implements WireOutput {

  @Override
  public void writeByte(int value) {
    buffer.writeByte(value);
  }

  @Override
  public void writeShort(int value) {
    buffer.writeShort(value);
  }

  @Override
  public void writeInt(int value) {
    buffer.writeInt(value);
  }

  @Override
  public void writeBytes(byte[] bytes) {
    buffer.writeBytes(bytes);
  }
}

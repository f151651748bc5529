package org.spate.core.wire;

import java.io.ByteArrayOutputStream;

/** A host's send side over an array. */
final class ByteOutput implements WireOutput {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public void writeByte(int value) {
    bytes.write(value);
  }

  @Override
  public void writeShort(int value) {
    bytes.write(value >>> 8);
    bytes.write(value);
  }

  @Override
  public void writeInt(int value) {
    writeShort(value >>> 16);
    writeShort(value);
  }

  @Override
  public void writeBytes(byte[] source) {
    bytes.writeBytes(source);
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}

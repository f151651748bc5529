package org.spate.core.wire;

/** Where encoded messages go: a host's send buffer. Numbers are written big-endian. */
public interface WireOutput {

  /** The low byte. */
  void writeByte(int value);

  /** The low two bytes. */
  void writeShort(int value);

  void writeInt(int value);

  void writeBytes(byte[] bytes);
}

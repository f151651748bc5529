package org.spate.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network byte order, in and out of byte arrays; indexes are checked by the JVM. */
public final class BigEndian {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  /** Two bytes, unsigned: 0 to 65535. */
  public static int shortAt(byte[] source, int offset) {
    return Short.toUnsignedInt((short) SHORT.get(source, offset));
  }

  public static int intAt(byte[] source, int offset) {
    return (int) INT.get(source, offset);
  }

  public static long longAt(byte[] source, int offset) {
    return (long) LONG.get(source, offset);
  }

  /** Writes the low two bytes. */
  public static void putShort(byte[] target, int offset, int value) {
    SHORT.set(target, offset, (short) value);
  }

  public static void putInt(byte[] target, int offset, int value) {
    INT.set(target, offset, value);
  }

  public static void putLong(byte[] target, int offset, long value) {
    LONG.set(target, offset, value);
  }
}

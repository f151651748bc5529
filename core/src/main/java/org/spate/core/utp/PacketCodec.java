package org.spate.core.utp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;

/** Headers of packets as bytes and back. Extensions that mean nothing to us are skipped. */
public final class PacketCodec {
  private static final int SELECTIVE_ACK = 1;

  /** A number that no implementation is known to use; all of them skip what they do not know. */
  private static final int PADDING = 0x77;

  private static final int EXTENSION_AT = 1;
  private static final int ID_AT = 2;
  private static final int TIMESTAMP_AT = 4;
  private static final int DELAY_AT = 8;
  private static final int WINDOW_AT = 12;
  private static final int SEQUENCE_AT = 16;
  private static final int ACK_AT = 18;

  private PacketCodec() {}

  /**
   * Reads the header of a datagram.
   *
   * @param datagram the datagram, or its first {@link UtpPacket#HEADER_BYTES_MAX} bytes
   * @param length how many bytes of the array count
   * @return null if it is no packet: another version or type, cut off, too many extensions
   */
  public static @Nullable UtpPacket parse(byte[] datagram, int length) {
    if (length < UtpPacket.HEADER_BYTES || (datagram[0] & 0xF) != UtpPacket.VERSION) {
      return null;
    }
    var type = PacketType.of((datagram[0] & 0xFF) >>> 4);
    if (type == null) {
      return null;
    }
    int extension = datagram[EXTENSION_AT] & 0xFF;
    return extension == 0
        ? packet(type, datagram, null, 0)
        : withExtensions(type, extension, datagram, length);
  }

  private static @Nullable UtpPacket withExtensions(
      PacketType type, int first, byte[] datagram, int length) {
    SelectiveAck selectiveAck = null;
    int skipped = 0;
    int at = UtpPacket.HEADER_BYTES;
    int count = 0;
    for (int extension = first; extension != 0; count++) {
      if (count == UtpPacket.EXTENSIONS_MAX || length - at < UtpPacket.EXTENSION_HEAD_BYTES) {
        return null;
      }
      int bytes = datagram[at + 1] & 0xFF;
      int begin = at + UtpPacket.EXTENSION_HEAD_BYTES;
      if (length - begin < bytes) {
        return null;
      }
      if (extension == SELECTIVE_ACK && selectiveAck == null && bytes > 0) {
        // Of any length: BEP 29 wants multiples of four, libtorrent sends what it needs.
        selectiveAck = new SelectiveAck(Arrays.copyOfRange(datagram, begin, begin + bytes));
      } else {
        skipped += UtpPacket.EXTENSION_HEAD_BYTES + bytes;
      }
      extension = datagram[at] & 0xFF;
      at = begin + bytes;
    }
    return packet(type, datagram, selectiveAck, skipped);
  }

  private static UtpPacket packet(
      PacketType type, byte[] bytes, @Nullable SelectiveAck selectiveAck, int padding) {
    return new UtpPacket(
        type,
        BigEndian.shortAt(bytes, ID_AT),
        BigEndian.intAt(bytes, TIMESTAMP_AT),
        BigEndian.intAt(bytes, DELAY_AT),
        BigEndian.intAt(bytes, WINDOW_AT),
        BigEndian.shortAt(bytes, SEQUENCE_AT),
        BigEndian.shortAt(bytes, ACK_AT),
        selectiveAck,
        padding);
  }

  /**
   * Writes a header. Padding becomes one extension, so it is 0 or from 2 to 257 bytes.
   *
   * @param target has room for {@link UtpPacket#headerBytes}
   */
  public static void write(UtpPacket packet, byte[] target) {
    var selectiveAck = packet.selectiveAck();
    int padding = packet.padding() == 0 ? 0 : PADDING;
    target[0] = (byte) (packet.type().ordinal() << 4 | UtpPacket.VERSION);
    target[EXTENSION_AT] = (byte) (selectiveAck == null ? padding : SELECTIVE_ACK);
    BigEndian.putShort(target, ID_AT, packet.connectionId());
    BigEndian.putInt(target, TIMESTAMP_AT, packet.timestampMicros());
    BigEndian.putInt(target, DELAY_AT, packet.delayMicros());
    BigEndian.putInt(target, WINDOW_AT, packet.window());
    BigEndian.putShort(target, SEQUENCE_AT, packet.sequence());
    BigEndian.putShort(target, ACK_AT, packet.ack());
    int at = UtpPacket.HEADER_BYTES;
    if (selectiveAck != null) {
      target[at] = (byte) padding;
      target[at + 1] = (byte) selectiveAck.bytes();
      selectiveAck.copyTo(target, at + UtpPacket.EXTENSION_HEAD_BYTES);
      at += UtpPacket.EXTENSION_HEAD_BYTES + selectiveAck.bytes();
    }
    if (padding != 0) {
      int bytes = packet.padding() - UtpPacket.EXTENSION_HEAD_BYTES;
      target[at] = 0;
      target[at + 1] = (byte) bytes;
      Arrays.fill(
          target,
          at + UtpPacket.EXTENSION_HEAD_BYTES,
          at + UtpPacket.EXTENSION_HEAD_BYTES + bytes,
          (byte) 0);
    }
  }
}

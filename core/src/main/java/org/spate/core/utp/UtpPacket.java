package org.spate.core.utp;

import org.jspecify.annotations.Nullable;

/**
 * The header of a packet (BEP 29, header format); its payload, if any, lies behind it.
 *
 * @param connectionId 16 bits
 * @param timestampMicros the sender's clock, wrapping
 * @param delayMicros how long the sender's last packet from us took, by two clocks that need not
 *     agree; 0 if it has none
 * @param window bytes that the sender can take beyond what it has acknowledged, 32 bits
 * @param sequence 16 bits
 * @param ack the last packet up to which all have arrived
 * @param selectiveAck what has arrived beyond a gap, or null
 * @param padding bytes of an extension that means nothing, 0 for none: how a probe of the path gets
 *     its length
 */
public record UtpPacket(
    PacketType type,
    int connectionId,
    int timestampMicros,
    int delayMicros,
    int window,
    int sequence,
    int ack,
    @Nullable SelectiveAck selectiveAck,
    int padding) {

  /** Bytes of a header without extensions. */
  public static final int HEADER_BYTES = 20;

  /** Extensions that a packet may have; libtorrent and libutp send two at most. */
  static final int EXTENSIONS_MAX = 4;

  /** Bytes before an extension's own: the type of the next one, and its length. */
  static final int EXTENSION_HEAD_BYTES = 2;

  static final int EXTENSION_BYTES_MAX = 255;

  /** No header is longer. */
  public static final int HEADER_BYTES_MAX =
      HEADER_BYTES + EXTENSIONS_MAX * (EXTENSION_HEAD_BYTES + EXTENSION_BYTES_MAX);

  static final int VERSION = 1;

  /** Bytes of this header on the wire. */
  public int headerBytes() {
    return HEADER_BYTES
        + (selectiveAck == null ? 0 : EXTENSION_HEAD_BYTES + selectiveAck.bytes())
        + padding;
  }

  /** The window as a number of bytes from 0 up. */
  long windowBytes() {
    return Integer.toUnsignedLong(window);
  }
}

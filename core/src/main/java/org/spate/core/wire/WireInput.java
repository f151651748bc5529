package org.spate.core.wire;

import org.jspecify.annotations.Nullable;

/**
 * The received bytes of one link, as its host holds them. The decoder asks only for what {@link
 * #readableBytes} promises. Block data never passes through the decoder: the host hands it out as a
 * {@link Payload}, a slice of its receive buffer where it can.
 */
public interface WireInput {

  /** Bytes that can be read now, 0 and up. */
  int readableBytes();

  /** Copies the next bytes; at most {@link #readableBytes} are asked for. */
  void readBytes(byte[] target, int offset, int length);

  /** Drops the next bytes; at most {@link #readableBytes} are asked for. */
  void skipBytes(int length);

  /**
   * Takes the next block. If all its bytes are readable it is returned at once, best without a
   * copy. If not, all that is readable is taken and kept by the host, and the result is null; the
   * decoder calls again with the same length when there is more input, until the block is whole. A
   * block that is unfinished when the link closes is the host's to free.
   *
   * @param length bytes of the whole block, from 1 to the limit in {@link WireLimits}
   */
  @Nullable Payload readBlock(int length);
}

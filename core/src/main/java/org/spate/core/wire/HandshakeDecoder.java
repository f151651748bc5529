package org.spate.core.wire;

import org.jspecify.annotations.Nullable;

/** Reads one handshake from fragments of any size, and fails at the first byte that is wrong. */
public final class HandshakeDecoder {
  private final byte[] bytes = new byte[Handshake.LENGTH];
  private int size;

  /**
   * Takes what is there, up to the end of the handshake; what follows stays in the input.
   *
   * @return the handshake, or null if the input ended before it did
   * @throws WireException as soon as the bytes are not those of a handshake
   */
  public @Nullable Handshake decode(WireInput input) {
    int count = Math.min(Handshake.LENGTH - size, input.readableBytes());
    input.readBytes(bytes, size, count);
    size += count;
    HandshakeCodec.requireProtocol(bytes, size);
    return size == Handshake.LENGTH ? HandshakeCodec.parse(bytes) : null;
  }
}

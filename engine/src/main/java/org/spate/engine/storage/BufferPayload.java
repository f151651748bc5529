package org.spate.engine.storage;

import java.nio.ByteBuffer;
import org.spate.core.wire.Payload;

/**
 * A block in memory. The network layer hands these to {@link TorrentStorage#write} around its
 * pooled buffers, so that a block is hashed and written from where the socket put it.
 */
public interface BufferPayload extends Payload {

  /**
   * Its bytes in order, ready to be read: fresh views whose positions belong to the caller, valid
   * until {@link #release}. May be called by one thread after another.
   */
  ByteBuffer[] nio();

  /** A block in a buffer of its own, which the garbage collector takes back. */
  static BufferPayload of(ByteBuffer bytes) {
    return new Plain(bytes);
  }

  /** A block that no pool owns. */
  record Plain(ByteBuffer bytes) implements BufferPayload {
    @Override
    public int length() {
      return bytes.remaining();
    }

    @Override
    public ByteBuffer[] nio() {
      return new ByteBuffer[] {bytes.duplicate()};
    }

    @Override
    public void release() {}
  }
}

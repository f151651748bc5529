package org.spate.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.spate.core.wire.Payload;

/**
 * A block that lies in one file and has not been read: the network layer reads it into its own
 * buffer when the link has room for it. The file stays open until {@link #release}. It may still
 * shrink after this was made; reading then fails, and the link must be closed.
 */
public final class RegionPayload implements Payload {
  private final FileHandle handle;
  private final long position;
  private final int length;
  private final AtomicBoolean released = new AtomicBoolean();

  /** Takes over one use of the handle. */
  RegionPayload(FileHandle handle, long position, int length) {
    this.handle = handle;
    this.position = position;
    this.length = length;
  }

  @Override
  public int length() {
    return length;
  }

  /**
   * Reads part of the block until the target is full.
   *
   * @param offset where in the block to begin; with the target's room it lies within the block
   * @throws StorageException if the file has shrunk or cannot be read
   */
  public void read(int offset, ByteBuffer target) {
    if (offset < 0 || target.remaining() > length - offset) {
      throw new IndexOutOfBoundsException("beyond the block");
    }
    try {
      DiskFile.readFully(handle.file(), target, position + offset, handle.name());
    } catch (IOException e) {
      throw StorageException.of(handle.name(), e);
    }
  }

  @Override
  public void release() {
    if (released.compareAndSet(false, true)) {
      handle.release();
    }
  }
}

package org.spate.engine.net;

import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How many bytes to read from one socket at once: twice as many after a full read, half after two
 * that filled less than a quarter, and never more than a quantum under a rate limit, so that links
 * take turns.
 */
final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {
  static final int SIZE_MIN = 4 << 10;
  static final int SIZE_MAX = 256 << 10;
  static final int QUANTUM = 16 << 10;

  /** Reads of one link before others on its loop have their turn. */
  private static final int READS_MAX = 4;

  private boolean isLimited;

  ReadSizes() {
    super(READS_MAX);
  }

  @Override
  public SizeHandle newHandle() {
    return new SizeHandle();
  }

  static ReadSizes of(Channel channel) {
    return (ReadSizes) channel.config().getRecvByteBufAllocator();
  }

  /** Reads a quantum at most. */
  void limit(boolean limited) {
    isLimited = limited;
  }

  /** The most to read at once. */
  int bytesMax() {
    return isLimited ? QUANTUM : SIZE_MAX;
  }

  final class SizeHandle extends MaxMessageHandle {
    private int size = SIZE_MIN;
    private boolean wasSmall;

    @Override
    public int guess() {
      return isLimited ? Math.min(size, QUANTUM) : size;
    }

    @Override
    public void lastBytesRead(int bytes) {
      adapt(bytes);
      super.lastBytesRead(bytes);
    }

    private void adapt(int bytes) {
      boolean isSmall = bytes < size / 4;
      if (bytes == attemptedBytesRead()) {
        size = Math.min(size * 2, SIZE_MAX);
      } else if (isSmall && wasSmall) {
        size = Math.max(size / 2, SIZE_MIN);
      }
      wasSmall = isSmall && !wasSmall;
    }
  }
}

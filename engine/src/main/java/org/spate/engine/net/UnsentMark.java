package org.spate.engine.net;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;

/**
 * How much of a link's data may lie in the kernel before it is sent (TCP_NOTSENT_LOWAT): what it
 * sends in a moment. What lies there can no longer be overtaken nor cancelled, and a slow uplink
 * that has taken a piece for every link that asked serves them all side by side: see
 * docs/strategy.md.
 */
final class UnsentMark {
  /** For a link of which nothing is known yet, and for any that is slow. */
  static final int BYTES_MIN = 32 << 10;

  private static final int BYTES_MAX = 128 << 10;
  private static final double MOMENT_SECONDS = 0.01;
  private static final long MEASURED_NANOS = 100_000_000L;

  private final Channel channel;
  private final boolean isAble;
  private int bytes = BYTES_MIN;
  private long sentBytes;
  private long sinceNanos;

  UnsentMark(Channel channel, long nowNanos) {
    this.channel = channel;
    this.sinceNanos = nowNanos;
    isAble = channel instanceof EpollSocketChannel;
  }

  /** Takes note of bytes that the kernel has taken. */
  void sent(int length, long nowNanos) {
    sentBytes += length;
    long elapsed = nowNanos - sinceNanos;
    if (isAble && elapsed >= MEASURED_NANOS) {
      adapt(sentBytes * 1e9 / elapsed * MOMENT_SECONDS);
      sentBytes = 0;
      sinceNanos = nowNanos;
    }
  }

  /** In powers of two, so that the kernel is told seldom. */
  private void adapt(double momentBytes) {
    int wanted = Integer.highestOneBit((int) Math.clamp(momentBytes, BYTES_MIN, BYTES_MAX));
    if (wanted != bytes && channel.isOpen()) {
      bytes = wanted;
      channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) wanted);
    }
  }
}

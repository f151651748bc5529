package org.spate.engine.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.handler.ssl.SslHandler;

/**
 * How much must lie in a socket before its loop is woken (SO_RCVLOWAT). While a block is partly
 * here that is the rest of it: at a few MB/s every packet would wake the loop otherwise, ten times
 * for each block, to no use. What comes instead of the rest, the end of the link, wakes it anyway.
 */
final class WakeMark {
  // From Linux's asm-generic/socket.h, which holds for all processors that Netty's epoll is built
  // for.
  static final ChannelOption<Integer> SO_RCVLOWAT =
      new IntegerUnixChannelOption("SO_RCVLOWAT", 1, 18);

  /** Not worth a system call below. */
  private static final int BYTES_MIN = 2 << 10;

  private static final int BYTES_MAX = ReadSizes.QUANTUM;

  private final Channel channel;
  private final boolean isAble;
  private int bytes = 1;

  WakeMark(Channel channel) {
    this.channel = channel;
    // Of a TLS record a part may lie in the handler: what the socket has yet to bring is not known.
    isAble =
        channel instanceof EpollSocketChannel && channel.pipeline().get(SslHandler.class) == null;
  }

  /**
   * @param missing bytes until the block is whole, 0 between blocks
   */
  void await(int missing) {
    int wanted = missing < BYTES_MIN ? 1 : Math.min(missing, BYTES_MAX);
    if (isAble && wanted != bytes && channel.isOpen()) {
      bytes = wanted;
      channel.config().setOption(SO_RCVLOWAT, wanted);
    }
  }
}

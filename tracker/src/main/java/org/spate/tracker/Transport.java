package org.spate.tracker;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * The kind of sockets to use: on Linux epoll, and batches of datagrams; NIO elsewhere.
 *
 * @param isBatched whether datagrams go through {@link BatchedUdpFront}
 */
record Transport(
    IoHandlerFactory handlers, Class<? extends ServerChannel> serverChannel, boolean isBatched) {

  static final Transport NIO =
      new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class, false);

  static Transport best() {
    return Epoll.isAvailable() && LinuxSockets.areAvailable()
        ? new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class, true)
        : NIO;
  }
}

package org.spate.tracker;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * The kind of sockets to use: epoll where there is one, NIO elsewhere.
 *
 * @param datagrams how much memory one read of datagrams may fill
 */
record Transport(
    IoHandlerFactory handlers,
    Class<? extends ServerChannel> serverChannel,
    Class<? extends DatagramChannel> datagramChannel,
    RecvByteBufAllocator datagrams) {

  /** The longest request is a scrape of 74 swarms, 1,496 bytes; what is longer is cut. */
  static final int DATAGRAM_BYTES_MAX = 2_048;

  /** With epoll one system call brings several. */
  private static final int DATAGRAMS_PER_READ = 32;

  static Transport best() {
    return Epoll.isAvailable()
        ? new Transport(
            EpollIoHandler.newFactory(),
            EpollServerSocketChannel.class,
            EpollDatagramChannel.class,
            new FixedRecvByteBufAllocator(DATAGRAM_BYTES_MAX * DATAGRAMS_PER_READ))
        : new Transport(
            NioIoHandler.newFactory(),
            NioServerSocketChannel.class,
            NioDatagramChannel.class,
            new FixedRecvByteBufAllocator(DATAGRAM_BYTES_MAX));
  }

  boolean isEpoll() {
    return datagramChannel == EpollDatagramChannel.class;
  }
}

package org.spate.tracker;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.Counters;
import org.spate.core.tracker.UdpResponder;

/** Carries datagrams between a socket and the {@link UdpResponder}. */
final class UdpFront extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final Logger LOG = LoggerFactory.getLogger(UdpFront.class);
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;

  private final UdpResponder responder;
  private final Counters counters;
  private final LongSupplier clock;
  private final byte[] packet = new byte[Transport.DATAGRAM_BYTES_MAX];

  UdpFront(UdpResponder responder, Counters counters, LongSupplier clock) {
    this.responder = responder;
    this.counters = counters;
    this.clock = clock;
  }

  ChannelFuture bind(InetSocketAddress address, Transport transport, EventLoopGroup group) {
    var bootstrap =
        new Bootstrap()
            .group(group)
            .channel(transport.datagramChannel())
            .option(ChannelOption.RECVBUF_ALLOCATOR, transport.datagrams())
            .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
            .handler(this);
    if (transport.isEpoll()) {
      bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, Transport.DATAGRAM_BYTES_MAX);
    }
    return bootstrap.bind(address);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
    int length = Math.min(datagram.content().readableBytes(), packet.length);
    datagram.content().readBytes(packet, 0, length);
    var source = Sources.of(datagram.sender());
    var answer = responder.answer(packet, length, source, clock.getAsLong());
    if (answer == null) {
      return;
    }
    if (canTake(context.channel())) {
      var buffer = Unpooled.wrappedBuffer(answer);
      var reply = new DatagramPacket(buffer, datagram.sender());
      var _ = context.write(reply, context.voidPromise());
    }
  }

  /** A socket that does not keep up loses answers, which clients ask for again. */
  private boolean canTake(Channel channel) {
    if (!channel.isWritable()) {
      counters.add(Count.REFUSED_UDP_OVERLOAD);
    }
    return channel.isWritable();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    counters.add(Count.FAILED_CONNECTIONS);
    LOG.debug("UDP", cause);
  }
}

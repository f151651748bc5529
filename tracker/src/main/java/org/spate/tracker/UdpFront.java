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
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;
import org.spate.core.tracker.ConnectionIds;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.Counters;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.UdpResponder;

/** Carries datagrams between a socket and the {@link UdpResponder}. */
final class UdpFront extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final Logger LOG = LoggerFactory.getLogger(UdpFront.class);
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;

  private final UdpResponder responder;
  private final Counters counters;
  private final LongSupplier clock;
  private @Nullable Channel channel;
  private final byte[] packet = new byte[Transport.DATAGRAM_BYTES_MAX];

  UdpFront(TrackerLogic logic, ConnectionIds connectionIds, Counters counters, LongSupplier clock) {
    responder = new UdpResponder(logic, connectionIds, this::send);
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
    var answer = responder.answer(Arrays.copyOf(packet, length), source, clock.getAsLong());
    if (answer == null) {
      return;
    }
    if (canTake(context.channel())) {
      var buffer = Unpooled.wrappedBuffer(answer);
      var reply = new DatagramPacket(buffer, datagram.sender());
      var _ = context.write(reply, context.voidPromise());
    }
  }

  /** An answer of a store that is elsewhere. */
  private void send(ByteBuffer answer, int length, Endpoint to) {
    if (channel != null && canTake(channel)) {
      var reply =
          new DatagramPacket(Unpooled.wrappedBuffer(answer.slice(0, length)), Sources.address(to));
      var _ = channel.writeAndFlush(reply, channel.voidPromise());
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    channel = context.channel();
    context.fireChannelActive();
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

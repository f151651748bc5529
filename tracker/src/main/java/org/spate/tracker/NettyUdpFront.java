package org.spate.tracker;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;
import org.spate.core.tracker.ConnectionIds;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.Counters;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.UdpResponder;

/** Carries datagrams between a {@code DatagramChannel} and the {@link UdpResponder}, one by one. */
final class NettyUdpFront extends SimpleChannelInboundHandler<DatagramPacket> implements UdpFront {
  private static final Logger LOG = LoggerFactory.getLogger(NettyUdpFront.class);
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;

  /** The longest request is a scrape of 74 swarms, 1,496 bytes; what is longer is cut. */
  private static final int DATAGRAM_BYTES_MAX = 2_048;

  private final EventLoop loop;
  private final UdpResponder responder;
  private final Counters counters;
  private final LongSupplier clock;
  private final Channel channel;

  /** Binds it; it answers once it is open. */
  NettyUdpFront(
      InetSocketAddress address,
      EventLoop loop,
      TrackerLogic logic,
      ConnectionIds connectionIds,
      LongSupplier clock) {
    this.loop = loop;
    this.clock = clock;
    responder = new UdpResponder(logic, connectionIds, this::send);
    counters = logic.counters();
    var binding =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES_MAX))
            .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
            .option(ChannelOption.AUTO_READ, false)
            .handler(this)
            .bind(address)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw TrackerException.cannotListen("UDP", address, binding.cause());
    }
    channel = binding.channel();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void open() {
    channel.config().setAutoRead(true);
  }

  @Override
  public void shut() {
    if (channel.isOpen()) {
      channel.close().awaitUninterruptibly();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
    var packet = new byte[Math.min(datagram.content().readableBytes(), DATAGRAM_BYTES_MAX)];
    datagram.content().readBytes(packet);
    var source = Sources.of(datagram.sender());
    var answer = responder.answer(packet, source, clock.getAsLong());
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
    loop.execute(
        () -> {
          if (canTake(channel)) {
            var bytes = Unpooled.wrappedBuffer(answer.slice(0, length));
            var reply = new DatagramPacket(bytes, Sources.address(to));
            var _ = channel.writeAndFlush(reply, channel.voidPromise());
          }
        });
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

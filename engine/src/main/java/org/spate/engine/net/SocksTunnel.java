package org.spate.engine.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.proxy.SocksHeader;

/**
 * Takes the datagrams of one socket through a SOCKS5 proxy (RFC 1928): an association over TCP
 * names a relay and holds it open, and every datagram goes there with a header that says where to.
 * What does not come from the relay is dropped. An association that breaks is made anew; one that
 * is refused ends all of it.
 */
final class SocksTunnel extends ChannelDuplexHandler implements SocksAssociation.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(SocksTunnel.class);

  /** Datagrams that wait for the first association. */
  private static final int WAITING_MAX = 64;

  private static final long RETRY_FIRST_NANOS = 2_000_000_000L;
  private static final long RETRY_MAX_NANOS = 300_000_000_000L;

  private final Transport transport;
  private final Proxy proxy;
  private final ArrayDeque<DatagramPacket> waiting = new ArrayDeque<>();
  private final byte[] head = new byte[SocksHeader.BYTES_MAX];
  private @Nullable ChannelHandlerContext context;
  private @Nullable Deadline retry;
  private @Nullable Channel association;
  private @Nullable InetSocketAddress relay;
  private long pauseNanos = RETRY_FIRST_NANOS;
  private boolean isOver;

  SocksTunnel(Transport transport, Proxy proxy) {
    this.transport = transport;
    this.proxy = proxy;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    retry = loop(ctx).deadline(this::associate);
    associate();
    ctx.fireChannelActive();
  }

  private Loop loop(ChannelHandlerContext ctx) {
    return transport.loopOf(ctx.channel().eventLoop());
  }

  private void associate() {
    if (isOver || context == null) {
      return;
    }
    var bootstrap =
        transport
            .client(loop(context))
            .option(ChannelOption.AUTO_READ, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Proxy.CONNECT_TIMEOUT_MILLIS)
            .handler(new SocksAssociation(proxy, this));
    var connecting = transport.connect(bootstrap, proxy.address());
    association = connecting.channel();
    connecting.addListener(
        (ChannelFuture future) -> {
          if (!future.isSuccess()) {
            broken(String.valueOf(future.cause().getMessage()));
          }
        });
  }

  // From the association

  @Override
  public void relayFound(InetSocketAddress address) {
    relay = address;
    pauseNanos = RETRY_FIRST_NANOS;
    if (context != null) {
      for (var packet = waiting.poll(); packet != null; packet = waiting.poll()) {
        forward(context, packet, address, context.newPromise());
      }
      context.flush();
    }
  }

  @Override
  public void refused(String reason) {
    proxy.refusesDatagrams(reason);
    if (context != null) {
      context.close();
    }
  }

  @Override
  public void broken(String reason) {
    relay = null;
    if (!isOver && retry != null) {
      LOG.info("no relay for UDP at the proxy: {}", reason);
      long now = Loop.nowNanos();
      retry.set(now + pauseNanos, now);
      pauseNanos = Math.min(2 * pauseNanos, RETRY_MAX_NANOS);
    }
  }

  private void end() {
    isOver = true;
    relay = null;
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    if (retry != null) {
      retry.cancel();
    }
    if (association != null) {
      association.close();
    }
  }

  // The socket's datagrams

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    var packet = (DatagramPacket) message;
    var to = relay;
    if (to != null) {
      forward(ctx, packet, to, promise);
      return;
    }
    if (!isOver && waiting.size() < WAITING_MAX) {
      waiting.add(packet);
    } else {
      packet.release(); // as lost as it would be on the way
    }
    promise.trySuccess();
  }

  private static void forward(
      ChannelHandlerContext ctx,
      DatagramPacket packet,
      InetSocketAddress relay,
      ChannelPromise promise) {
    var content = packet.content();
    var header = header(packet.recipient()).encode();
    var bytes = ctx.alloc().directBuffer(header.length + content.readableBytes());
    bytes.writeBytes(header).writeBytes(content);
    packet.release();
    ctx.write(new DatagramPacket(bytes, relay), promise);
  }

  private static SocksHeader header(InetSocketAddress to) {
    return to.isUnresolved()
        ? SocksHeader.of(to.getHostString(), to.getPort())
        : SocksHeader.of(Addresses.endpoint(to));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var packet = (DatagramPacket) message;
    var content = packet.content();
    int length = Math.min(content.readableBytes(), head.length);
    content.getBytes(content.readerIndex(), head, 0, length);
    var header = packet.sender().equals(relay) ? SocksHeader.parse(head, length) : null;
    if (header == null) {
      packet.release();
      return;
    }
    content.skipBytes(header.length());
    ctx.fireChannelRead(new DatagramPacket(content, packet.recipient(), source(header)));
  }

  private static InetSocketAddress source(SocksHeader header) {
    return header.endpoint() == null
        ? InetSocketAddress.createUnresolved(header.name(), header.port())
        : Addresses.socketAddress(header.endpoint());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    ctx.fireChannelInactive();
  }
}

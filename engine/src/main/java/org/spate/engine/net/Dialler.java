package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.swarm.Route;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;

/**
 * Connects to peers and shakes hands, a bounded number at a time over all torrents; further dials
 * wait in line. Every dial ends in {@code opened} or {@code dialFailed} of its owner.
 */
final class Dialler {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  private final Transport transport;
  private final @Nullable InetSocketAddress bind;
  private final long handshakeTimeoutNanos;
  private final Links links;
  private final Slots slots;

  Dialler(
      Transport transport,
      @Nullable InetSocketAddress bind,
      int halfOpenMax,
      long handshakeTimeoutNanos,
      Links links) {
    this.transport = transport;
    this.bind = bind;
    this.handshakeTimeoutNanos = handshakeTimeoutNanos;
    this.links = links;
    this.slots = new Slots(halfOpenMax);
  }

  void dial(Endpoint remote, LinkOwner owner) {
    slots.acquire(owner.loop(), () -> connect(new Dial(remote, owner)));
  }

  private void connect(Dial dial) {
    if (!dial.owner.isOpen() || links.isFull() || dial.remote.port() == 0) {
      dial.failed();
      return;
    }
    var bootstrap =
        transport
            .client(dial.owner.loop())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .handler(NOTHING_YET);
    var address = Addresses.socketAddress(dial.remote);
    var connecting = bind == null ? bootstrap.connect(address) : bootstrap.connect(address, bind);
    connecting.addListener((ChannelFuture future) -> dial.connected(future));
  }

  /** A channel that is not connected has nothing to read. */
  private static final ChannelHandler NOTHING_YET =
      new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {
          channel.config().setRecvByteBufAllocator(new ReadSizes());
        }
      };

  /** One dial; holds a slot until it has an outcome. */
  private final class Dial implements HandshakeReader.Outcome {
    private final Endpoint remote;
    private final LinkOwner owner;

    Dial(Endpoint remote, LinkOwner owner) {
      this.remote = remote;
      this.owner = owner;
    }

    void connected(ChannelFuture future) {
      if (!future.isSuccess()) {
        failed();
        return;
      }
      var channel = future.channel();
      channel.pipeline().addLast(new HandshakeReader(handshakeTimeoutNanos, this));
      var ours = owner.greeting(owner.primaryHash());
      channel.writeAndFlush(Unpooled.wrappedBuffer(HandshakeCodec.encode(ours)));
      channel.config().setAutoRead(true);
    }

    @Override
    public void greeted(ChannelHandlerContext ctx, Handshake theirs, ByteBuf rest) {
      if (!owner.isOpen() || !owner.isNamedBy(theirs.infoHash())) {
        rest.release();
        ctx.close();
        failed();
        return;
      }
      slots.release();
      ctx.pipeline().remove(ctx.handler());
      links.begin(ctx.channel(), remote, false, Route.PLAIN_TCP, owner, theirs, rest);
    }

    @Override
    public void failed() {
      slots.release();
      owner.dialFailed(remote);
    }
  }
}

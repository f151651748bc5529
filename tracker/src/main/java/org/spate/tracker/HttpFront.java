package org.spate.tracker;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.Count;

/** Listens for HTTP, and lets in as many connections as are allowed. */
final class HttpFront extends ChannelInitializer<Channel> {
  private static final int BACKLOG = 1_024;

  private final IdentityHashMap<EventLoop, TrackerLoop> loops = new IdentityHashMap<>();
  private final LongSupplier clock;
  private final @Nullable SslContext tls;
  private final int connectionCountMax;
  private final AtomicInteger connectionCount = new AtomicInteger();

  /** Speaks TLS if {@code tls} says how. */
  HttpFront(
      List<TrackerLoop> loops,
      LongSupplier clock,
      @Nullable SslContext tls,
      int connectionCountMax) {
    this.tls = tls;
    loops.forEach(loop -> this.loops.put(loop.loop, loop));
    this.clock = clock;
    this.connectionCountMax = connectionCountMax;
  }

  ChannelFuture bind(InetSocketAddress address, Transport transport, EventLoopGroup group) {
    return bootstrap(group)
        .channel(transport.serverChannel())
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .bind(address);
  }

  /** The same with a socket that listens already. */
  ChannelFuture adopt(int fd, EventLoopGroup group) {
    return bootstrap(group).channelFactory(() -> new EpollServerSocketChannel(fd)).register();
  }

  private ServerBootstrap bootstrap(EventLoopGroup group) {
    return new ServerBootstrap()
        .group(group)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(this);
  }

  @Override
  protected void initChannel(Channel channel) {
    var loop = loopOf(channel);
    var slot = new Slot();
    channel.closeFuture().addListener(_ -> slot.giveBack());
    if (connectionCount.incrementAndGet() > connectionCountMax) {
      loop.logic.counters().add(Count.REFUSED_HTTP_TOO_MANY_CONNECTIONS);
      var _ = channel.close();
      return;
    }
    var pipeline = channel.pipeline();
    if (tls != null) {
      pipeline.addLast(tls.newHandler(channel.alloc()));
    }
    pipeline.addLast(new HttpConnection(loop, clock, slot::giveBack));
  }

  /** A place among the connections that are allowed; given back once. */
  private final class Slot {
    private boolean isTaken = true;

    void giveBack() {
      if (isTaken) {
        isTaken = false;
        connectionCount.decrementAndGet();
      }
    }
  }

  private TrackerLoop loopOf(Channel channel) {
    return Objects.requireNonNull(loops.get(channel.eventLoop()));
  }

  @Override
  public boolean isSharable() {
    return true;
  }
}

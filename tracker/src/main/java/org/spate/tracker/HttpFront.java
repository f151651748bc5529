package org.spate.tracker;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.tracker.Count;

/** Listens for HTTP, and lets in as many connections as are allowed. */
final class HttpFront extends ChannelInitializer<Channel> {
  private static final int BACKLOG = 1_024;

  private final IdentityHashMap<EventLoop, TrackerLoop> loops = new IdentityHashMap<>();
  private final LongSupplier clock;
  private final @Nullable SslContext tls;
  private final ConnectionSlots slots;
  private final @Nullable FullScrapes fullScrapes;

  /**
   * @param tls how to speak TLS, or null for plain HTTP
   * @param fullScrapes what is sent to those who scrape all swarms, or null if that is not offered
   */
  HttpFront(
      List<TrackerLoop> loops,
      LongSupplier clock,
      @Nullable SslContext tls,
      ConnectionSlots slots,
      @Nullable FullScrapes fullScrapes) {
    this.tls = tls;
    loops.forEach(loop -> this.loops.put(loop.loop, loop));
    this.clock = clock;
    this.slots = slots;
    this.fullScrapes = fullScrapes;
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

  /** Serves a connection that somebody else has taken, on this loop. */
  Channel take(int fd, EventLoop loop) {
    var channel = new EpollSocketChannel(fd);
    channel.config().setTcpNoDelay(true);
    channel.pipeline().addLast(this);
    loop.register(channel);
    return channel;
  }

  ConnectionSlots slots() {
    return slots;
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
    var source = Sources.of(channel.remoteAddress());
    boolean isProxy = loop.proxies.contains(source);
    var admission = isProxy ? slots.takeForProxy() : slots.take(source);
    if (admission != ConnectionSlots.Admission.ADMITTED) {
      loop.logic.counters().add(refusal(admission));
      var _ = channel.close();
      return;
    }
    var slot = new Slot(isProxy ? null : source);
    channel.closeFuture().addListener(_ -> slot.giveBack());
    var pipeline = channel.pipeline();
    if (tls != null) {
      pipeline.addLast(tls.newHandler(channel.alloc()));
    }
    pipeline.addLast(new HttpConnection(loop, clock, fullScrapes, slot::giveBack));
  }

  private static Count refusal(ConnectionSlots.Admission admission) {
    return admission == ConnectionSlots.Admission.TOO_MANY
        ? Count.REFUSED_HTTP_TOO_MANY_CONNECTIONS
        : Count.REFUSED_HTTP_TOO_MANY_OF_ADDRESS;
  }

  /** A place among the connections that are allowed; given back once. */
  private final class Slot {
    private final @Nullable Endpoint source;
    private boolean isTaken = true;

    /** Of an address, or with null of a proxy. */
    Slot(@Nullable Endpoint source) {
      this.source = source;
    }

    void giveBack() {
      if (!isTaken) {
        return;
      }
      isTaken = false;
      if (source == null) {
        slots.giveBackOfProxy();
      } else {
        slots.giveBack(source);
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

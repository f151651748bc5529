package org.spate.engine.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.spate.core.proxy.ProxyUrl;

/**
 * The event loops of a session and the kinds of sockets they drive: epoll on Linux, NIO elsewhere.
 * Not io_uring, which many kernels and containers forbid.
 */
public final class Transport {
  private static final int SOL_SOCKET = 1;
  private static final int SO_BINDTODEVICE = 25;
  private static final int DEVICE_NAME_BYTES = 16; // IFNAMSIZ
  private static final ChannelOption<ByteBuffer> BIND_TO_DEVICE =
      new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, DEVICE_NAME_BYTES);

  private final boolean epoll;
  private final MultiThreadIoEventLoopGroup group;
  private final Map<EventLoop, Loop> loopsByEvents = new LinkedHashMap<>();
  private final List<Loop> loops;
  private final AtomicInteger turn = new AtomicInteger();
  private final ByteBufAllocator allocator;

  private final Binding binding;
  private final NameResolver names;
  private final @Nullable Proxy proxy;
  private final @Nullable ByteBuffer device;

  Transport(int loopCount, boolean wantNative, @Nullable ProxyUrl proxy, Binding binding) {
    epoll = wantNative && Epoll.isAvailable();
    this.binding = epoll ? binding : binding.byAddresses();
    device = deviceName(this.binding.device());
    var threads = new DefaultThreadFactory("spate-loop", true);
    var handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(loopCount, threads, handler);
    group.forEach(events -> loopsByEvents.put((EventLoop) events, new Loop((EventLoop) events)));
    loops = List.copyOf(loopsByEvents.values());
    allocator = new PooledByteBufAllocator(true, 0, loopCount, 8192, 8, 0, 0, true);
    names = NameResolver.of(this);
    this.proxy = proxy == null ? null : new Proxy(proxy, names.await(proxy.host()));
  }

  private static @Nullable ByteBuffer deviceName(@Nullable String name) {
    if (name == null) {
      return null;
    }
    var bytes = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), DEVICE_NAME_BYTES);
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /**
   * Keeps a socket to our network interface, wherever the routes would have it leave. A socket for
   * which that cannot be done is none: the interface may be a tunnel that has just gone down.
   */
  private <C extends Channel> C onDevice(C channel) {
    if (device != null) {
      try {
        channel.config().setOption(BIND_TO_DEVICE, device.duplicate());
      } catch (RuntimeException e) {
        channel.unsafe().closeForcibly();
        throw e;
      }
    }
    return channel;
  }

  /** Where sockets are bound to. */
  public Binding binding() {
    return binding;
  }

  /** What looks up names, from where we are bound. */
  public NameResolver names() {
    return names;
  }

  /** Connects from where we are bound to; behind a proxy it is that which is connected to. */
  public ChannelFuture connect(Bootstrap bootstrap, InetSocketAddress remote) {
    var first = proxy == null ? remote : proxy.address();
    var from = first.isUnresolved() ? null : binding.source(first.getAddress());
    return from == null ? bootstrap.connect(remote) : bootstrap.connect(remote, from);
  }

  boolean isEpoll() {
    return epoll;
  }

  ByteBufAllocator allocator() {
    return allocator;
  }

  /** The loops in turn. */
  Loop nextLoop() {
    return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
  }

  /** The loop that wraps one of this transport's Netty loops. */
  Loop loopOf(EventLoop events) {
    return Objects.requireNonNull(loopsByEvents.get(events), "a channel on a foreign loop");
  }

  /** A client socket on one loop. */
  public Bootstrap client(Loop loop) {
    var bootstrap =
        new Bootstrap()
            .group(loop.events())
            .channelFactory(
                () -> onDevice(epoll ? new EpollSocketChannel() : new NioSocketChannel()))
            .option(ChannelOption.ALLOCATOR, allocator)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false);
    if (epoll) {
      bootstrap.option(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UnsentMark.BYTES_MIN);
    }
    return proxy == null ? bootstrap : bootstrap.disableResolver();
  }

  /** What every connection must go through, or null. */
  public @Nullable Proxy proxy() {
    return proxy;
  }

  /** A listening socket whose accepted ones go to the loops in turn. */
  ServerBootstrap server() {
    var bootstrap =
        new ServerBootstrap()
            .group(group)
            .channelFactory(
                () ->
                    onDevice(epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel()))
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.ALLOCATOR, allocator)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, true);
    if (epoll) {
      bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UnsentMark.BYTES_MIN);
    }
    return bootstrap;
  }

  /** A UDP socket on one loop. */
  public Bootstrap datagram(Loop loop) {
    return new Bootstrap()
        .group(loop.events())
        .channelFactory(this::datagramChannel)
        .option(ChannelOption.ALLOCATOR, allocator);
  }

  DatagramChannel datagramChannel() {
    return onDevice(epoll ? new EpollDatagramChannel() : new NioDatagramChannel());
  }

  void close(long timeoutNanos) {
    names.close();
    group
        .shutdownGracefully(0, timeoutNanos, TimeUnit.NANOSECONDS)
        .awaitUninterruptibly(timeoutNanos + 1_000_000_000L, TimeUnit.NANOSECONDS);
  }
}

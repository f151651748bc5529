package org.spate.tracker.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.spate.tracker.Tracker;
import org.spate.tracker.TrackerException;

/**
 * Listens for an operator, apart from everybody else: at its own address and on its own thread, so
 * that the tracker's fronts know nothing of it.
 */
public final class AdminServer implements AutoCloseable {
  private static final int CONNECTION_COUNT_MAX = 64;
  private static final int LINE_BYTES_MAX = 4_096;
  private static final int HEADERS_BYTES_MAX = 8_192;
  private static final int BODY_BYTES_MAX = 1 << 16;
  private static final int REQUEST_TIMEOUT_SECONDS = 30;
  private static final long SHUTDOWN_SECONDS = 2;

  private final EventLoopGroup group;
  private final Channel listener;
  private final AtomicInteger connectionCount = new AtomicInteger();

  /**
   * Starts it, and returns when it listens.
   *
   * @throws TrackerException if it cannot listen there
   */
  public static AdminServer start(Tracker tracker, AdminSettings settings) {
    return new AdminServer(tracker, settings, System::nanoTime);
  }

  private AdminServer(Tracker tracker, AdminSettings settings, LongSupplier clock) {
    var api = new AdminApi(tracker.operations(), new TokenCheck(settings.token(), clock));
    group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("spate-admin", true), NioIoHandler.newFactory());
    var binding =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    welcome(channel, api);
                  }
                })
            .bind(settings.address())
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      close(group);
      throw TrackerException.cannotListen("operators", settings.address(), binding.cause());
    }
    listener = binding.channel();
  }

  private void welcome(Channel channel, AdminApi api) {
    channel.closeFuture().addListener(_ -> connectionCount.decrementAndGet());
    if (connectionCount.incrementAndGet() > CONNECTION_COUNT_MAX) {
      var _ = channel.close();
      return;
    }
    channel
        .pipeline()
        .addLast(new ReadTimeoutHandler(REQUEST_TIMEOUT_SECONDS))
        .addLast(new HttpServerCodec(LINE_BYTES_MAX, HEADERS_BYTES_MAX, BODY_BYTES_MAX))
        .addLast(new BoundedBodies(BODY_BYTES_MAX))
        .addLast(new AdminConnection(api));
  }

  /** Where it listens, with the port that was taken. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Stops listening and ends every connection; does nothing the second time. */
  @Override
  public void close() {
    var _ = listener.close().awaitUninterruptibly();
    close(group);
  }

  private static void close(EventLoopGroup group) {
    var _ = group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}

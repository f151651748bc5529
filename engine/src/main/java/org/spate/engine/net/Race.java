package org.spate.engine.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.swarm.Route;

/**
 * Connects to peers, by TCP and by uTP, and takes what answers first. TCP has a start; a peer that
 * answered by uTP before is asked by that first. Who loses is closed.
 */
final class Race {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  /** What the second way waits for the first. */
  private static final long START_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final Transport transport;
  private final boolean wantTcp;
  private final UtpPeers utpPeers = new UtpPeers();
  private volatile @Nullable UtpDriver utp;

  Race(Transport transport, boolean wantTcp) {
    this.transport = transport;
    this.wantTcp = wantTcp;
  }

  /** From now on there is uTP, too. */
  void utp(UtpDriver driver) {
    utp = driver;
  }

  /** A link to it goes over uTP. */
  void answersUtp(Endpoint remote) {
    utpPeers.add(remote);
  }

  /** Whether a peer could also be reached by the other way than this. */
  boolean hasOther(Route.Transport way, Endpoint remote) {
    return way == Route.Transport.UTP ? wantTcp : driverFor(remote) != null;
  }

  private @Nullable UtpDriver driverFor(Endpoint remote) {
    var driver = utp;
    return driver != null && driver.carries(remote) ? driver : null;
  }

  /**
   * Connects, on a loop.
   *
   * @param only the way to go, or null for both
   * @param outcome gets the channel, or null if there is none to be had; once, later, on the loop
   */
  void run(
      Endpoint remote,
      Loop loop,
      Route.@Nullable Transport only,
      Consumer<@Nullable Channel> outcome) {
    boolean canTcp = wantTcp && only != Route.Transport.UTP;
    var driver = only == Route.Transport.TCP ? null : driverFor(remote);
    new Heat(remote, loop, outcome, canTcp, driver).begin();
  }

  /** Whether connections go through a proxy. */
  boolean isProxied() {
    return transport.proxy() != null;
  }

  /** A channel that is not connected has nothing to read. */
  private ChannelHandler nothingYet() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.config().setRecvByteBufAllocator(new ReadSizes());
        var proxy = transport.proxy();
        if (proxy != null) {
          proxy.lead(channel.pipeline());
        }
      }
    };
  }

  /** One peer, two ways. */
  private final class Heat {
    private final Endpoint remote;
    private final Loop loop;
    private final Consumer<@Nullable Channel> outcome;
    private final boolean canTcp;
    private final @Nullable UtpDriver driver;
    private int running;
    private boolean hasSecond;
    private boolean isOver;
    private @Nullable Runnable second;

    Heat(
        Endpoint remote,
        Loop loop,
        Consumer<@Nullable Channel> outcome,
        boolean canTcp,
        @Nullable UtpDriver driver) {
      this.remote = remote;
      this.loop = loop;
      this.outcome = outcome;
      this.canTcp = canTcp;
      this.driver = driver;
    }

    void begin() {
      if (driver == null && !canTcp) {
        loop.execute(() -> outcome.accept(null));
      } else if (driver == null) {
        byTcp();
      } else if (!canTcp) {
        byUtp(driver);
      } else if (utpPeers.contains(remote)) {
        second = this::byTcp;
        byUtp(driver);
      } else {
        second = () -> byUtp(driver);
        byTcp();
      }
      if (second != null) {
        loop.events().schedule(this::beginSecond, START_NANOS, TimeUnit.NANOSECONDS);
      }
    }

    private void beginSecond() {
      if (second != null && !isOver && !hasSecond) {
        hasSecond = true;
        second.run();
      }
    }

    private void byTcp() {
      running++;
      var bootstrap =
          transport
              .client(loop)
              .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
              .handler(nothingYet());
      transport
          .connect(bootstrap, Addresses.socketAddress(remote))
          .addListener(
              (ChannelFuture future) ->
                  Proxy.whenThrough(future, through -> arrived(future.channel(), through != null)));
    }

    private void byUtp(UtpDriver by) {
      running++;
      var channel = by.channel(remote);
      channel
          .connected()
          .addListener((ChannelFuture future) -> arrived(future.channel(), future.isSuccess()));
      loop.events()
          .register(channel)
          .addListener(
              registered -> {
                if (registered.isSuccess()) {
                  by.connect(channel, remote);
                }
              });
    }

    private void arrived(Channel channel, boolean isConnected) {
      running--;
      if (isOver) {
        channel.close();
      } else if (isConnected) {
        isOver = true;
        outcome.accept(channel);
      } else {
        beginSecond();
        if (running == 0) {
          isOver = true;
          outcome.accept(null);
        }
      }
    }
  }
}

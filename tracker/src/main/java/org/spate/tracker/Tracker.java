package org.spate.tracker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.CompactPeerStore;
import org.spate.core.tracker.ConnectionIds;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.HttpResponder;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.TrackerStatistics;

/**
 * A running tracker. One event loop owns the swarms and all sockets, HTTP and UDP, IPv4 and IPv6,
 * so peers find each other whichever way they announce. {@link #close} ends it.
 */
public final class Tracker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);
  private static final long EXPIRY_PERIOD_SECONDS = 1;

  /** Peers to look at in one step of expiry: well below a millisecond. */
  private static final int EXPIRY_STEP_PEERS = 10_000;

  private static final long LIST_PERIOD_MILLIS = 1_000;
  private static final long SHUTDOWN_SECONDS = 5;

  private final LongSupplier clock;
  private final EventLoopGroup loop;
  private final TrackerLogic logic;
  private final List<Channel> http = new ArrayList<>();
  private final List<Channel> udp = new ArrayList<>();
  private @Nullable Thread listWatch;

  private Tracker(TrackerSettings settings, LongSupplier clock, Transport transport) {
    this.clock = clock;
    var secrets = new SecureRandom();
    // Which peers are drawn is no secret, and drawing must be fast.
    var dice = new SplittableRandom(secrets.nextLong());
    var store = new CompactPeerStore(settings.policy(), secrets, dice);
    logic = new TrackerLogic(settings.policy(), store, clock.getAsLong());
    loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("spate-tracker", true), transport.handlers());
  }

  /**
   * Starts a tracker and returns when it listens.
   *
   * @throws TrackerException if it cannot listen there, or the list cannot be read
   */
  public static Tracker start(TrackerSettings settings) {
    long originNanos = System.nanoTime();
    return start(settings, () -> System.nanoTime() - originNanos);
  }

  /** The same with a clock of the caller's: nanoseconds of any origin, from 0 up. */
  public static Tracker start(TrackerSettings settings, LongSupplier clock) {
    return start(settings, clock, Transport.best());
  }

  static Tracker start(TrackerSettings settings, LongSupplier clock, Transport transport) {
    var tracker = new Tracker(settings, clock, transport);
    try {
      tracker.watchList(AccessFile.of(settings));
      tracker.listen(settings, transport);
      return tracker;
    } catch (RuntimeException e) {
      tracker.close();
      throw e;
    }
  }

  private void listen(TrackerSettings settings, Transport transport) {
    var counters = logic.counters();
    var httpResponder = new HttpResponder(logic, new SecureRandom());
    var httpFront = new HttpFront(httpResponder, counters, clock, settings.connectionCountMax());
    for (var address : settings.http()) {
      http.add(bound(httpFront.bind(address, transport, loop), "HTTP", address));
    }
    var connectionIds = new ConnectionIds(new SecureRandom());
    for (var address : settings.udp()) {
      var front = new UdpFront(logic, connectionIds, counters, clock);
      udp.add(bound(front.bind(address, transport, loop), "UDP", address));
    }
    var _ =
        loop.scheduleWithFixedDelay(
            () -> logic.expire(EXPIRY_STEP_PEERS, clock.getAsLong()),
            EXPIRY_PERIOD_SECONDS,
            EXPIRY_PERIOD_SECONDS,
            TimeUnit.SECONDS);
  }

  private static Channel bound(ChannelFuture binding, String front, InetSocketAddress address) {
    if (!binding.awaitUninterruptibly().isSuccess()) {
      throw new TrackerException(
          "cannot listen for " + front + " on " + address + ": " + binding.cause().getMessage(),
          binding.cause());
    }
    return binding.channel();
  }

  private void watchList(@Nullable AccessFile file) {
    if (file == null) {
      return;
    }
    try {
      var access = file.readIfChanged();
      if (access != null) {
        var _ = loop.submit(() -> logic.restrict(access)).syncUninterruptibly();
      }
    } catch (IOException e) {
      throw new TrackerException("cannot read " + file.path() + ": " + e.getMessage(), e);
    }
    listWatch = Thread.ofVirtual().name("spate-tracker-list").start(() -> watch(file));
  }

  /** While the file cannot be read, what it said last stays in force. */
  private void watch(AccessFile file) {
    try {
      while (true) {
        Thread.sleep(LIST_PERIOD_MILLIS);
        readAgain(file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readAgain(AccessFile file) {
    try {
      var access = file.readIfChanged();
      if (access != null) {
        loop.execute(() -> logic.restrict(access));
      }
    } catch (IOException e) {
      LOG.warn("cannot read {}: {}", file.path(), e.toString());
      loop.execute(() -> logic.counters().add(Count.FAILED_ACCESS_LIST_READS));
    }
  }

  /** Where it listens for HTTP, with the ports that were taken. */
  public List<InetSocketAddress> httpAddresses() {
    return http.stream().map(channel -> (InetSocketAddress) channel.localAddress()).toList();
  }

  /** Where it listens for UDP, with the ports that were taken. */
  public List<InetSocketAddress> udpAddresses() {
    return udp.stream().map(channel -> (InetSocketAddress) channel.localAddress()).toList();
  }

  /** The numbers of this moment; fails if the tracker is closed. */
  public CompletableFuture<TrackerStatistics> statistics() {
    return CompletableFuture.supplyAsync(() -> logic.statistics(clock.getAsLong()), loop);
  }

  /** Stops listening and ends every connection; does nothing the second time. */
  @Override
  public void close() {
    if (listWatch != null) {
      listWatch.interrupt();
    }
    http.forEach(Tracker::release);
    udp.forEach(Tracker::release);
    var _ = loop.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** The loop's end alone would free the port some time later. */
  private static void release(Channel listener) {
    if (listener.isOpen()) {
      var _ = listener.close().awaitUninterruptibly();
    }
  }
}

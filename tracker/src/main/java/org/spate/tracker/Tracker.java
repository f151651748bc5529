package org.spate.tracker;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.AccountBook;
import org.spate.core.tracker.AccountingStore;
import org.spate.core.tracker.Accounts;
import org.spate.core.tracker.CompactPeerStore;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.HttpResponder;
import org.spate.core.tracker.OfferSwarms;
import org.spate.core.tracker.RequestQuota;
import org.spate.core.tracker.TrackerLogic;
import org.spate.core.tracker.TrackerStatistics;
import org.spate.tracker.redis.RedisStores;

/**
 * A running tracker. Each event loop owns a share of the swarms and sockets for all fronts, HTTP
 * and UDP, IPv4 and IPv6, so peers find each other whichever way they announce. {@link #close} ends
 * it.
 */
public final class Tracker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);
  private static final long SHUTDOWN_SECONDS = 5;

  /** A store that answers later than this after the start is missed and waited for beside. */
  private static final Duration STORE_WAIT = Duration.ofSeconds(3);

  /** Bytes a second that a client may send, or receive, until it is not believed: 10 Gbit/s. */
  private static final long PLAUSIBLE_RATE = 1_250_000_000;

  /** For so many torrents of users, about 200 bytes each, there are accounts. */
  private static final int ACCOUNT_COUNT_MAX = 2_000_000;

  private final LongSupplier clock;
  private final EventLoopGroup group;
  private final List<TrackerLoop> loops = new ArrayList<>();
  private final List<Share> shares = new ArrayList<>();
  private final Fronts fronts;
  private final @Nullable SavedState saved;
  private final @Nullable RedisStores redis;
  private final @Nullable FullScrapes fullScrapes;
  private Lists lists;

  private Tracker(TrackerSettings settings, LongSupplier clock, Transport transport) {
    this.clock = clock;
    lists = Lists.read(settings);
    group =
        new MultiThreadIoEventLoopGroup(
            settings.threadCount(),
            new DefaultThreadFactory("spate-tracker", true),
            transport.handlers());
    var secrets = new SecureRandom();
    var policy = settings.policy().share(settings.threadCount());
    var shards = new ArrayList<ShardedStore.Shard>();
    for (var loop : group) {
      // Which peers are drawn is no secret, and drawing must be fast.
      var dice = new SplittableRandom(secrets.nextLong());
      shards.add(new ShardedStore.Shard(loop, new CompactPeerStore(policy, secrets, dice)));
    }
    redis = connected(settings, shards);
    for (int i = 0; i < shards.size(); i++) {
      var own = shards.size() == 1 ? shards.get(0).store() : new ShardedStore(shards, i);
      var store = redis == null ? own : redis.store(i);
      var booked = new AccountingStore(store, accounts(i));
      var logic = new TrackerLogic(settings.policy(), booked, clock.getAsLong());
      var loop = (EventLoop) shards.get(i).loop();
      var responder = new HttpResponder(logic, secrets, all(loop));
      var peers = (CompactPeerStore) shards.get(i).store();
      var book = new AccountBook(PLAUSIBLE_RATE, ACCOUNT_COUNT_MAX / shards.size());
      loops.add(new TrackerLoop(loop, logic, responder, clock));
      shares.add(new Share(loops.getLast(), peers, book));
    }
    var kept = settings.snapshot();
    saved = kept == null ? null : new SavedState(kept, shards, shares, clock);
    fullScrapes = fullScrapes(settings);
    fronts = new Fronts(settings, loops, group, clock, fullScrapes);
    serveWebSockets(settings.webSocket(), secrets);
  }

  private Accounts accounts(int index) {
    return redis == null
        ? new ShardedAccounts(shares, index)
        : redis.accounts(index, PLAUSIBLE_RATE, booking -> loops.get(index).logic.count(booking));
  }

  private @Nullable FullScrapes fullScrapes(TrackerSettings settings) {
    var period = settings.fullScrapePeriod();
    if (period == null) {
      return null;
    }
    loops.forEach(loop -> loop.http.offerFullScrape());
    return new FullScrapes(
        period,
        (range, countMax, swarms) -> Share.find(shares, range, countMax, swarms),
        infoHash -> lists().access().allows(infoHash));
  }

  private void serveWebSockets(WebSocketSettings settings, RandomGenerator secrets) {
    if (!settings.isOn()) {
      return;
    }
    var slots =
        new ConnectionSlots(settings.connectionCountMax(), settings.connectionCountPerAddressMax());
    int peerCountMax = Math.ceilDiv(WebSocketSettings.PEER_COUNT_MAX, loops.size());
    var sharing = new ArrayList<WebSocketLoop>();
    for (int i = 0; i < loops.size(); i++) {
      var loop = loops.get(i);
      var dice = new SplittableRandom(secrets.nextLong());
      var swarms = new OfferSwarms<WebSocketConnection>(peerCountMax, dice);
      var webSockets =
          new WebSocketLoop(
              loop.loop, loop.logic, accounts(i), clock, slots, swarms, settings.intervalSeconds());
      loop.webSockets = webSockets;
      sharing.add(webSockets);
    }
    WebSocketLoop.share(sharing);
  }

  private @Nullable RedisStores connected(
      TrackerSettings settings, List<ShardedStore.Shard> shards) {
    if (settings.store() == null) {
      return null;
    }
    var policy = settings.policy().share(shards.size());
    var eventLoops = shards.stream().map(shard -> (EventLoop) shard.loop()).toList();
    return new RedisStores(settings.store(), policy, eventLoops, clock);
  }

  /** The numbers of all loops, for an asker on one of them. */
  private HttpResponder.Statistics all(EventLoop asker) {
    return (nowNanos, taker) -> {
      if (loops.size() == 1) {
        taker.accept(loops.getFirst().statistics());
      } else {
        var _ = statistics().thenAcceptAsync(taker, asker);
      }
    };
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

  /**
   * The same with sockets that are there already, instead of any at the addresses in the settings.
   *
   * @throws TrackerException also where there is no epoll
   */
  public static Tracker start(TrackerSettings settings, InheritedSockets inherited) {
    long originNanos = System.nanoTime();
    return start(settings, inherited, () -> System.nanoTime() - originNanos, Transport.best());
  }

  static Tracker start(TrackerSettings settings, LongSupplier clock, Transport transport) {
    return start(settings, InheritedSockets.NONE, clock, transport);
  }

  private static Tracker start(
      TrackerSettings settings,
      InheritedSockets inherited,
      LongSupplier clock,
      Transport transport) {
    var tracker = new Tracker(settings, clock, transport);
    try {
      tracker.obey(tracker.lists());
      tracker.begin(settings, inherited, transport);
      return tracker;
    } catch (RuntimeException e) {
      tracker.close();
      throw e;
    }
  }

  private void begin(TrackerSettings settings, InheritedSockets inherited, Transport transport) {
    if (saved != null) {
      saved.load();
    }
    awaitStore();
    onEachLoop(loop -> govern(loop, settings));
    if (inherited.isEmpty()) {
      fronts.listen(transport);
    } else {
      fronts.adopt(inherited, transport);
    }
    fronts.open();
    expireNowAndThen();
    if (saved != null) {
      saved.saveNowAndThen();
    }
  }

  private void expireNowAndThen() {
    for (var loop : loops) {
      var _ =
          loop.loop.scheduleWithFixedDelay(
              loop::expire,
              TrackerLoop.EXPIRY_PERIOD_MILLIS,
              TrackerLoop.EXPIRY_PERIOD_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  /** Without its store a tracker starts all the same, and tells its clients to come back. */
  private void awaitStore() {
    if (redis != null && !redis.awaitReady(STORE_WAIT)) {
      LOG.warn("started without the store; announces fail until it is there");
    }
  }

  private void obey(Lists read) {
    synchronized (this) {
      lists = read;
    }
    apply(read);
    read.watch(
        () -> apply(read),
        _ -> {
          var first = loops.getFirst();
          first.loop.execute(() -> first.logic.counters().add(Count.FAILED_ACCESS_LIST_READS));
        });
  }

  /** Unless others have taken their place. */
  synchronized void apply(Lists read) {
    if (read == lists) {
      onEachLoop(loop -> read.apply(loop.logic));
    }
  }

  /** Whether its swarms are elsewhere, shared with other nodes. */
  boolean hasSharedStore() {
    return redis != null;
  }

  synchronized Lists lists() {
    return lists;
  }

  /** Returns when all have done it. */
  private void onEachLoop(Consumer<TrackerLoop> action) {
    for (var loop : loops) {
      var _ = loop.loop.submit(() -> action.accept(loop)).syncUninterruptibly();
    }
  }

  /**
   * Takes over what can change while it runs: intervals, how many peers are told and which, ports
   * and floods that are refused, the lists and the proxies. Addresses, certificates, threads,
   * bounds and snapshots stay as they were, and no peer is forgotten.
   *
   * @throws TrackerException if a list cannot be read; then nothing changes
   */
  public void follow(TrackerSettings settings) {
    var read = Lists.read(settings);
    lists().forget();
    obey(read);
    onEachLoop(loop -> govern(loop, settings));
  }

  private static void govern(TrackerLoop loop, TrackerSettings settings) {
    loop.logic.follow(settings.policy());
    int requestsMax = settings.rules().requestsPerAddressMax();
    var quota =
        requestsMax == 0 ? null : new RequestQuota(requestsMax, new SecureRandom().nextLong());
    loop.logic.limit(quota);
    loop.proxies = settings.proxies();
    if (loop.webSockets != null) {
      loop.webSockets.intervalSeconds = settings.webSocket().intervalSeconds();
    }
  }

  /** Where it listens for HTTP, with the ports that were taken. */
  public List<InetSocketAddress> httpAddresses() {
    return fronts.httpAddresses();
  }

  /** Where it listens for HTTPS, likewise. */
  public List<InetSocketAddress> httpsAddresses() {
    return fronts.httpsAddresses();
  }

  /** Where it listens for UDP, with the ports that were taken. */
  public List<InetSocketAddress> udpAddresses() {
    return fronts.udpAddresses();
  }

  /** What its operator may ask of it. */
  public Operations operations() {
    var ledger = redis == null ? new Ledger.OfLoops(shares) : new Ledger.OfStore(redis);
    return new Operations(this, shares, ledger, clock);
  }

  /** The numbers of this moment; fails if the tracker is closed. */
  public CompletableFuture<TrackerStatistics> statistics() {
    return statistics(loops);
  }

  static CompletableFuture<TrackerStatistics> statistics(List<TrackerLoop> loops) {
    return loops.stream()
        .map(loop -> CompletableFuture.supplyAsync(loop::statistics, loop.loop))
        .reduce((one, other) -> one.thenCombine(other, TrackerStatistics::plus))
        .orElseThrow();
  }

  /** Stops listening and ends every connection; does nothing the second time. */
  @Override
  public void close() {
    lists().forget();
    if (!group.isShuttingDown()) {
      fronts.shut();
      if (fullScrapes != null) {
        fullScrapes.close();
      }
      if (saved != null) {
        saved.close();
      }
      if (redis != null) {
        redis.close();
      }
    }
    var _ = group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}

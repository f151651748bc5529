package org.spate.tracker.redis;

import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.Accounts;
import org.spate.core.tracker.Accounts.Balance;
import org.spate.core.tracker.Accounts.Booking;
import org.spate.core.tracker.Accounts.TorrentBalance;
import org.spate.core.tracker.PeerStore;
import org.spate.core.tracker.PeerStore.Holdings;
import org.spate.core.tracker.TrackerPolicy;

/**
 * The shared store of a tracker: for each event loop a {@link PeerStore} with connections of its
 * own, which live on that loop, so that an announce passes from one thread to another nowhere.
 */
public final class RedisStores implements AutoCloseable {
  private static final Duration BACKOFF_MIN = Duration.ofMillis(50);
  private static final Duration BACKOFF_MAX = Duration.ofSeconds(2);
  private static final long CLOSE_SECONDS = 3;

  /** So many commands are gathered at most before they are written. */
  private static final int COMMANDS_PER_WRITE = 256;

  private final List<EventLoop> loops;
  private final List<ClientResources> resources = new ArrayList<>();
  private final List<StoreClient> clients = new ArrayList<>();
  private final List<StoreLink> links = new ArrayList<>();
  private final List<RedisStore> stores = new ArrayList<>();
  private final LongSupplier clock;
  private final CountDownLatch unready;

  /**
   * What a user has been credited with.
   *
   * @param torrents the same for each torrent, for as many as were asked for
   */
  public record Statement(Balance balance, List<TorrentBalance> torrents) {
    public Statement {
      torrents = List.copyOf(torrents);
    }
  }

  /**
   * Begins to connect, one store for each loop.
   *
   * @param policy the share of one loop
   * @param clock the clock of {@code nowNanos} in what the stores are asked
   */
  public RedisStores(
      RedisAddress address, TrackerPolicy policy, List<EventLoop> loops, LongSupplier clock) {
    this.loops = List.copyOf(loops);
    this.clock = clock;
    unready = new CountDownLatch(loops.size());
    var shares = new AtomicReferenceArray<@Nullable Holdings>(loops.size());
    var dice = new SplittableRandom(new SecureRandom().nextLong());
    for (int i = 0; i < loops.size(); i++) {
      var loop = loops.get(i);
      var own = resources(loop);
      resources.add(own);
      var client = StoreClient.of(address, own);
      clients.add(client);
      var link = new StoreLink(loop, client, clock, unready::countDown);
      links.add(link);
      var sweeper = new Sweeper(link, i, shares, policy.expirySeconds());
      stores.add(new RedisStore(link, sweeper, policy, dice.split()));
      loop.execute(link::open);
    }
  }

  private static ClientResources resources(EventLoop loop) {
    return ClientResources.builder()
        .eventLoopGroupProvider(new OneLoop(loop))
        .computationThreadPoolSize(2)
        .reconnectDelay(() -> Delay.fullJitter(BACKOFF_MIN, BACKOFF_MAX, 50, TimeUnit.MILLISECONDS))
        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
        .nettyCustomizer(new GatheredWrites())
        .build();
  }

  /** What a turn of the loop asks goes out in one write. */
  private static final class GatheredWrites implements NettyCustomizer {
    @Override
    public void afterChannelInitialized(Channel channel) {
      channel.pipeline().addFirst(new FlushConsolidationHandler(COMMANDS_PER_WRITE, true));
    }
  }

  /** Has a client work on a loop that is there already, and leave it running at its end. */
  private record OneLoop(EventLoop loop) implements EventLoopGroupProvider {
    @Override
    @SuppressWarnings("unchecked")
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
      return (T) loop;
    }

    @Override
    public int threadPoolSize() {
      return 1;
    }

    @Override
    public Future<Boolean> release(
        EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
      return done();
    }

    @Override
    public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
      return done();
    }

    private static Future<Boolean> done() {
      return GlobalEventExecutor.INSTANCE.newSucceededFuture(true);
    }
  }

  /** The store of the loop at an index, for that loop only. */
  public PeerStore store(int index) {
    return stores.get(index);
  }

  /**
   * The accounts in the store, for the loop at an index only.
   *
   * @param rateMax bytes a second that one client may plausibly send, or receive
   * @param onBooked told on that loop what became of a report, which is answered at once with
   *     {@code NONE}
   */
  public Accounts accounts(int index, long rateMax, Consumer<Booking> onBooked) {
    return new RedisAccounts(links.get(index), rateMax, onBooked);
  }

  /** What a user has been credited with; fails with {@link StoreException}. */
  public CompletableFuture<Statement> statement(String user, int torrentCountMax) {
    var statement = new CompletableFuture<Statement>();
    onFirst(accounts -> accounts.ask(user, torrentCountMax, clock.getAsLong(), statement));
    return statement;
  }

  /** Strikes a user out, likewise; whether there was one. */
  public CompletableFuture<Boolean> forget(String user) {
    var done = new CompletableFuture<Boolean>();
    onFirst(accounts -> accounts.forget(user, clock.getAsLong(), done));
    return done;
  }

  private void onFirst(Consumer<RedisAccounts> question) {
    var accounts = new RedisAccounts(links.getFirst(), 0, _ -> {});
    loops.getFirst().execute(() -> question.accept(accounts));
  }

  /** Waits until every loop has reached the store; false if that takes longer. */
  public boolean awaitReady(Duration timeout) {
    try {
      return unready.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends the connections; what is under way is answered as failed. Not to be called on a loop. */
  @Override
  public void close() {
    var ends = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < links.size(); i++) {
      var client = clients.get(i);
      ends.add(
          CompletableFuture.runAsync(links.get(i)::close, loops.get(i))
              .thenCompose(_ -> client.shutdown()));
    }
    var _ =
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
            .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
            .exceptionally(_ -> null)
            .join();
    resources.forEach(own -> own.shutdown(0, 1, TimeUnit.SECONDS));
  }
}

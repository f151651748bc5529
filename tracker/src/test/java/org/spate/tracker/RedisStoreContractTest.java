package org.spate.tracker;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.Hash160;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer;
import org.spate.core.tracker.PeerStore;
import org.spate.core.tracker.Scrape;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.redis.RedisAddress;
import org.spate.tracker.redis.RedisStores;

/** The shared store keeps the contract, too. */
class RedisStoreContractTest extends PeerStoreContract {
  private static final int STEPS_PER_ROUND = 32;

  private static RedisNode node;
  private static EventLoopGroup group;

  @BeforeAll
  static void start(@TempDir Path folder) {
    node = RedisNode.start(folder);
    group = new MultiThreadIoEventLoopGroup(1, Transport.best().handlers());
  }

  @AfterAll
  static void stop() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    node.close();
  }

  @Override
  StoreUnderTest open(TrackerPolicy policy, int seed) {
    node.ask("FLUSHALL");
    return new Shared(policy);
  }

  @Override
  int stepCount() {
    return 1_200;
  }

  @Override
  int runCount() {
    return 3;
  }

  /** Redis draws from a hash table, and there members without neighbours are likelier. */
  @Override
  double unevenness() {
    return 4;
  }

  private static final class Shared implements StoreUnderTest {
    private final AtomicLong clock = new AtomicLong();
    private final EventLoop loop = group.next();
    private final RedisStores stores;
    private final PeerStore store;

    Shared(TrackerPolicy policy) {
      stores = new RedisStores(RedisAddress.parse(node.url()), policy, List.of(loop), clock::get);
      store = stores.store(0);
      if (!stores.awaitReady(Duration.ofSeconds(10))) {
        throw new AssertionError("no store");
      }
    }

    @Override
    public List<Answer> announce(List<Announcement> announcements, long nowNanos) {
      clock.set(nowNanos);
      var answers = new ArrayList<CompletableFuture<Answer>>();
      var asked =
          CompletableFuture.runAsync(
              () -> announcements.forEach(each -> answers.add(announceOne(each, nowNanos))), loop);
      asked.join();
      return answers.stream().map(CompletableFuture::join).toList();
    }

    private CompletableFuture<Answer> announceOne(Announcement announcement, long nowNanos) {
      var answer = new Answer(announcement.numwant());
      var later = store.announce(announcement, answer, nowNanos);
      if (later == null) {
        return CompletableFuture.completedFuture(answer);
      }
      var known = new CompletableFuture<Answer>();
      later.whenKnown(known::complete);
      return known;
    }

    @Override
    public Scrape scrape(Scrape scrape, long nowNanos) {
      var known = new CompletableFuture<Scrape>();
      loop.execute(
          () -> {
            var later = store.scrape(scrape, nowNanos);
            if (later == null) {
              known.complete(scrape);
            } else {
              later.whenKnown(known::complete);
            }
          });
      return known.join();
    }

    /** Two rounds: what was left behind in the first is done in the second. */
    @Override
    public int expireAll(long nowNanos) {
      clock.set(nowNanos);
      int gone = 0;
      for (int i = 0; i < 2 * STEPS_PER_ROUND + 1; i++) {
        gone += CompletableFuture.supplyAsync(() -> store.expire(1, nowNanos), loop).join();
        // One connection answers in order, so what was asked before is done then.
        var barrier = new Scrape(1);
        barrier.add(new Hash160(1, 1, 1));
        scrape(barrier, nowNanos);
      }
      return gone;
    }

    @Override
    public PeerStore.Holdings holdings() {
      return CompletableFuture.supplyAsync(store::holdings, loop).join();
    }

    @Override
    public void close() {
      stores.close();
    }
  }
}

package org.spate.tracker;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.spate.core.Hash160;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer;
import org.spate.core.tracker.PeerSelection;
import org.spate.core.tracker.PeerStore;
import org.spate.core.tracker.Scrape;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.redis.RedisAddress;
import org.spate.tracker.redis.RedisStores;

/** The shared store on a loop and with a clock of its own. */
final class SharedStoreUnderTest implements StoreUnderTest {
  private static final int STEPS_PER_ROUND = 32;

  private final AtomicLong clock = new AtomicLong();
  private final EventLoop loop;
  private final RedisStores stores;
  private final PeerStore store;

  SharedStoreUnderTest(RedisNode node, EventLoop loop, TrackerPolicy policy) {
    this.loop = loop;
    stores = new RedisStores(RedisAddress.parse(node.url()), policy, List.of(loop), clock::get);
    store = stores.store(0);
    if (!stores.awaitReady(Duration.ofSeconds(10))) {
      throw new AssertionError("no store");
    }
  }

  @Override
  public List<Answer> announce(List<Announcement> announcements, long nowNanos) {
    return begin(announcements, nowNanos).stream().map(CompletableFuture::join).toList();
  }

  /** Begins announces, and does not wait for their answers. */
  List<CompletableFuture<Answer>> begin(List<Announcement> announcements, long nowNanos) {
    clock.set(nowNanos);
    var answers = new ArrayList<CompletableFuture<Answer>>();
    var asked =
        CompletableFuture.runAsync(
            () -> announcements.forEach(each -> answers.add(announceOne(each, nowNanos))), loop);
    asked.join();
    return answers;
  }

  /** One step of expiry, and of the look-out for what takes too long. */
  void step(long nowNanos) {
    clock.set(nowNanos);
    CompletableFuture.supplyAsync(() -> store.expire(1, nowNanos), loop).join();
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
  public void select(PeerSelection selection) {
    CompletableFuture.runAsync(() -> store.select(selection), loop).join();
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

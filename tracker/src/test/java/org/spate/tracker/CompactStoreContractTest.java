package org.spate.tracker;

import java.util.List;
import java.util.SplittableRandom;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer;
import org.spate.core.tracker.CompactPeerStore;
import org.spate.core.tracker.PeerSelection;
import org.spate.core.tracker.PeerStore;
import org.spate.core.tracker.Scrape;
import org.spate.core.tracker.TrackerPolicy;

/** The store in memory keeps the contract. */
class CompactStoreContractTest extends PeerStoreContract {
  @Override
  StoreUnderTest open(TrackerPolicy policy, int seed) {
    return new InMemory(
        new CompactPeerStore(policy, new SplittableRandom(seed), new SplittableRandom(seed + 1)));
  }

  @Override
  int stepCount() {
    return 12_000;
  }

  @Override
  int runCount() {
    return 12;
  }

  @Override
  double unevenness() {
    return 1.6;
  }

  private record InMemory(CompactPeerStore store) implements StoreUnderTest {
    @Override
    public List<Answer> announce(List<Announcement> announcements, long nowNanos) {
      return announcements.stream().map(each -> announceOne(each, nowNanos)).toList();
    }

    private Answer announceOne(Announcement announcement, long nowNanos) {
      var answer = new Answer(announcement.numwant());
      store.announce(announcement, answer, nowNanos);
      return answer;
    }

    @Override
    public void select(PeerSelection selection) {
      store.select(selection);
    }

    @Override
    public Scrape scrape(Scrape scrape, long nowNanos) {
      store.scrape(scrape, nowNanos);
      return scrape;
    }

    @Override
    public int expireAll(long nowNanos) {
      int gone = 0;
      for (int quiet = 0; quiet < 50; ) {
        int removed = store.expire(1_000, nowNanos);
        quiet = removed == 0 ? quiet + 1 : 0;
        gone += removed;
      }
      return gone;
    }

    @Override
    public PeerStore.Holdings holdings() {
      return store.holdings();
    }

    @Override
    public void close() {}
  }
}

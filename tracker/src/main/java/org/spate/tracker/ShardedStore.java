package org.spate.tracker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer;
import org.spate.core.tracker.Later;
import org.spate.core.tracker.PeerSelection;
import org.spate.core.tracker.PeerStore;
import org.spate.core.tracker.Scrape;

/**
 * The store as one event loop sees it: its own swarms at hand, those of the other loops by asking
 * these. Each swarm has one owner, chosen by its info-hash, so nothing is shared and nothing
 * locked.
 */
final class ShardedStore implements PeerStore {
  /** One loop and the swarms that only it may touch. */
  record Shard(Executor loop, PeerStore store) {}

  private final List<Shard> shards;
  private final int own;

  /** The view of the shard at an index. */
  ShardedStore(List<Shard> shards, int own) {
    this.shards = List.copyOf(shards);
    this.own = own;
  }

  @Override
  public @Nullable Later<Answer> announce(Announcement announcement, Answer answer, long nowNanos) {
    int owner = Steering.loopOf(announcement.infoHashStart(), shards.size());
    if (owner == own) {
      return shards.get(own).store.announce(announcement, answer, nowNanos);
    }
    var copy = announcement.copy();
    var shard = shards.get(owner);
    return taker ->
        shard.loop.execute(
            () -> {
              var answered = new Answer(copy.numwant());
              shard.store.announce(copy, answered, nowNanos);
              shards.get(own).loop.execute(() -> taker.accept(answered));
            });
  }

  @Override
  public @Nullable Later<Scrape> scrape(Scrape scrape, long nowNanos) {
    if (isOwn(scrape)) {
      return shards.get(own).store.scrape(scrape, nowNanos);
    }
    var copy = scrape.copy();
    return taker ->
        visit(0, copy, nowNanos, () -> shards.get(own).loop.execute(() -> taker.accept(copy)));
  }

  private boolean isOwn(Scrape scrape) {
    for (int i = 0; i < scrape.size(); i++) {
      if (Steering.loopOf(scrape.infoHashStart(i), shards.size()) != own) {
        return false;
      }
    }
    return true;
  }

  /** Asks one shard after the other, each on its loop, for the swarms that are its own. */
  private void visit(int first, Scrape scrape, long nowNanos, Runnable end) {
    for (int owner = first; owner < shards.size(); owner++) {
      var indexes = indexesOf(owner, scrape);
      if (!indexes.isEmpty()) {
        var shard = shards.get(owner);
        int next = owner + 1;
        shard.loop.execute(
            () -> {
              fill(shard.store, scrape, indexes, nowNanos);
              visit(next, scrape, nowNanos, end);
            });
        return;
      }
    }
    end.run();
  }

  private List<Integer> indexesOf(int owner, Scrape scrape) {
    var indexes = new ArrayList<Integer>();
    for (int i = 0; i < scrape.size(); i++) {
      if (Steering.loopOf(scrape.infoHashStart(i), shards.size()) == owner) {
        indexes.add(i);
      }
    }
    return indexes;
  }

  private static void fill(PeerStore store, Scrape scrape, List<Integer> indexes, long nowNanos) {
    var part = new Scrape(indexes.size());
    indexes.forEach(index -> part.add(scrape.infoHash(index)));
    store.scrape(part, nowNanos);
    for (int i = 0; i < part.size(); i++) {
      var counts = part.counts(i);
      scrape.set(indexes.get(i), counts.complete(), counts.downloaded(), counts.incomplete());
    }
  }

  /** From its own swarms: each loop is told by itself. */
  @Override
  public void select(PeerSelection selection) {
    shards.get(own).store.select(selection);
  }

  /** Of its own swarms: each loop takes care of these. */
  @Override
  public int expire(int peerCount, long nowNanos) {
    return shards.get(own).store.expire(peerCount, nowNanos);
  }

  /** Of its own swarms. */
  @Override
  public Holdings holdings() {
    return shards.get(own).store.holdings();
  }
}

package org.spate.core.tracker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.tracker.Selection.Listing;

/**
 * The simple store: every swarm in the memory of one process. An announce costs the peers it is
 * answered with and nothing more; a peer costs 32 bytes, 44 with IPv6, and its place in an index. A
 * swarm is forgotten with its last peer.
 */
public final class MemoryPeerStore implements PeerStore {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final TrackerPolicy policy;
  private final int seed;
  private final AddressQuota quota;
  private final Map<Hash160, SwarmTables> swarms = new HashMap<>();
  private final List<SwarmTables> round = new ArrayList<>();
  private int roundPosition;
  private int rowPosition = -1;
  private int seeds;
  private int leechers;
  private int v4;

  /** The {@code random} draws secrets that keep strangers from aiming at one counter or slot. */
  public MemoryPeerStore(TrackerPolicy policy, RandomGenerator random) {
    this.policy = policy;
    seed = random.nextInt();
    quota = new AddressQuota(policy.peerCountPerAddressMax(), random.nextLong());
  }

  @Override
  public Selection announce(Announcement announcement, long nowNanos, RandomGenerator random) {
    var request = announcement.request();
    int nowSeconds = (int) (nowNanos / SECOND_NANOS);
    boolean stopped = request.event() == AnnounceEvent.STOPPED;
    var swarm = stopped ? swarms.get(request.infoHash()) : findOrCreate(request.infoHash());
    if (swarm == null) {
      return nothing(stopped ? Listing.GONE : Listing.TOO_MANY_TORRENTS, SwarmCounts.NONE);
    }
    var listing =
        stopped ? leave(swarm, announcement.peer()) : list(swarm, announcement, nowSeconds);
    var counts = swarm.counts();
    forgetIfEmpty(swarm);
    if (stopped) {
      return nothing(listing, counts);
    }
    var choice =
        new Choice(
            request.peerId(),
            announcement.withPeerIds(),
            nowSeconds - policy.expirySeconds(),
            random);
    // One more than wanted, since the asker may be drawn and is left out then.
    swarm.draw(choice, request.isSeed(), announcement.numwant() + 1, announcement.families());
    return selection(listing, counts, choice, announcement.numwant());
  }

  private static Selection nothing(Listing listing, SwarmCounts counts) {
    return new Selection(listing, counts, List.of(), List.of());
  }

  private static Selection selection(
      Listing listing, SwarmCounts counts, Choice choice, int numwant) {
    int size = Math.min(choice.peers.size(), numwant);
    var ids = choice.peerIds.isEmpty() ? choice.peerIds : choice.peerIds.subList(0, size);
    return new Selection(listing, counts, choice.peers.subList(0, size), ids);
  }

  private @Nullable SwarmTables findOrCreate(Hash160 infoHash) {
    var swarm = swarms.get(infoHash);
    if (swarm == null && swarms.size() < policy.torrentCountMax()) {
      swarm = new SwarmTables(infoHash, seed, round.size());
      swarms.put(infoHash, swarm);
      round.add(swarm);
    }
    return swarm;
  }

  private void forgetIfEmpty(SwarmTables swarm) {
    if (swarm.count() > 0) {
      return;
    }
    swarms.remove(swarm.infoHash);
    var last = round.removeLast();
    if (last != swarm) {
      round.set(swarm.position, last);
      last.position = swarm.position;
    }
  }

  private Listing list(SwarmTables swarm, Announcement announcement, int nowSeconds) {
    var table = swarm.tableOf(announcement.peer());
    var request = announcement.request();
    int row = table.find(announcement.peer());
    boolean completedBefore = row >= 0 && table.hasCompleted(row);
    if (row >= 0 && table.isSeed(row) != request.isSeed()) {
      remove(table, row);
      row = -1;
    }
    if (row >= 0) {
      table.refresh(row, request.peerId(), nowSeconds);
    } else {
      if (seeds + leechers >= policy.peerCountMax()) {
        return Listing.TOO_MANY_PEERS;
      }
      if (!quota.take(announcement.peer())) {
        return Listing.TOO_MANY_OF_ADDRESS;
      }
      row = table.add(announcement.peer(), request.peerId(), request.isSeed(), nowSeconds);
      count(announcement.peer(), request.isSeed(), 1);
    }
    if (completedBefore || request.event() == AnnounceEvent.COMPLETED) {
      table.markCompleted(row);
      swarm.downloaded += completedBefore ? 0 : 1;
    }
    return Listing.LISTED;
  }

  private Listing leave(SwarmTables swarm, Endpoint peer) {
    var table = swarm.tableOf(peer);
    int row = table.find(peer);
    if (row >= 0) {
      remove(table, row);
    }
    return Listing.GONE;
  }

  private void remove(PeerTable table, int row) {
    var peer = table.endpoint(row);
    count(peer, table.isSeed(row), -1);
    quota.giveBack(peer);
    table.remove(row);
  }

  private void count(Endpoint peer, boolean isSeed, int change) {
    if (isSeed) {
      seeds += change;
    } else {
      leechers += change;
    }
    if (peer.isV4()) {
      v4 += change;
    }
  }

  @Override
  public SwarmCounts counts(Hash160 infoHash) {
    var swarm = swarms.get(infoHash);
    return swarm == null ? SwarmCounts.NONE : swarm.counts();
  }

  /**
   * Goes through each swarm from its last row to its first: removal moves only rows seen before.
   */
  @Override
  public int expire(int peerCount, long nowNanos) {
    int expiredBeforeSeconds = (int) (nowNanos / SECOND_NANOS) - policy.expirySeconds();
    int removed = 0;
    int swarmsLeft = round.size();
    for (int looked = 0; looked < peerCount && swarmsLeft > 0; looked++) {
      if (roundPosition >= round.size()) {
        roundPosition = 0;
        rowPosition = -1;
      }
      var swarm = round.get(roundPosition);
      if (rowPosition < 0 || rowPosition >= swarm.count()) {
        rowPosition = swarm.count() - 1;
      }
      removed += expireRow(swarm, rowPosition--, expiredBeforeSeconds);
      if (rowPosition < 0) {
        swarmsLeft--;
        endOfSwarm(swarm);
      }
    }
    return removed;
  }

  /** An emptied swarm gives its place to the last one, which is looked at next. */
  private void endOfSwarm(SwarmTables swarm) {
    if (swarm.count() > 0) {
      roundPosition++;
    }
    forgetIfEmpty(swarm);
  }

  private int expireRow(SwarmTables swarm, int position, int expiredBeforeSeconds) {
    boolean isV6 = position >= swarm.v4.count();
    var table = isV6 ? swarm.v6 : swarm.v4;
    int row = isV6 ? position - swarm.v4.count() : position;
    if (table.lastSeenSeconds(row) - expiredBeforeSeconds >= 0) {
      return 0;
    }
    remove(table, row);
    return 1;
  }

  @Override
  public Holdings holdings() {
    return new Holdings(swarms.size(), seeds, leechers, v4, seeds + leechers - v4);
  }
}

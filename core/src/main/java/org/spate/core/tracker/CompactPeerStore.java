package org.spate.core.tracker;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.tracker.Answer.Listing;

/**
 * The store in memory. A peer is twelve bytes (twenty-four with IPv6) in an array, and about six
 * more in an index once its swarm is large; a swarm of two is a record of thirteen ints and a block
 * of six. An announce costs a look into either index and the peers it is answered with, whatever
 * the size of the swarm. At a bound the oldest go, by sight: a hand goes round all rows, and the
 * oldest of the next few that it meets makes room. A swarm is forgotten with its last peer.
 */
public final class CompactPeerStore implements PeerStore {
  /** How many peers are drawn for a selection that is not content with any. */
  private static final int CANDIDATE_COUNT_MAX = 512;

  private final TrackerPolicy policy;
  private final Ticks ticks;
  private final AddressQuota quota;
  private final Draw draw;
  private final SwarmTable swarms;
  private final PeerTable v4;
  private final PeerTable v6;
  private final Hand hand;
  private final Answer candidates = new Answer(CANDIDATE_COUNT_MAX);
  private PeerSelection selection = PeerSelection.RANDOM;
  private int swarmHand;
  private int seeds;
  private int leechers;
  private int v4Count;

  /** Keeps reads that are made for their own sake from being optimised away. */
  @SuppressWarnings("unused")
  private int touched;

  /**
   * @param secrets draws what keeps strangers from aiming at one counter or slot
   * @param dice draws the peers of each answer
   */
  public CompactPeerStore(TrackerPolicy policy, RandomGenerator secrets, RandomGenerator dice) {
    this.policy = policy;
    ticks = new Ticks(policy.expirySeconds());
    quota = new AddressQuota(policy.peerCountPerAddressMax(), secrets.nextLong());
    draw = new Draw(dice);
    swarms = new SwarmTable(secrets.nextLong());
    var slab = new Slab();
    v4 = new PeerTable(new PeerRows(false, secrets.nextLong()), slab);
    v6 = new PeerTable(new PeerRows(true, secrets.nextLong()), slab);
    hand = new Hand(swarms, v4, v6);
  }

  @Override
  public @Nullable Later<Answer> announce(Announcement announcement, Answer answer, long nowNanos) {
    int tick = ticks.at(nowNanos);
    answer.begin(Listing.LISTED);
    int swarm = find(announcement);
    if (announcement.event == AnnounceEvent.STOPPED) {
      leave(swarm, announcement, answer);
      return null;
    }
    if (swarm == SwarmTable.NONE) {
      swarm = create(announcement, answer, tick);
      if (swarm == SwarmTable.NONE) {
        answer.listing = Listing.TOO_MANY_TORRENTS;
        return null;
      }
    }
    swarms.touch(swarm, tick);
    open(swarm);
    int fingerprint = announcement.fingerprint();
    list(swarm, announcement, answer, fingerprint, tick);
    count(swarm, answer);
    if (swarms.peerCount(swarm) == 0) {
      swarms.remove(swarm);
    } else {
      select(announcement, answer, fingerprint, tick);
    }
    return null;
  }

  @Override
  public void select(PeerSelection other) {
    selection = other;
  }

  private void select(Announcement announcement, Answer answer, int fingerprint, int tick) {
    int numwant = Math.min(announcement.numwant, answer.peerCountMax());
    if (selection.isRandom()) {
      draw.begin(announcement, answer, fingerprint, tick);
      choose(announcement, answer, numwant);
    } else {
      candidates.begin(Listing.LISTED);
      draw.begin(announcement, candidates, fingerprint, tick);
      choose(announcement, candidates, CANDIDATE_COUNT_MAX);
      selection.choose(candidates, announcement, numwant, draw::below, answer);
    }
  }

  /** First the records of all, since these say where the rows are; then the rows. */
  @Override
  public void expect(Scrape expected) {
    for (int i = 0; i < expected.size(); i++) {
      int swarm = swarms.find(expected.high(i), expected.middle(i), expected.low(i));
      expected.set(i, swarm, 0, 0);
    }
    for (int i = 0; i < expected.size(); i++) {
      int swarm = expected.complete(i);
      if (swarm != SwarmTable.NONE) {
        open(swarm);
        touched += v4.touch() + v6.touch();
      }
    }
  }

  private int find(Announcement announcement) {
    return swarms.find(announcement.hashHigh, announcement.hashMiddle, announcement.hashLow);
  }

  private void open(int swarm) {
    v4.open(swarms.record(swarm), SwarmTable.at(swarm) + SwarmTable.V4);
    v6.open(swarms.record(swarm), SwarmTable.at(swarm) + SwarmTable.V6);
  }

  private void count(int swarm, Answer answer) {
    answer.counts(
        v4.seedCount() + v6.seedCount(),
        swarms.downloaded(swarm),
        v4.leecherCount() + v6.leecherCount());
  }

  /** Draws from both families by their sizes; a seed gets leechers only. */
  private void choose(Announcement announcement, Answer answer, int numwant) {
    // One more than wanted, since the asker may be drawn and is left out then.
    int wanted = numwant + 1;
    boolean forSeed = announcement.isSeed();
    var families = announcement.families;
    int end4 = !families.hasV4() ? 0 : forSeed ? v4.leecherCount() : v4.count();
    int end6 = !families.hasV6() ? 0 : forSeed ? v6.leecherCount() : v6.count();
    long both = (long) end4 + end6;
    int wanted6 = end6 == 0 ? 0 : (int) ((wanted * (long) end6 + both / 2) / both);
    draw.draw(v6, end6, wanted6);
    draw.draw(v4, end4, wanted - Math.min(wanted6, end6));
    answer.cut(numwant);
  }

  private int create(Announcement announcement, Answer answer, int tick) {
    int bound = Math.min(policy.torrentCountMax(), SplitIndex.ROW_COUNT_MAX);
    if (swarms.count() >= bound && !evictSwarm(answer, tick)) {
      return SwarmTable.NONE;
    }
    return swarms.add(announcement.hashHigh, announcement.hashMiddle, announcement.hashLow, tick);
  }

  private void list(
      int swarm, Announcement announcement, Answer answer, int fingerprint, int tick) {
    long high = announcement.addressHigh;
    long low = announcement.addressLow;
    var table = Reach.isV4(high, low) ? v4 : v6;
    boolean isSeed = announcement.isSeed();
    int row = table.find(high, low, announcement.port);
    boolean completedBefore = false;
    if (row != PeerTable.NONE) {
      completedBefore = table.rows.hasCompleted(table.array(row), table.at(row));
      if (table.isSeed(row) != isSeed) {
        remove(table, row);
        row = PeerTable.NONE;
      } else {
        table.rows.refresh(table.array(row), table.at(row), fingerprint, tick);
      }
    }
    if (row == PeerTable.NONE) {
      answer.listing = room(swarm, table, high, low, answer, tick);
      if (answer.listing != Listing.LISTED) {
        return;
      }
      row = table.add(high, low, announcement.port, fingerprint, isSeed, tick);
      census(table, isSeed, 1);
    }
    if (completedBefore || announcement.event == AnnounceEvent.COMPLETED) {
      table.rows.markCompleted(table.array(row), table.at(row));
      swarms.addDownloaded(swarm, completedBefore ? 0 : 1);
    }
  }

  /** Makes room for one more peer, if need be by the oldest in sight. */
  private Listing room(int swarm, PeerTable table, long high, long low, Answer answer, int tick) {
    if (table.isFull()) {
      return Listing.TOO_MANY_PEERS;
    }
    if (!quota.take(high, low)) {
      return Listing.TOO_MANY_OF_ADDRESS;
    }
    if (seeds + leechers >= policy.peerCountMax()) {
      hand.findOldest(tick);
      removeAtHand(swarm);
      answer.evictedPeerCount++;
      open(swarm);
    }
    return Listing.LISTED;
  }

  private void leave(int swarm, Announcement announcement, Answer answer) {
    answer.listing = Listing.UNKNOWN;
    if (swarm == SwarmTable.NONE) {
      return;
    }
    open(swarm);
    var table = announcement.isV4() ? v4 : v6;
    int row = table.find(announcement.addressHigh, announcement.addressLow, announcement.port);
    if (row != PeerTable.NONE) {
      answer.listing = Listing.GONE;
      remove(table, row);
    }
    count(swarm, answer);
    if (swarms.peerCount(swarm) == 0) {
      swarms.remove(swarm);
    }
  }

  private void remove(PeerTable table, int row) {
    var array = table.array(row);
    int at = table.at(row);
    quota.giveBack(table.rows.high(array, at), table.rows.low(array, at));
    census(table, table.isSeed(row), -1);
    table.remove(row);
  }

  private void census(PeerTable table, boolean isSeed, int change) {
    if (isSeed) {
      seeds += change;
    } else {
      leechers += change;
    }
    if (table == v4) {
      v4Count += change;
    }
  }

  @Override
  public @Nullable Later<Scrape> scrape(Scrape scrape, long nowNanos) {
    for (int i = 0; i < scrape.size(); i++) {
      int swarm = swarms.find(scrape.high(i), scrape.middle(i), scrape.low(i));
      if (swarm == SwarmTable.NONE) {
        scrape.set(i, 0, 0, 0);
      } else {
        int incomplete = swarms.leecherCount(swarm);
        scrape.set(i, swarms.peerCount(swarm) - incomplete, swarms.downloaded(swarm), incomplete);
      }
    }
    return null;
  }

  @Override
  public int expire(int peerCount, long nowNanos) {
    int tick = ticks.at(nowNanos);
    int removed = 0;
    int swarmsLeft = 2 * swarms.end();
    for (int work = 0; work < peerCount && swarmsLeft >= 0; work++) {
      if (!hand.next()) {
        swarmsLeft--;
      } else if (Ticks.isExpired(hand.tick(), tick)) {
        removeAtHand(SwarmTable.NONE);
        removed++;
        work += REMOVAL_WORK;
      }
    }
    return removed;
  }

  /** A removal mends the index, which costs as much as so many looks at a row. */
  private static final int REMOVAL_WORK = 31;

  /** The peer that the hand points at goes, and its swarm if that is not the one to be kept. */
  private void removeAtHand(int keptSwarm) {
    int swarm = hand.swarm();
    open(swarm);
    remove(hand.table(), hand.row());
    if (swarm != keptSwarm && swarms.peerCount(swarm) == 0) {
      swarms.remove(swarm);
    }
  }

  /** How many swarms are compared when one has to go. */
  private static final int SWARMS_COMPARED = 16;

  /** Of the next small swarms one that nobody has announced for longest goes with all its peers. */
  private boolean evictSwarm(Answer answer, int tick) {
    int oldest = SwarmTable.NONE;
    int oldestAge = -1;
    for (int i = 0; i < SWARMS_COMPARED; i++) {
      swarmHand = swarmHand + 1 >= swarms.end() ? 0 : swarmHand + 1;
      if (!swarms.isFree(swarmHand)
          && swarms.peerCount(swarmHand) <= PeerTable.SMALL_COUNT_MAX
          && Ticks.age(swarms.tick(swarmHand), tick) > oldestAge) {
        oldest = swarmHand;
        oldestAge = Ticks.age(swarms.tick(swarmHand), tick);
      }
    }
    if (oldest == SwarmTable.NONE) {
      return false;
    }
    answer.evictedTorrentCount++;
    answer.evictedPeerCount += swarms.peerCount(oldest);
    open(oldest);
    while (v4.count() > 0) {
      remove(v4, v4.count() - 1);
    }
    while (v6.count() > 0) {
      remove(v6, v6.count() - 1);
    }
    swarms.remove(oldest);
    return true;
  }

  /** A peer as a snapshot has it. */
  record Restored(
      long hashHigh,
      long hashMiddle,
      int hashLow,
      int downloaded,
      long high,
      long low,
      int port,
      int fingerprint,
      boolean isSeed,
      boolean hasCompleted,
      long ageSeconds) {}

  /** Takes a peer that is not too old and for which there is room without pushing another out. */
  boolean restore(Restored peer, long nowNanos) {
    if (peer.ageSeconds > policy.expirySeconds()
        || seeds + leechers >= policy.peerCountMax()
        || (swarms.find(peer.hashHigh, peer.hashMiddle, peer.hashLow) == SwarmTable.NONE
            && swarms.count() >= policy.torrentCountMax())) {
      return false;
    }
    int nowTick = ticks.at(nowNanos);
    int tick = ticks.tickOfAge(peer.ageSeconds, nowTick);
    int swarm = swarms.find(peer.hashHigh, peer.hashMiddle, peer.hashLow);
    if (swarm == SwarmTable.NONE) {
      swarm = swarms.add(peer.hashHigh, peer.hashMiddle, peer.hashLow, nowTick);
      swarms.addDownloaded(swarm, peer.downloaded);
    }
    open(swarm);
    var table = Reach.isV4(peer.high, peer.low) ? v4 : v6;
    boolean isNew =
        table.find(peer.high, peer.low, peer.port) == PeerTable.NONE
            && !table.isFull()
            && quota.take(peer.high, peer.low);
    if (isNew) {
      int row = table.add(peer.high, peer.low, peer.port, peer.fingerprint, peer.isSeed, tick);
      census(table, peer.isSeed, 1);
      if (peer.hasCompleted) {
        table.rows.markCompleted(table.array(row), table.at(row));
      }
    } else if (swarms.peerCount(swarm) == 0) {
      swarms.remove(swarm);
    }
    return isNew;
  }

  SwarmTable swarms() {
    return swarms;
  }

  Ticks ticks() {
    return ticks;
  }

  /** The table of one family of a swarm, open. */
  PeerTable open(int swarm, boolean isV6) {
    open(swarm);
    return isV6 ? v6 : v4;
  }

  @Override
  public Holdings holdings() {
    return new Holdings(swarms.count(), seeds, leechers, v4Count, seeds + leechers - v4Count);
  }
}

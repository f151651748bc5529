package org.spate.core.dht;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;

/**
 * The torrents that a node announces and finds peers for: every quarter of an hour, a few at a
 * time, and sooner where nobody has been found so far.
 */
final class AnnouncedTorrents {
  static final int TORRENTS_MAX = 10_000;

  /** Peers are forgotten after half an hour; this leaves time for a second try. */
  static final long INTERVAL_NANOS = 15 * 60 * 1_000_000_000L;

  /** Nobody looks for the peers of a torrent more often. */
  static final long INTERVAL_MIN_NANOS = 20 * 1_000_000_000L;

  private static final int RUNNING_MAX = 8;

  private final DhtNode node;
  private final RandomGenerator random;
  private final Listener listener;
  private final Map<Hash160, Entry> torrents = new LinkedHashMap<>();
  private long earliestNanos = Machine.NEVER;
  private int running;

  /** Whom the findings are for. */
  interface Listener {
    void onPeers(Hash160 infoHash, List<Endpoint> peers);

    void onAnnounced(Hash160 infoHash, int nodeCount);
  }

  AnnouncedTorrents(DhtNode node, RandomGenerator random, Listener listener) {
    this.node = node;
    this.random = random;
    this.listener = listener;
  }

  /** One torrent and its next turn. */
  private static final class Entry {
    PeerLookup.Announcement announcement;
    long dueNanos;
    long startedNanos;
    long waitNanos = INTERVAL_MIN_NANOS;
    boolean hasStarted;
    boolean isRunning;
    boolean isUrgent;

    Entry(PeerLookup.Announcement announcement, long nowNanos) {
      this.announcement = announcement;
      this.dueNanos = nowNanos;
    }
  }

  void announce(Hash160 infoHash, PeerLookup.Announcement announcement, long nowNanos) {
    var entry = torrents.get(infoHash);
    if (entry != null) {
      entry.announcement = announcement;
    } else if (torrents.size() < TORRENTS_MAX) {
      torrents.put(infoHash, new Entry(announcement, nowNanos));
      earliestNanos = Math.min(earliestNanos, nowNanos);
    }
  }

  void withdraw(Hash160 infoHash) {
    torrents.remove(infoHash);
  }

  /** Takes a torrent's turn forward, though not too near to its last one. */
  void wantPeers(Hash160 infoHash, long nowNanos) {
    var entry = torrents.get(infoHash);
    if (entry != null && entry.isRunning) {
      entry.isUrgent = true;
    } else if (entry != null) {
      long earliest = entry.hasStarted ? entry.startedNanos + INTERVAL_MIN_NANOS : nowNanos;
      entry.dueNanos = Math.min(entry.dueNanos, Math.max(earliest, nowNanos));
      earliestNanos = Math.min(earliestNanos, entry.dueNanos);
    }
  }

  /** Begins with those whose turn it is. */
  void advance(long nowNanos) {
    if (deadlineNanos(nowNanos) > nowNanos) {
      return;
    }
    for (var torrent : new ArrayList<>(torrents.entrySet())) {
      var entry = torrent.getValue();
      if (running < RUNNING_MAX && !entry.isRunning && entry.dueNanos - nowNanos <= 0) {
        begin(torrent.getKey(), entry, nowNanos);
      }
    }
    findEarliest();
  }

  private void findEarliest() {
    earliestNanos = Machine.NEVER;
    for (var entry : torrents.values()) {
      if (!entry.isRunning) {
        earliestNanos = Math.min(earliestNanos, entry.dueNanos);
      }
    }
  }

  private void begin(Hash160 infoHash, Entry entry, long nowNanos) {
    entry.isRunning = true;
    entry.hasStarted = true;
    entry.startedNanos = nowNanos;
    running++;
    var run = new Run(infoHash, entry);
    PeerLookup.tellOwn(node, infoHash, run::onPeers);
    if (!node.look(infoHash, run.lookup, nowNanos)) {
      entry.isRunning = false;
      entry.dueNanos = nowNanos + INTERVAL_MIN_NANOS;
      running--;
    }
  }

  /** One turn of one torrent. */
  private final class Run {
    private final Hash160 infoHash;
    private final Entry entry;
    private final Findings findings = new Findings();
    private final PeerLookup lookup;

    Run(Hash160 infoHash, Entry entry) {
      this.infoHash = infoHash;
      this.entry = entry;
      this.lookup =
          new PeerLookup(
              infoHash, entry.announcement, false, node, findings, this::onPeers, this::onDone);
    }

    private void onPeers(List<Endpoint> peers) {
      if (isWanted()) {
        listener.onPeers(infoHash, peers);
      }
    }

    private boolean isWanted() {
      return torrents.get(infoHash) == entry;
    }

    private void onDone(long nowNanos) {
      running--;
      entry.isRunning = false;
      boolean isLonely = lookup.peerCount() == 0 || findings.stored == 0;
      entry.waitNanos = isLonely ? Math.min(2 * entry.waitNanos, INTERVAL_NANOS) : INTERVAL_NANOS;
      long spread = entry.waitNanos / 10;
      entry.dueNanos = nowNanos + entry.waitNanos - random.nextLong(spread + 1);
      earliestNanos = Math.min(earliestNanos, entry.dueNanos);
      if (entry.isUrgent) {
        entry.isUrgent = false;
        wantPeers(infoHash, nowNanos);
      }
      if (isWanted()) {
        listener.onAnnounced(infoHash, findings.stored);
      }
    }
  }

  long deadlineNanos(long nowNanos) {
    // Whatever ends the waiting, an answer or a tick, leads here again.
    return running >= RUNNING_MAX || !node.upkeep().isReady()
        ? Machine.NEVER
        : Math.max(earliestNanos, nowNanos);
  }

  int count() {
    return torrents.size();
  }
}

package org.spate.core.tracker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.ScrapeReply;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerResponse;
import org.spate.core.tracker.Selection.Listing;

/**
 * What a tracker answers, whichever way it is asked: checks an announce, has the store record it
 * and choose, and counts what it did. An address that a client claims is never believed: a peer is
 * found where its announce came from.
 */
public final class TrackerLogic {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final TrackerPolicy policy;
  private final PeerStore store;
  private final RandomGenerator random;
  private final Counters counters = new Counters();
  private final long startNanos;
  private Access access = Access.OPEN;

  public TrackerLogic(
      TrackerPolicy policy, PeerStore store, RandomGenerator random, long nowNanos) {
    this.policy = policy;
    this.store = store;
    this.random = random;
    this.startNanos = nowNanos;
  }

  /** Replaces what decides about info-hashes; peers of swarms now refused expire in their time. */
  public void restrict(Access access) {
    this.access = access;
  }

  public Counters counters() {
    return counters;
  }

  /** An answer of the usual kind: peers of both families, without ids. */
  public TrackerResponse announce(AnnounceRequest request, Endpoint source, long nowNanos) {
    return announce(request, source, Families.BOTH, policy.numwantMax(), false, nowNanos);
  }

  /**
   * An {@link AnnounceReply}, or a failure.
   *
   * @param source where the announce came from; its port does not matter
   * @param numwantMax what the form of the answer has room for
   */
  TrackerResponse announce(
      AnnounceRequest request,
      Endpoint source,
      Families families,
      int numwantMax,
      boolean withPeerIds,
      long nowNanos) {
    if (request.port() == 0) {
      counters.add(Count.REFUSED_PORT_ZERO);
      return TrackerFailure.of("port 0 cannot be reached");
    }
    if (!access.allows(request.infoHash())) {
      counters.add(Count.REFUSED_NOT_ALLOWED);
      return TrackerFailure.of("this tracker does not serve this info-hash");
    }
    countEvent(request);
    int wanted =
        request.numwant() == AnnounceRequest.NUMWANT_DEFAULT
            ? policy.numwantDefault()
            : Math.min(request.numwant(), policy.numwantMax());
    var announcement =
        new Announcement(
            request,
            source.withPort(request.port()),
            Math.min(wanted, numwantMax),
            families,
            withPeerIds);
    return reply(store.announce(announcement, nowNanos, random), source);
  }

  private void countEvent(AnnounceRequest request) {
    switch (request.event()) {
      case STARTED -> counters.add(Count.EVENTS_STARTED);
      case COMPLETED -> counters.add(Count.EVENTS_COMPLETED);
      case STOPPED -> counters.add(Count.EVENTS_STOPPED);
      case NONE -> {}
    }
  }

  private AnnounceReply reply(Selection selection, Endpoint source) {
    return new AnnounceReply(
        policy.intervalSeconds(),
        policy.minIntervalSeconds(),
        selection.counts().complete(),
        selection.counts().incomplete(),
        selection.peers(),
        selection.peerIds(),
        warning(selection.listing()),
        source.withPort(0));
  }

  private @Nullable String warning(Listing listing) {
    var reason =
        switch (listing) {
          case LISTED, GONE -> null;
          case TOO_MANY_TORRENTS -> Count.UNLISTED_TOO_MANY_TORRENTS;
          case TOO_MANY_PEERS -> Count.UNLISTED_TOO_MANY_PEERS;
          case TOO_MANY_OF_ADDRESS -> Count.UNLISTED_TOO_MANY_OF_ADDRESS;
        };
    if (reason == null) {
      return null;
    }
    counters.add(reason);
    return "the tracker is full: other peers will not hear of you";
  }

  /** The size of each swarm; of those that are unknown or not served, zeros. */
  public ScrapeReply scrape(List<Hash160> infoHashes) {
    var swarms = new LinkedHashMap<Hash160, SwarmCounts>();
    for (var infoHash : infoHashes) {
      swarms.put(infoHash, counts(infoHash));
    }
    return new ScrapeReply(swarms);
  }

  SwarmCounts counts(Hash160 infoHash) {
    return access.allows(infoHash) ? store.counts(infoHash) : SwarmCounts.NONE;
  }

  /** A small step of expiry; to be called now and then. */
  public void expire(int peerCount, long nowNanos) {
    counters.add(Count.PEERS_EXPIRED, store.expire(peerCount, nowNanos));
  }

  public TrackerStatistics statistics(long nowNanos) {
    return new TrackerStatistics(
        (nowNanos - startNanos) / SECOND_NANOS, store.holdings(), counters.snapshot());
  }
}

package org.spate.core.tracker;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerResponse;
import org.spate.core.tracker.Answer.Listing;

/**
 * What a tracker answers, whichever way it is asked: checks an announce, has the store record it
 * and choose, and counts what it did. An address that a client claims is never believed: a peer is
 * found where its announce came from.
 */
public final class TrackerLogic {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** What a client is told whose announce was answered but not listed. */
  private static final String FULL = "the tracker is full: other peers will not hear of you";

  private TrackerPolicy policy;
  private final PeerStore store;
  private final Counters counters = new Counters();
  private final long startNanos;
  private Access access = Access.OPEN;
  private Admission admission = Admission.ANYBODY;
  private @Nullable RequestQuota requests;

  /** As long as nobody has told the time, whatever is good for a time is not. */
  private long epochSeconds = Long.MAX_VALUE;

  public TrackerLogic(TrackerPolicy policy, PeerStore store, long nowNanos) {
    this.policy = policy;
    this.store = store;
    this.startNanos = nowNanos;
  }

  /** Replaces what decides about info-hashes; peers of swarms now refused expire in their time. */
  public void restrict(Access access) {
    this.access = access;
  }

  /** Replaces what decides who may announce. */
  public void admit(Admission admission) {
    this.admission = admission;
  }

  /** Chooses peers by another rule from now on. */
  public void select(PeerSelection selection) {
    store.select(selection);
  }

  /** Bounds how many requests an address makes, or with null does not. */
  public void limit(@Nullable RequestQuota requests) {
    this.requests = requests;
  }

  /**
   * Counts a request of an address that is known to be right, before any other work is done for it;
   * whether the address has made too many.
   */
  public boolean isFlooding(long high, long low, long nowNanos) {
    boolean isFlooding = requests != null && !requests.take(high, low, nowNanos);
    counters.add(Count.REFUSED_FLOOD, isFlooding ? 1 : 0);
    return isFlooding;
  }

  /** What a client is told whose address asks too often. */
  public static final TrackerFailure FLOOD =
      new TrackerFailure("too many requests come from this address: try again in a minute", 60);

  /** Tells the time of day, in seconds since 1970, to be called every second or so. */
  public void onWallClock(long epochSeconds) {
    this.epochSeconds = epochSeconds;
  }

  /**
   * Goes by another policy from now on. When peers expire and the bounds on what is kept belong to
   * the store and stay as they are.
   */
  public void follow(TrackerPolicy other) {
    policy = other;
  }

  public Counters counters() {
    return counters;
  }

  /** Whether what stands behind an announce (BEP 41) has a meaning here. */
  boolean readsUrlData() {
    return !admission.isOpen();
  }

  TrackerPolicy policy() {
    return policy;
  }

  /** An answer of the usual kind, of a store that answers at once: peers of both families. */
  public TrackerResponse announce(AnnounceRequest request, Endpoint source, long nowNanos) {
    var announcement = Announcement.of(request, source, Families.BOTH);
    var refusal = refusal(announcement, policy.numwantMax());
    if (refusal != null) {
      return refusal;
    }
    var answer = new Answer(policy.numwantMax());
    if (announce(announcement, answer, nowNanos) != null) {
      throw new IllegalStateException("a store that answers later");
    }
    return answer.listing.isAnswered() ? reply(answer, List.of(), source) : NO_STORE;
  }

  /** What is told while the store cannot be asked. */
  static final TrackerFailure NO_STORE =
      new TrackerFailure("the tracker is in trouble, try again in a minute", 60);

  /**
   * Why the announce is refused, or null; then its numwant is settled.
   *
   * @param numwantMax what the form of the answer has room for
   */
  @Nullable TrackerFailure refusal(Announcement announcement, int numwantMax) {
    if (announcement.port < policy.portMin()) {
      counters.add(announcement.port == 0 ? Count.REFUSED_PORT_ZERO : Count.REFUSED_PORT);
      return announcement.port == 0 ? PORT_ZERO : PORT;
    }
    announcement.user = "";
    if (!admission.isOpen()) {
      switch (admission.admit(announcement.urlData, announcement.infoHash(), epochSeconds)) {
        case Admission.Verdict.Admitted(var user) -> announcement.user = user;
        case Admission.Verdict.Refused refused -> {
          counters.add(refused.count);
          return refused.failure();
        }
      }
    }
    if (!access.isOpen() && !serves(announcement.infoHash())) {
      return NOT_ALLOWED;
    }
    countEvent(announcement.event);
    if (announcement.numwant == AnnounceRequest.NUMWANT_DEFAULT) {
      announcement.numwant = policy.numwantDefault();
    } else if (announcement.numwant > policy.numwantMax()) {
      counters.add(Count.CUT_NUMWANT);
    }
    announcement.numwant =
        Math.min(announcement.numwant, Math.min(policy.numwantMax(), numwantMax));
    return null;
  }

  private static final TrackerFailure PORT_ZERO = TrackerFailure.of("port 0 cannot be reached");
  private static final TrackerFailure PORT = TrackerFailure.of("this port is not served");
  private static final TrackerFailure NOT_ALLOWED =
      TrackerFailure.of("this tracker does not serve this info-hash");

  /**
   * Why a swarm is not to be announced, or null; for a front whose swarms are its own.
   *
   * @param urlData path and query of the tracker's URL
   */
  public @Nullable TrackerFailure refusal(String urlData, Hash160 infoHash) {
    if (!admission.isOpen()
        && admission.admit(urlData, infoHash, epochSeconds)
            instanceof Admission.Verdict.Refused refused) {
      counters.add(refused.count);
      return refused.failure();
    }
    return serves(infoHash) ? null : NOT_ALLOWED;
  }

  /** As whom somebody announces a swarm by this URL, or the empty string. */
  public String userOf(String urlData, Hash160 infoHash) {
    return !admission.isOpen()
            && admission.admit(urlData, infoHash, epochSeconds)
                instanceof Admission.Verdict.Admitted(var user)
        ? user
        : "";
  }

  private boolean serves(Hash160 infoHash) {
    boolean isServed = access.isOpen() || access.allows(infoHash);
    if (!isServed) {
      counters.add(Count.REFUSED_NOT_ALLOWED);
    }
    return isServed;
  }

  /** Counts what an announce says has happened. */
  public void countEvent(AnnounceEvent event) {
    switch (event) {
      case STARTED -> counters.add(Count.EVENTS_STARTED);
      case COMPLETED -> counters.add(Count.EVENTS_COMPLETED);
      case STOPPED -> counters.add(Count.EVENTS_STOPPED);
      case NONE -> {}
    }
  }

  /** Tells the store which swarms will be announced next. */
  void expect(Scrape swarms) {
    store.expect(swarms);
  }

  /** Asks the store; null if the answer is there, and counted by {@link #count}. */
  @Nullable Later<Answer> announce(Announcement announcement, Answer answer, long nowNanos) {
    var later = store.announce(announcement, answer, nowNanos);
    if (later == null) {
      count(answer);
    }
    return later;
  }

  /** Counts what became of an announce. */
  void count(Answer answer) {
    counters.add(Count.EVICTED_PEERS, answer.evictedPeerCount);
    counters.add(Count.EVICTED_TORRENTS, answer.evictedTorrentCount);
    count(answer.booking);
    switch (answer.listing) {
      case LISTED, GONE -> {}
      case UNKNOWN -> counters.add(Count.EVENTS_OUT_OF_ORDER);
      case TOO_MANY_TORRENTS -> counters.add(Count.UNLISTED_TOO_MANY_TORRENTS);
      case TOO_MANY_PEERS -> counters.add(Count.UNLISTED_TOO_MANY_PEERS);
      case TOO_MANY_OF_ADDRESS -> counters.add(Count.UNLISTED_TOO_MANY_OF_ADDRESS);
      case NO_STORE -> counters.add(Count.FAILED_STORE);
      case STORE_BUSY -> counters.add(Count.REFUSED_STORE_BUSY);
    }
  }

  /** Counts what became of a user's counters. */
  public void count(Accounts.Booking booking) {
    switch (booking) {
      case NONE, BOOKED -> {}
      case CUT -> counters.add(Count.CUT_TRANSFER);
      case NO_ROOM -> counters.add(Count.UNACCOUNTED);
    }
  }

  /** The answer for those who read it as values. */
  AnnounceReply reply(Answer answer, List<PeerId> peerIds, Endpoint source) {
    return reply(answer, answer.peers(), peerIds, source);
  }

  /** The same for those who take the peers as they stand in the answer. */
  AnnounceReply replyWithoutPeers(Answer answer, Endpoint source) {
    return reply(answer, List.of(), List.of(), source);
  }

  private AnnounceReply reply(
      Answer answer, List<Endpoint> peers, List<PeerId> peerIds, Endpoint source) {
    return new AnnounceReply(
        policy.intervalSeconds(),
        policy.minIntervalSeconds(),
        answer.complete,
        answer.incomplete,
        peers,
        peerIds,
        warning(answer.listing),
        source.withPort(0));
  }

  static @Nullable String warning(Listing listing) {
    return switch (listing) {
      case LISTED, GONE, UNKNOWN, NO_STORE, STORE_BUSY -> null;
      case TOO_MANY_TORRENTS, TOO_MANY_PEERS, TOO_MANY_OF_ADDRESS -> FULL;
    };
  }

  /** Why a scrape by this URL is refused, or null: every one of its swarms must be admitted. */
  @Nullable TrackerFailure refusal(Scrape scrape, String urlData) {
    for (int i = 0; i < scrape.size() && !admission.isOpen(); i++) {
      if (admission.admit(urlData, scrape.infoHash(i), epochSeconds)
          instanceof Admission.Verdict.Refused refused) {
        counters.add(refused.count);
        return refused.failure();
      }
    }
    return null;
  }

  /** Why a scrape of all swarms is refused, or null; who may see one swarm only may not see all. */
  @Nullable TrackerFailure refusalOfFullScrape(String urlData) {
    var any = new Scrape(1);
    any.add(NO_TORRENT);
    return refusal(any, urlData);
  }

  private static final Hash160 NO_TORRENT = new Hash160(0, 0, 0);

  /** Asks for the sizes of swarms: of those that are unknown or not served, zeros. */
  public @Nullable Later<Scrape> scrape(Scrape scrape, long nowNanos) {
    scrape.hide(access);
    var later = store.scrape(scrape, nowNanos);
    if (later == null) {
      count(scrape);
    }
    return later;
  }

  /** Counts what became of a scrape. */
  void count(Scrape scrape) {
    counters.add(Count.FAILED_STORE, scrape.hasFailed() ? 1 : 0);
  }

  /** A small step of expiry; to be called now and then. */
  public void expire(int peerCount, long nowNanos) {
    counters.add(Count.PEERS_EXPIRED, store.expire(peerCount, nowNanos));
  }

  /** How many peers there are in its store. */
  public int peerCount() {
    return store.holdings().peers();
  }

  public TrackerStatistics statistics(long nowNanos) {
    return new TrackerStatistics(
        (nowNanos - startNanos) / SECOND_NANOS,
        store.holdings(),
        WebSocketNumbers.NONE,
        counters.snapshot());
  }
}

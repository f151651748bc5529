package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;

/**
 * Addresses that may be peers: whom to dial next, whom to leave alone for a while, whom never to
 * talk to again. New addresses come in any order from many sources, so ties are broken at random.
 */
final class PeerTable {
  /** Most addresses remembered; more are turned away until some are given up. */
  static final int CANDIDATES_MAX = 2000;

  /** Most of them that neighbours told of (BEP 11): nobody vouches for those. */
  static final int EXCHANGED_MAX = 500;

  /**
   * Addresses that neighbours told of are dialled one after the other, so that whoever makes them
   * up cannot turn a swarm against a victim (threat 33).
   */
  static final long EXCHANGED_EVERY_NANOS = 200_000_000L;

  private static final long SECOND = 1_000_000_000L;

  /** Seconds to wait after the first, second, ... failure in a row; beyond, it is given up. */
  private static final int[] BACK_OFF_SECONDS = {5, 15, 60, 300, 900, 1800, 3600};

  /** As many as this an address that a neighbour told of counts as having failed at its first. */
  private static final int EXCHANGED_FAILURES = 2;

  private static final int TIE_FIRST = -1;

  /** Before any other. */
  private static final long FIRST = 0;

  private static final class Candidate {
    final Endpoint remote;
    final PeerSource source;
    int tie;
    int failures;
    long nextNanos;
    boolean busy; // being dialled, or connected

    Candidate(Endpoint remote, PeerSource source, int tie, long nextNanos) {
      this.remote = remote;
      this.source = source;
      this.tie = tie;
      this.nextNanos = nextNanos;
    }
  }

  private static final Comparator<Candidate> SOONEST =
      Comparator.comparingLong((Candidate c) -> c.nextNanos).thenComparingInt(c -> c.tie);

  private final RandomGenerator random;
  private final Map<Endpoint, Candidate> candidates = new LinkedHashMap<>();
  private final PriorityQueue<Candidate> waiting = new PriorityQueue<>(SOONEST);
  private @Nullable Endpoint self;
  private int exchanged; // candidates that neighbours told of
  private long exchangedNanos;
  private final Bans bans = new Bans();

  PeerTable(RandomGenerator random) {
    this.random = random;
  }

  int size() {
    return candidates.size();
  }

  /** Notes an address; nothing happens if it is known, impossible or banned. */
  void add(Endpoint remote, PeerSource source, long nowNanos) {
    if (!canDial(remote) || isBanned(remote) || candidates.containsKey(remote)) {
      return;
    }
    boolean isFirst = source == PeerSource.USER;
    if (candidates.size() >= CANDIDATES_MAX && !isFirst && !makeRoom()) {
      return;
    }
    if (source == PeerSource.PEX && exchanged >= EXCHANGED_MAX) {
      return;
    }
    int tie = isFirst ? TIE_FIRST : tie(remote);
    long whenNanos = isFirst ? FIRST : source == PeerSource.PEX ? turn(nowNanos) : nowNanos;
    var candidate = new Candidate(remote, source, tie, whenNanos);
    candidates.put(remote, candidate);
    waiting.add(candidate);
  }

  /** How others see us: from now on canonical priority decides between equals (BEP 40). */
  void self(Endpoint address) {
    self = address;
    var all = new ArrayList<>(waiting);
    waiting.clear();
    for (var candidate : all) {
      candidate.tie = candidate.tie == TIE_FIRST ? TIE_FIRST : tie(candidate.remote);
      waiting.add(candidate);
    }
  }

  /** Less is better. */
  private int tie(Endpoint remote) {
    return self != null && self.isV4() == remote.isV4()
        ? ~PeerPriority.of(self, remote) >>> 1
        : random.nextInt(Integer.MAX_VALUE);
  }

  private long turn(long nowNanos) {
    exchanged++;
    exchangedNanos = Math.max(nowNanos, exchangedNanos + EXCHANGED_EVERY_NANOS);
    return exchangedNanos;
  }

  private void onForgotten(Candidate candidate) {
    exchanged -= candidate.source == PeerSource.PEX ? 1 : 0;
  }

  /** Whoever fills the table with dead addresses must not keep live ones out for hours. */
  private boolean makeRoom() {
    Candidate worst = null;
    for (var candidate : waiting) {
      if (candidate.failures > (worst == null ? 0 : worst.failures)) {
        worst = candidate;
      }
    }
    if (worst != null) {
      waiting.remove(worst);
      candidates.remove(worst.remote);
      onForgotten(worst);
    }
    return worst != null;
  }

  private static boolean canDial(Endpoint remote) {
    if (remote.port() == 0) {
      return false;
    }
    if (remote.isV4()) {
      int first = remote.v4Address() >>> 24;
      return first != 0 && first < 224; // neither "this network" nor multicast and above
    }
    return (remote.high() >>> 56) != 0xFF && (remote.high() != 0 || remote.low() != 0);
  }

  /** The next address to dial now, or null; the caller reports what becomes of it. */
  @Nullable Endpoint next(long nowNanos) {
    var candidate = waiting.peek();
    if (candidate == null || candidate.nextNanos - nowNanos > 0) {
      return null;
    }
    waiting.poll();
    candidate.busy = true;
    return candidate.remote;
  }

  /** Takes an address out of turn, to dial it now; false if it must not be. */
  boolean take(Endpoint remote, long nowNanos) {
    add(remote, PeerSource.PEX, nowNanos);
    var candidate = candidates.get(remote);
    if (candidate == null) {
      return false;
    }
    if (!candidate.busy) {
      waiting.remove(candidate);
      candidate.busy = true;
    }
    return true;
  }

  /** When {@link #next} will have something, {@link Machine#NEVER} if nothing is known. */
  long nextNanos() {
    var candidate = waiting.peek();
    return candidate == null ? Machine.NEVER : candidate.nextNanos;
  }

  PeerSource source(Endpoint remote) {
    var candidate = candidates.get(remote);
    return candidate == null ? PeerSource.INCOMING : candidate.source;
  }

  /** A link to it is up, whoever dialled. Returns whether this is news of a known address. */
  boolean onConnected(Endpoint remote) {
    var candidate = candidates.get(remote);
    if (candidate == null || candidate.busy) {
      return false;
    }
    waiting.remove(candidate);
    candidate.busy = true;
    return true;
  }

  void onDialFailed(Endpoint remote, long nowNanos) {
    var candidate = candidates.get(remote);
    if (candidate == null || !candidate.busy) {
      return;
    }
    backOff(candidate, nowNanos);
  }

  private void backOff(Candidate candidate, long nowNanos) {
    if (candidate.failures == BACK_OFF_SECONDS.length) {
      candidates.remove(candidate.remote);
      onForgotten(candidate);
      return;
    }
    if (candidate.source == PeerSource.PEX) {
      candidate.failures = Math.max(candidate.failures, EXCHANGED_FAILURES);
    }
    rest(candidate, nowNanos, BACK_OFF_SECONDS[candidate.failures++]);
  }

  /**
   * The link to it has ended.
   *
   * @param wasOfUse whether it lasted; if not, it counts as a failed dial
   */
  void onClosed(Endpoint remote, CloseReason reason, boolean wasOfUse, long nowNanos) {
    var candidate = candidates.get(remote);
    if (candidate == null || !candidate.busy) {
      return;
    }
    candidate.failures = wasOfUse ? 0 : candidate.failures;
    switch (reason) {
      case SELF -> {} // stays busy, and so is known and never dialled again
      case PAUSED -> rest(candidate, nowNanos, 0);
      case USELESS, DUPLICATE -> rest(candidate, nowNanos, 600);
      default -> {
        if (reason.isViolation()) {
          rest(candidate, nowNanos, 1800);
        } else if (wasOfUse) {
          rest(candidate, nowNanos, 30);
        } else {
          backOff(candidate, nowNanos);
        }
      }
    }
  }

  private void rest(Candidate candidate, long nowNanos, int seconds) {
    candidate.busy = false;
    // A little later by chance, so that a swarm that lost its links does not dial in step.
    long jitter = seconds == 0 ? 0 : random.nextLong(seconds * SECOND / 4);
    candidate.nextNanos = nowNanos + seconds * SECOND + jitter;
    waiting.add(candidate);
  }

  /** Never again; see {@link Bans}. Returns whether this is news. */
  boolean ban(Endpoint remote) {
    var candidate = candidates.remove(remote);
    if (candidate != null) {
      waiting.remove(candidate);
      onForgotten(candidate);
    }
    return bans.add(remote);
  }

  /** The addresses that came from a source. */
  List<Endpoint> from(PeerSource source) {
    return candidates.values().stream().filter(c -> c.source == source).map(c -> c.remote).toList();
  }

  /** Forgets what a private torrent must not know. */
  void becomePrivate() {
    candidates.values().removeIf(c -> !c.source.isForPrivate());
    exchanged = 0;
    waiting.removeIf(c -> !c.source.isForPrivate());
  }

  boolean isBanned(Endpoint remote) {
    return bans.contains(remote);
  }

  List<Endpoint> banned() {
    return bans.all();
  }
}

package org.spate.core.tracker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.SwarmCounts;

/**
 * The swarms of peers that cannot be dialled: browsers, which find each other by offers and answers
 * (WebRTC) that the tracker hands on over their WebSockets. A peer is here as long as its
 * connection lasts, so that nothing expires. What an announce costs depends on how many offers it
 * brings and not on the swarm.
 *
 * @param <P> how a peer is reached
 */
public final class OfferSwarms<P> {
  /** The peers of one info-hash. */
  static final class Swarm<P> {
    final List<Membership<P>> seeds = new ArrayList<>(1);
    final List<Membership<P>> leechers = new ArrayList<>(1);
    int downloaded;

    List<Membership<P>> side(boolean isSeed) {
      return isSeed ? seeds : leechers;
    }
  }

  private final Map<Hash160, Swarm<P>> swarms = new HashMap<>();
  private final int memberCountMax;
  private final RandomGenerator dice;
  private int seedCount;
  private int leecherCount;

  /**
   * Keeps so many peers.
   *
   * @param memberCountMax more are not listed; a peer in two swarms counts twice
   */
  public OfferSwarms(int memberCountMax, RandomGenerator dice) {
    this.memberCountMax = memberCountMax;
    this.dice = dice;
  }

  /**
   * Lists a peer, or changes what is said of it.
   *
   * @param hasCompleted whether it has just become a seed
   * @return false if there is no room for it
   */
  public boolean list(Membership<P> member, PeerId id, boolean isSeed, boolean hasCompleted) {
    var swarm = member.swarm;
    if (swarm == null) {
      if (seedCount + leecherCount >= memberCountMax) {
        return false;
      }
      swarm = swarms.computeIfAbsent(member.infoHash, _ -> new Swarm<>());
      enter(swarm, member, isSeed);
    } else if (member.isSeed != isSeed) {
      withdraw(swarm, member);
      enter(swarm, member, isSeed);
    }
    if (hasCompleted) {
      swarm.downloaded++;
    }
    member.id = id;
    return true;
  }

  private void enter(Swarm<P> swarm, Membership<P> member, boolean isSeed) {
    var side = swarm.side(isSeed);
    member.swarm = swarm;
    member.isSeed = isSeed;
    member.index = side.size();
    side.add(member);
    count(isSeed, 1);
  }

  /** The last one takes the place of the one that goes. */
  private void withdraw(Swarm<P> swarm, Membership<P> member) {
    var side = swarm.side(member.isSeed);
    var last = side.removeLast();
    if (last != member) {
      side.set(member.index, last);
      last.index = member.index;
    }
    member.swarm = null;
    count(member.isSeed, -1);
  }

  private void count(boolean isSeed, int change) {
    if (isSeed) {
      seedCount += change;
    } else {
      leecherCount += change;
    }
  }

  /** Forgets a peer; false if it is not listed. */
  public boolean leave(Membership<P> member) {
    var swarm = member.swarm;
    if (swarm == null) {
      return false;
    }
    withdraw(swarm, member);
    if (swarm.seeds.isEmpty() && swarm.leechers.isEmpty()) {
      swarms.remove(member.infoHash);
    }
    return true;
  }

  /**
   * Whom the offers of a listed peer go to: different peers by chance, each as likely as any other;
   * for a seed, no seeds; never the peer itself, nor one that calls itself the same.
   */
  public List<P> choose(Membership<P> asker, int wanted) {
    var swarm = Objects.requireNonNull(asker.swarm);
    int size = swarm.leechers.size() - 1 + (asker.isSeed ? 1 : swarm.seeds.size());
    int parts = Math.min(wanted, size);
    if (parts <= 0) {
      return List.of();
    }
    var chosen = new ArrayList<P>(parts);
    // One of each part, as Draw does it.
    int turn = dice.nextInt(size);
    for (int part = 0; part < parts; part++) {
      int start = (int) ((long) part * size / parts);
      int end = (int) ((long) (part + 1) * size / parts);
      int row = (start + dice.nextInt(end - start) + turn) % size;
      var member = other(swarm, asker, row);
      if (!Objects.equals(member.id, asker.id)) {
        chosen.add(member.peer);
      }
    }
    return chosen;
  }

  /** A member by its number among all but the asker, leechers first. */
  private static <P> Membership<P> other(Swarm<P> swarm, Membership<P> asker, int row) {
    int at = !asker.isSeed && row >= asker.index ? row + 1 : row;
    int leechers = swarm.leechers.size();
    return at < leechers ? swarm.leechers.get(at) : swarm.seeds.get(at - leechers);
  }

  /** The size of a swarm, zeros if it is unknown. */
  public SwarmCounts counts(Hash160 infoHash) {
    @Nullable Swarm<P> swarm = swarms.get(infoHash);
    return swarm == null
        ? SwarmCounts.NONE
        : new SwarmCounts(swarm.seeds.size(), swarm.downloaded, swarm.leechers.size());
  }

  /** How much there is, beside so many connections. */
  public WebSocketNumbers numbers(int connections) {
    return new WebSocketNumbers(connections, swarms.size(), seedCount, leecherCount);
  }
}

package org.spate.core.swarm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.PeerMessage;

/**
 * Gives the upload slots away (BEP 3): every ten seconds to those neighbours whom the policy ranks
 * first, and one slot besides, the optimistic one, to a neighbour drawn by lot every thirty
 * seconds, so that newcomers get something to trade and better partners are found.
 */
final class Choker {
  static final long RECHOKE_NANOS = 10_000_000_000L;
  private static final int ROUNDS_PER_OPTIMISTIC = 3;

  /** A neighbour is new for this long, and new ones are three times as likely to be drawn. */
  private static final long NEW_NANOS = 60_000_000_000L;

  private static final int NEW_WEIGHT = 3;

  /** Most slots, however much upload there is. */
  static final int SLOTS_MAX = 100;

  /** Longest that an unchoked neighbour should wait for its turn, in seconds. */
  private static final double WAIT_SECONDS_MAX = 10;

  private final Neighbours neighbours;
  private final Uploader uploader;
  private final Outbox out;
  private final RandomGenerator random;
  private SwarmSettings settings;
  private ChokePolicy policy;
  private int slots;
  private int round;
  private final List<Peer> waiting = new ArrayList<>(); // interested and choked
  private int served; // interested and unchoked

  Choker(
      Neighbours neighbours,
      Uploader uploader,
      Outbox out,
      SwarmSettings settings,
      RandomGenerator random) {
    this.neighbours = neighbours;
    this.uploader = uploader;
    this.out = out;
    this.random = random;
    this.settings = settings;
    this.slots = settings.uploadSlots();
    this.policy = leecherPolicy();
  }

  void settings(SwarmSettings changed, boolean isSeed) {
    if (changed.uploadSlots() != settings.uploadSlots()) {
      slots = changed.uploadSlots();
    }
    settings = changed;
    seeding(isSeed);
  }

  void seeding(boolean isSeed) {
    policy = isSeed ? seedPolicy() : leecherPolicy();
  }

  private ChokePolicy seedPolicy() {
    return switch (settings.seedPolicy()) {
      case FASTEST_UPLOAD -> new ChokePolicy.FastestUpload();
      case ROUND_ROBIN -> new ChokePolicy.RoundRobin();
    };
  }

  private ChokePolicy leecherPolicy() {
    return switch (settings.leecherPolicy()) {
      case TIT_FOR_TAT -> new ChokePolicy.TitForTat();
      case ROUND_ROBIN -> new ChokePolicy.RoundRobin();
    };
  }

  int slots() {
    return slots;
  }

  /** Every ten seconds: the slots are given away anew. */
  void rechoke(long nowNanos) {
    slots = slotsMax(nowNanos);
    var ranked = ranked(neighbours.all(), nowNanos);
    var chosen = new boolean[ranked.size()];
    var optimistic = round++ % ROUNDS_PER_OPTIMISTIC == 0 ? null : currentOptimistic();
    int free = slots;
    for (int i = 0; i < chosen.length && free > 0; i++) {
      var peer = ranked.get(i).peer();
      // Who is better but not interested keeps its place without using a slot up (BEP 3).
      chosen[i] = peer != optimistic && deserves(ranked.get(i));
      free -= chosen[i] && peer.peerInterested ? 1 : 0;
    }
    if (optimistic == null) {
      optimistic = draw(ranked, chosen, nowNanos);
    }
    for (int i = 0; i < chosen.length; i++) {
      var peer = ranked.get(i).peer();
      peer.optimistic = peer == optimistic;
      if (!chosen[i] && !peer.optimistic) {
        choke(peer, nowNanos);
      } else if (peer.peerInterested) {
        unchoke(peer, nowNanos);
      }
    }
  }

  /** A neighbour wants something of ours, or no longer does. */
  void onInterest(Peer peer, boolean interested) {
    unlist(peer);
    peer.peerInterested = interested;
    list(peer);
  }

  void onGone(Peer peer) {
    unlist(peer);
  }

  private void list(Peer peer) {
    if (isWaiting(peer)) {
      waiting.add(peer);
    } else if (peer.peerInterested) {
      served++;
    }
  }

  private void unlist(Peer peer) {
    if (isWaiting(peer)) {
      waiting.remove(peer);
    } else if (peer.peerInterested) {
      served--;
    }
  }

  /** Someone became interested, or a slot fell free: no need to wait for the next round. */
  void fillFreeSlots(long nowNanos) {
    int free = slots + 1 - served; // the regular slots and the optimistic one
    if (free <= 0 || waiting.isEmpty()) {
      return;
    }
    for (var ranked : ranked(waiting, nowNanos)) {
      if (free > 0 && deserves(ranked)) {
        unchoke(ranked.peer(), nowNanos);
        free--;
      }
    }
  }

  private boolean deserves(Ranked ranked) {
    return policy.deserves(ranked.candidate()) && !uploader.isSated(ranked.peer());
  }

  private static boolean isWaiting(Peer peer) {
    return peer.amChoking && peer.peerInterested;
  }

  /** Every second: as many slots as the uplink can serve, given away without waiting. */
  void adaptSlots(long nowNanos) {
    slots = slotsMax(nowNanos);
    fillFreeSlots(nowNanos);
  }

  /** As many as can be served in turn within a fair time. */
  private int slotsMax(long nowNanos) {
    if (settings.plain()) {
      return settings.uploadSlots();
    }
    double turns = uploader.rate(nowNanos) * WAIT_SECONDS_MAX / uploader.turnLength();
    return (int) Math.clamp(turns, settings.uploadSlots(), SLOTS_MAX);
  }

  private record Ranked(Peer peer, ChokePolicy.Candidate candidate, int tie) {}

  private List<Ranked> ranked(List<Peer> peers, long nowNanos) {
    var order = policy.order(nowNanos);
    var all = new ArrayList<Ranked>(peers.size());
    for (var peer : peers) {
      var candidate =
          new ChokePolicy.Candidate(
              !peer.amChoking,
              peer.snubbed,
              peer.downRate.rate(nowNanos),
              peer.upRate.rate(nowNanos),
              peer.unchokedNanos);
      all.add(new Ranked(peer, candidate, random.nextInt()));
    }
    all.sort(Comparator.comparing(Ranked::candidate, order).thenComparingInt(Ranked::tie));
    return all;
  }

  private @Nullable Peer currentOptimistic() {
    for (var peer : neighbours.all()) {
      if (peer.optimistic && peer.peerInterested && !uploader.isSated(peer)) {
        return peer;
      }
    }
    return null;
  }

  /** Draws among the interested neighbours that were not chosen. */
  private @Nullable Peer draw(List<Ranked> ranked, boolean[] chosen, long nowNanos) {
    int tickets = 0;
    Peer drawn = null;
    for (int i = 0; i < chosen.length; i++) {
      var peer = ranked.get(i).peer();
      if (chosen[i] || !peer.peerInterested || uploader.isSated(peer)) {
        continue;
      }
      int weight = nowNanos - peer.connectedNanos < NEW_NANOS ? NEW_WEIGHT : 1;
      tickets += weight;
      if (random.nextInt(tickets) < weight) {
        drawn = peer;
      }
    }
    return drawn;
  }

  private void unchoke(Peer peer, long nowNanos) {
    if (peer.amChoking) {
      choking(peer, false);
      peer.unchokedNanos = nowNanos;
      out.send(peer, new PeerMessage.Unchoke(), nowNanos);
    }
  }

  private void choke(Peer peer, long nowNanos) {
    if (!peer.amChoking) {
      choking(peer, true);
      peer.unchokedNanos = nowNanos;
      out.send(peer, new PeerMessage.Choke(), nowNanos);
      uploader.onChoked(peer, nowNanos);
    }
  }

  private void choking(Peer peer, boolean now) {
    unlist(peer);
    peer.amChoking = now;
    list(peer);
  }
}

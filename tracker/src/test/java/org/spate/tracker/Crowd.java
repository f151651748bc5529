package org.spate.tracker;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.announce.AnnounceReply;

/**
 * Clients of several tracker nodes, which announce again and again, and after a failure at the next
 * node.
 */
final class Crowd implements AutoCloseable {
  static final int SWARM_COUNT = 12;
  static final int PEERS_PER_SWARM = 8;

  private final List<InetSocketAddress> trackers;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger goodRounds = new AtomicInteger();
  private final Thread thread;

  Crowd(List<InetSocketAddress> trackers) {
    this.trackers = trackers;
    thread = Thread.ofVirtual().start(this::announceOn);
  }

  private void announceOn() {
    for (int turn = 0; !Thread.currentThread().isInterrupted(); turn++) {
      int before = failures.get();
      for (int swarm = 0; swarm < SWARM_COUNT; swarm++) {
        for (int peer = 0; peer < PEERS_PER_SWARM; peer++) {
          if (announce(swarm, peer, turn) == null) {
            failures.incrementAndGet();
            turn++;
          }
        }
      }
      if (failures.get() == before) {
        goodRounds.incrementAndGet();
      }
    }
  }

  /** Spread over all slices of a store. */
  static Hash160 infoHash(int swarm) {
    return new Hash160((long) swarm * 0x1234_5678_9ABC_DEF1L, swarm, swarm);
  }

  private AnnounceReply announce(int swarm, int peer, int turn) {
    var request = Clients.request(infoHash(swarm), 1 + peer, port(swarm, peer));
    try {
      var tracker = trackers.get(turn % trackers.size());
      return Clients.announceHttp(tracker, request) instanceof AnnounceReply reply ? reply : null;
    } catch (UncheckedIOException e) {
      return null;
    } catch (AssertionError e) {
      // Interrupted at its end.
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static int port(int swarm, int peer) {
    return 2_000 + swarm * 100 + peer;
  }

  void awaitFailure() {
    int before = failures.get();
    Await.until("a failure", () -> failures.get() > before);
  }

  /** Two, since the first may have begun before. */
  void awaitGoodRounds() {
    int before = goodRounds.get();
    Await.until("two rounds without a failure", () -> goodRounds.get() >= before + 2);
  }

  /** What a peer of a swarm is told of the others. */
  static Set<Integer> told(InetSocketAddress tracker, int swarm) {
    var asker = Clients.request(infoHash(swarm), 1, port(swarm, 0));
    var ports = new HashSet<Integer>();
    if (Clients.announceHttp(tracker, asker) instanceof AnnounceReply reply) {
      reply.peers().stream().map(Endpoint::port).forEach(ports::add);
    }
    return ports;
  }

  static Set<Integer> others(int swarm) {
    var ports = new ArrayList<Integer>();
    for (int peer = 1; peer < PEERS_PER_SWARM; peer++) {
      ports.add(port(swarm, peer));
    }
    return Set.copyOf(ports);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

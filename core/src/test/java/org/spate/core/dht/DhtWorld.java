package org.spate.core.dht;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;

/**
 * An Internet of DHT machines in virtual time: every host has an address of its own, datagrams take
 * 10 to 150 ms and some get lost. A run is a function of its seed.
 */
final class DhtWorld {
  static final long SECOND_NANOS = 1_000_000_000L;
  static final long MINUTE_NANOS = 60 * SECOND_NANOS;
  static final int SOCKET = 0;

  final SplittableRandom random;
  final List<Host> hosts = new ArrayList<>();
  long nowNanos;
  long datagrams;
  private final double loss;
  private final Map<Endpoint, Host> byEndpoint = new HashMap<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long eventCount;

  DhtWorld(long seed, double loss) {
    this.random = new SplittableRandom(seed);
    this.loss = loss;
  }

  private record Event(long atNanos, long number, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int order = Long.compare(atNanos, other.atNanos);
      return order == 0 ? Long.compare(number, other.number) : order;
    }
  }

  /** What a host does with a datagram instead of giving it to its machine; true if it did. */
  interface Malice {
    boolean received(Host self, Endpoint from, byte[] datagram);
  }

  /** One machine at one address. */
  final class Host {
    final Endpoint endpoint;
    final Dht dht;
    @Nullable Malice malice;
    boolean isAlive = true;
    Consumer<DhtOutput> listener = _ -> {};
    private long timerNanos = Machine.NEVER;

    Host(Endpoint endpoint, DhtSettings settings, DhtState saved) {
      this.endpoint = endpoint;
      this.dht = new Dht(settings, saved, random.split());
      accept(new DhtInput.SocketOpened(SOCKET, !endpoint.isV4()));
    }

    DhtNode node() {
      return dht.node(SOCKET);
    }

    void accept(DhtInput input) {
      dht.accept(input, nowNanos);
      carryOut();
    }

    private void advance() {
      if (isAlive && timerNanos <= nowNanos) {
        timerNanos = Machine.NEVER;
        if (dht.deadlineNanos() <= nowNanos) {
          dht.advance(nowNanos);
        }
        carryOut();
      }
    }

    private void carryOut() {
      for (var output = dht.poll(); output != null; output = dht.poll()) {
        if (output instanceof DhtOutput.SendDatagram(_, Endpoint to, byte[] datagram)) {
          send(endpoint, to, datagram);
        } else {
          listener.accept(output);
        }
      }
      long due = dht.deadlineNanos();
      if (due < timerNanos) {
        timerNanos = due;
        at(Math.max(due, nowNanos), this::advance);
      }
    }

    void leave() {
      isAlive = false;
      byEndpoint.remove(endpoint);
      hosts.remove(this);
    }
  }

  void at(long atNanos, Runnable task) {
    events.add(new Event(atNanos, eventCount++, task));
  }

  void send(Endpoint from, Endpoint to, byte[] datagram) {
    datagrams++;
    if (random.nextDouble() >= loss) {
      at(nowNanos + random.nextLong(10, 150) * 1_000_000L, () -> deliver(from, to, datagram));
    }
  }

  private void deliver(Endpoint from, Endpoint to, byte[] datagram) {
    var host = byEndpoint.get(to);
    if (host == null || (host.malice != null && host.malice.received(host, from, datagram))) {
      return;
    }
    host.accept(new DhtInput.DatagramReceived(SOCKET, from, datagram));
  }

  Host add(Endpoint endpoint, DhtSettings settings, DhtState saved) {
    var host = new Host(endpoint, settings, saved);
    byEndpoint.put(endpoint, host);
    hosts.add(host);
    return host;
  }

  /** A host at a random address of the Internet that joins by some of the hosts there are. */
  Host join(List<Endpoint> routers) {
    var host = add(internet(), new DhtSettings(DhtSettings.ReadOnly.NEVER), DhtState.EMPTY);
    host.accept(new DhtInput.RoutersFound(routers));
    return host;
  }

  Endpoint internet() {
    return Endpoint.v4(
        random.nextInt(11, 120) << 24 | random.nextInt(1 << 24), random.nextInt(1_024, 65_536));
  }

  Host anyHost() {
    return hosts.get(random.nextInt(hosts.size()));
  }

  void run(long durationNanos) {
    long endNanos = nowNanos + durationNanos;
    for (var event = events.peek();
        event != null && event.atNanos() <= endNanos;
        event = events.peek()) {
      events.remove();
      nowNanos = event.atNanos();
      event.task().run();
    }
    nowNanos = endNanos;
  }
}

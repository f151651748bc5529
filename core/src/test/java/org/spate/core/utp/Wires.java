package org.spate.core.utp;

import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/** Virtual time, and wires that delay, lose, repeat and shuffle what goes over them. */
final class Wires {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000_000_000L;

  /** How a wire treats datagrams; shares are of 1. */
  record Weather(long delayNanos, long jitterNanos, double loss, double repeats) {
    static Weather calm(long delayNanos) {
      return new Weather(delayNanos, 0, 0, 0);
    }
  }

  private record Event(long atNanos, long order, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) ->
              a.atNanos != b.atNanos
                  ? Long.compare(a.atNanos, b.atNanos)
                  : Long.compare(a.order, b.order));
  private final RandomGenerator random;
  private long now;
  private long order;

  Wires(RandomGenerator random) {
    this.random = random;
  }

  long now() {
    return now;
  }

  void at(long nanos, Runnable action) {
    events.add(new Event(Math.max(now, nanos), order++, action));
  }

  /** Runs until this time. */
  void runUntil(long nanos) {
    while (!events.isEmpty() && events.peek().atNanos <= nanos) {
      var event = events.poll();
      now = event.atNanos;
      event.action.run();
    }
    now = nanos;
  }

  boolean isSilent() {
    return events.isEmpty();
  }

  /** One way of a wire. */
  interface Wire {
    void send(int bytes, Runnable arrival);
  }

  /** A wire of any capacity. */
  Wire wire(Weather weather) {
    return (_, arrival) -> {
      int copies = random.nextDouble() < weather.repeats ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        if (random.nextDouble() >= weather.loss) {
          long jitter = weather.jitterNanos == 0 ? 0 : random.nextLong(weather.jitterNanos);
          at(now + weather.delayNanos + jitter, arrival);
        }
      }
    };
  }

  /** A wire that many share, with a queue before it that drops what it cannot hold. */
  final class Bottleneck implements Wire {
    private final double bytesPerNano;
    private final long delayNanos;
    private final int queueBytes;
    private long freeNanos;
    long dropped;

    Bottleneck(double bytesPerSecond, int queueBytes, long delayNanos) {
      this.bytesPerNano = bytesPerSecond / SECOND;
      this.queueBytes = queueBytes;
      this.delayNanos = delayNanos;
    }

    long queueNanos() {
      return Math.max(0, freeNanos - now);
    }

    @Override
    public void send(int bytes, Runnable arrival) {
      if (queueNanos() * bytesPerNano + bytes > queueBytes) {
        dropped++;
        return;
      }
      freeNanos = Math.max(now, freeNanos) + (long) (bytes / bytesPerNano);
      at(freeNanos + delayNanos, arrival);
    }
  }
}

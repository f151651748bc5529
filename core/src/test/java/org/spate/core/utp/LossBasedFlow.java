package org.spate.core.utp;

import java.util.TreeMap;

/**
 * A sender such as TCP's Reno: one packet more in each round trip, half as many after a loss, and
 * never a thought for the queue.
 */
final class LossBasedFlow {
  private static final int PACKET_BYTES = 1500;
  private static final long TIMEOUT_NANOS = Wires.SECOND;

  private final Wires wires;
  private final Wires.Wire there;
  private final long backNanos;
  private final TreeMap<Long, Long> onTheWay = new TreeMap<>(); // number, time sent
  private double window = 10;
  private double threshold = Double.MAX_VALUE;
  private long next;
  private long recoversAt;
  private boolean isRunning;
  long arrivedBytes;

  LossBasedFlow(Wires wires, Wires.Wire there, long backNanos) {
    this.wires = wires;
    this.there = there;
    this.backNanos = backNanos;
  }

  void start() {
    isRunning = true;
    pump();
    tick();
  }

  void stop() {
    isRunning = false;
  }

  private void pump() {
    while (isRunning && onTheWay.size() < window) {
      long number = next++;
      onTheWay.put(number, wires.now());
      there.send(PACKET_BYTES, () -> wires.at(wires.now() + backNanos, () -> onAck(number)));
    }
  }

  private void onAck(long number) {
    arrivedBytes += PACKET_BYTES;
    if (onTheWay.remove(number) != null) {
      window += window < threshold ? 1 : 1 / window;
    }
    while (!onTheWay.isEmpty() && onTheWay.firstKey() + 3 <= number) {
      lost(onTheWay.firstKey());
    }
    pump();
  }

  private void lost(long number) {
    onTheWay.remove(number);
    if (number >= recoversAt) {
      recoversAt = next;
      window = Math.max(2, window / 2);
      threshold = window;
    }
  }

  private void tick() {
    while (!onTheWay.isEmpty() && wires.now() - onTheWay.firstEntry().getValue() > TIMEOUT_NANOS) {
      lost(onTheWay.firstKey());
    }
    pump();
    if (isRunning) {
      wires.at(wires.now() + TIMEOUT_NANOS / 10, this::tick);
    }
  }
}

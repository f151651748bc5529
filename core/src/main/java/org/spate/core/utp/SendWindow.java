package org.spate.core.utp;

import org.jspecify.annotations.Nullable;

/**
 * The packets on their way: from the oldest that is not acknowledged to the newest. A packet is
 * taken for lost when three that were transmitted after it have arrived (BEP 29); counting
 * transmissions instead of sequence numbers shows the loss of a packet sent again, too.
 */
final class SendWindow {
  /** Most packets on their way: well below half of the sequence numbers. */
  static final int PACKETS_MAX = 4096;

  private static final int PACKETS_FIRST = 16;
  private static final int LATER_ARRIVALS = 3;

  /** What one packet's header told. */
  static final class Outcome {
    int bytes;
    int packets;

    /** The round trip of the newest packet that was sent once, or -1. */
    long roundTripNanos = -1;

    boolean probeArrived;
    boolean probeLost;

    /** Packets were lost that were sent after the last time the window was halved for it. */
    boolean isCongested;

    private void clear() {
      bytes = 0;
      packets = 0;
      roundTripNanos = -1;
      probeArrived = false;
      probeLost = false;
      isCongested = false;
    }
  }

  private final Outcome outcome = new Outcome();
  private Sent[] ring = new Sent[PACKETS_FIRST];
  private int first;
  private int count;
  private int bytesOnTheWay;
  private int lost;
  private long transmissions;
  private long latestArrived = -1;
  private long recoveryEnds = -1;

  /**
   * @param first the sequence number of the first packet
   */
  SendWindow(int first) {
    this.first = first;
  }

  /** The sequence number that the next new packet gets. */
  int next() {
    return Sequence.plus(first, count);
  }

  boolean isEmpty() {
    return count == 0;
  }

  boolean isFull() {
    return count == PACKETS_MAX;
  }

  /** Bytes that are neither acknowledged nor taken for lost. */
  int bytesOnTheWay() {
    return bytesOnTheWay;
  }

  /** Where in the stream the oldest bytes lie that may have to be sent again. */
  long oldestOffset(long ifNone) {
    return count == 0 ? ifNone : at(0).offset;
  }

  /** The packet with the last sequence number, or null. */
  @Nullable Sent newest() {
    return count == 0 ? null : at(count - 1);
  }

  Sent append(boolean isFin, long offset, int length) {
    if (count == ring.length) {
      grow();
    }
    int sequence = next();
    count++;
    int place = sequence & ring.length - 1;
    if (ring[place] == null) {
      ring[place] = new Sent();
    }
    ring[place].reset(sequence, isFin, offset, length);
    return ring[place];
  }

  private void grow() {
    var larger = new Sent[ring.length * 2];
    for (int i = 0; i < count; i++) {
      int sequence = Sequence.plus(first, i);
      larger[sequence & larger.length - 1] = ring[sequence & ring.length - 1];
    }
    ring = larger;
  }

  private Sent at(int index) {
    return ring[Sequence.plus(first, index) & ring.length - 1];
  }

  /** It leaves, for the first time or again. */
  void onTransmit(Sent packet, long nowNanos) {
    if (packet.isLost || packet.times == 0) {
      bytesOnTheWay += packet.length;
    }
    if (packet.isLost) {
      packet.isLost = false;
      lost--;
    }
    packet.order = transmissions++;
    packet.sentNanos = nowNanos;
    packet.times++;
  }

  /** The oldest packet to be sent again, or null. */
  @Nullable Sent nextLost() {
    for (int i = 0; lost > 0 && i < count; i++) {
      if (at(i).isLost) {
        return at(i);
      }
    }
    return null;
  }

  /** Whether this acknowledges nothing that was never sent. */
  boolean canAck(int ack) {
    return Sequence.distance(Sequence.plus(first, count - 1), ack) <= 0;
  }

  /** Whether an ack is so old that nothing in its packet is worth reading. */
  boolean isStale(int ack) {
    return Sequence.distance(first, ack) < -PACKETS_MAX;
  }

  /** Takes what a header acknowledges. The outcome is valid until the next call. */
  Outcome onAck(int ack, @Nullable SelectiveAck selective, long leastTripNanos, long nowNanos) {
    outcome.clear();
    while (count > 0 && Sequence.distance(first, ack) >= 0) {
      arrived(at(0), leastTripNanos, nowNanos);
      first = Sequence.plus(first, 1);
      count--;
    }
    if (selective != null) {
      int base = Sequence.plus(ack, 2);
      for (int bit = 0; bit < selective.bits(); bit++) {
        int index = Sequence.distance(first, Sequence.plus(base, bit));
        if (index >= count) {
          break;
        }
        if (index >= 0 && selective.isSet(bit)) {
          arrived(at(index), leastTripNanos, nowNanos);
        }
      }
    }
    if (outcome.packets > 0) {
      findLost();
    }
    return outcome;
  }

  private void arrived(Sent packet, long leastTripNanos, long nowNanos) {
    if (packet.isAcked) {
      return;
    }
    packet.isAcked = true;
    if (packet.isLost) {
      packet.isLost = false;
      lost--;
    } else {
      bytesOnTheWay -= packet.length;
    }
    outcome.packets++;
    outcome.bytes += packet.length;
    outcome.probeArrived |= packet.isProbe;
    long trip = nowNanos - packet.sentNanos;
    if (packet.times == 1) {
      outcome.roundTripNanos = trip;
    }
    // What comes back too soon is the answer to an earlier transmission.
    if (packet.times == 1 || trip >= leastTripNanos) {
      latestArrived = Math.max(latestArrived, packet.order);
    }
  }

  private void findLost() {
    for (int i = 0; i < count; i++) {
      var packet = at(i);
      if (packet.times == 1 && packet.order > latestArrived - LATER_ARRIVALS) {
        return; // so are all behind it
      }
      if (!packet.isAcked && !packet.isLost && packet.order <= latestArrived - LATER_ARRIVALS) {
        lose(packet);
      }
    }
  }

  private void lose(Sent packet) {
    packet.isLost = true;
    lost++;
    bytesOnTheWay -= packet.length;
    if (packet.isProbe) {
      packet.isProbe = false; // too long for the path, most likely: says nothing about its load
      outcome.probeLost = true;
    } else if (packet.order > recoveryEnds) {
      recoveryEnds = transmissions;
      outcome.isCongested = true;
    }
  }

  /** Nothing was heard for a whole timeout: everything on its way is taken for lost. */
  Outcome onTimeout() {
    outcome.clear();
    for (int i = 0; i < count; i++) {
      var packet = at(i);
      if (!packet.isAcked && !packet.isLost) {
        lose(packet);
      }
    }
    recoveryEnds = transmissions;
    return outcome;
  }
}

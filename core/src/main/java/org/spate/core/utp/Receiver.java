package org.spate.core.utp;

import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;
import org.spate.core.wire.Payload;

/** The receiving half of a connection: puts packets in order and decides when to acknowledge. */
final class Receiver {
  /** A single packet may wait this long for something to carry its acknowledgement. */
  static final long ACK_DELAY_NANOS = 20_000_000L;

  private static final int UNACKED_PACKETS_MAX = 2;

  private static final int NO_FIN = -1;

  /** Where payloads go once they are in order. */
  interface Reader {
    void deliver(Payload payload);
  }

  private final ReceiveWindow window;
  private final ReorderBuffer reorder = new ReorderBuffer();
  private int ack;
  private int fin = NO_FIN;
  private int delayMicros;
  private int unacked;
  private int toldBytes;
  private long ackNanos = Machine.NEVER;

  /**
   * @param ack the sequence number before the first packet to be delivered
   */
  Receiver(int ack, ReceiveWindow window) {
    this.ack = ack;
    this.window = window;
  }

  int ack() {
    return ack;
  }

  /** Every packet up to the end has been delivered. */
  boolean isEnded() {
    return fin != NO_FIN && ack == fin;
  }

  /** How long the other side's last packet took, by two clocks. */
  int delayMicros() {
    return delayMicros;
  }

  void onHeader(UtpPacket header, long nowNanos) {
    delayMicros = Connection.micros(nowNanos) - header.timestampMicros();
  }

  /** A packet of the stream; takes over the payload. */
  void onData(UtpPacket header, Payload payload, Reader reader, RoundTrip trip, long nowNanos) {
    int distance = Sequence.distance(ack, header.sequence());
    boolean isKeepable =
        distance > 0 && !isBeyondFin(header.sequence()) && window.canTake(reorder.bytes());
    if (distance == 1 && isKeepable) {
      window.onArrived(payload.length(), trip, nowNanos);
      take(payload, reader);
      takeReordered(reader);
      ackSoon(nowNanos);
    } else if (isKeepable && reorder.add(ack, distance, payload)) {
      window.onArrived(payload.length(), trip, nowNanos);
      ackNow(nowNanos);
    } else {
      payload.release();
      ackNow(nowNanos);
    }
  }

  private boolean isBeyondFin(int sequence) {
    return fin != NO_FIN && Sequence.distance(fin, sequence) >= 0;
  }

  private void take(Payload payload, Reader reader) {
    ack = Sequence.plus(ack, 1);
    reorder.advance(ack);
    window.onDelivered(payload.length());
    reader.deliver(payload);
  }

  private void takeReordered(Reader reader) {
    while (!reorder.isEmpty() && reorder.contains(Sequence.plus(ack, 1))) {
      ack = Sequence.plus(ack, 1);
      var payload = reorder.advance(ack);
      if (payload != null) {
        window.onDelivered(payload.length());
        reader.deliver(payload);
      }
    }
    takeFin();
  }

  private void takeFin() {
    if (fin != NO_FIN && fin == Sequence.plus(ack, 1)) {
      ack = fin;
      reorder.clear();
    }
  }

  void onFin(UtpPacket header, long nowNanos) {
    int distance = Sequence.distance(ack, header.sequence());
    if (fin == NO_FIN && distance > 0 && distance <= ReorderBuffer.PACKETS_MAX) {
      fin = header.sequence();
      takeFin();
    }
    ackNow(nowNanos);
  }

  void onRead(int bytes, long nowNanos) {
    window.onRead(bytes);
    if (window.isWorthTelling(toldBytes, reorder.bytes())) {
      ackNow(nowNanos);
    }
  }

  private void ackSoon(long nowNanos) {
    unacked++;
    if (unacked >= UNACKED_PACKETS_MAX || !reorder.isEmpty() || isEnded()) {
      ackNow(nowNanos);
    } else {
      ackNanos = Math.min(ackNanos, nowNanos + ACK_DELAY_NANOS);
    }
  }

  private void ackNow(long nowNanos) {
    ackNanos = Math.min(ackNanos, nowNanos);
  }

  boolean isAckDue(long nowNanos) {
    return ackNanos - nowNanos <= 0;
  }

  @Nullable SelectiveAck selectiveAck() {
    return reorder.selectiveAck(ack);
  }

  /** The window for a header that leaves now and acknowledges all. */
  int tell() {
    unacked = 0;
    if (reorder.isEmpty()) {
      ackNanos = Machine.NEVER;
    }
    toldBytes = window.bytes(reorder.bytes());
    return toldBytes;
  }

  void onSelectiveAckTold() {
    ackNanos = Machine.NEVER;
  }

  long deadlineNanos() {
    return ackNanos;
  }

  void close() {
    reorder.clear();
  }
}

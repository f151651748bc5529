package org.spate.core.utp;

import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;

/**
 * The sending half of a connection: cuts the stream into packets and decides when each leaves, for
 * the first time or again.
 */
final class Sender {
  /** Timeouts in a row after which the other side is gone. */
  static final int TIMEOUTS_MAX = 6;

  private static final int WINDOW_BYTES_MAX = SendWindow.PACKETS_MAX * 1024;

  /**
   * No sooner than this after the last packet is its tail sent again, to be told what is missing:
   * time for an acknowledgement that the other side holds back.
   */
  private static final long TAIL_PROBE_NANOS = 150_000_000L;

  /** A receiver without room is asked again at this interval; the answer to it may be lost. */
  private static final long PERSIST_NANOS = 2_000_000_000L;

  private final SendWindow packets;
  private final RoundTrip trip = new RoundTrip();
  private final QueueDelay delay = new QueueDelay();
  private final PathMtu mtu;
  private final CongestionWindow window;
  private final Pacing pacing = new Pacing();
  private long written;
  private long cut;
  private long peerWindow;
  private boolean wantFin;
  private boolean hasFin;
  private boolean wasFull;
  private boolean isProbingTail;
  private boolean wasHeard;
  private int silentTimeouts;
  private long timeoutNanos = Machine.NEVER;
  private long tailProbeNanos = Machine.NEVER;
  private long persistNanos = Machine.NEVER;
  private long paceNanos = Machine.NEVER;

  Sender(int firstSequence, boolean v4, long peerWindow) {
    this.packets = new SendWindow(firstSequence);
    this.mtu = new PathMtu(v4);
    this.window = new CongestionWindow(payloadBytes(), WINDOW_BYTES_MAX);
    this.peerWindow = peerWindow;
  }

  private int payloadBytes() {
    return mtu.datagramBytes() - UtpPacket.HEADER_BYTES;
  }

  void write(int bytes) {
    written += bytes;
  }

  /** After what was written comes the end. */
  void finish() {
    wantFin = true;
  }

  int nextSequence() {
    return packets.next();
  }

  /** Everything written, and the end, has arrived. */
  boolean isFinished() {
    return hasFin && packets.isEmpty();
  }

  /** Bytes before this place of the stream are not needed any more. */
  long releasedTo() {
    return packets.oldestOffset(cut);
  }

  RoundTrip trip() {
    return trip;
  }

  boolean canAck(int ack) {
    return packets.canAck(ack);
  }

  boolean isStale(int ack) {
    return packets.isStale(ack);
  }

  /** The handshake took so long. */
  void onHandshake(long tripNanos, long nowNanos) {
    trip.add(tripNanos, nowNanos);
  }

  /** What a header says about our packets; it acknowledges nothing that was never sent. */
  void onPacket(UtpPacket header, long nowNanos) {
    wasHeard = true;
    boolean wasShutOut = peerWindow < payloadBytes();
    peerWindow = header.windowBytes();
    if (wasShutOut && peerWindow >= payloadBytes()) {
      onWindowOpened(nowNanos);
    }
    delay.add(header.delayMicros(), nowNanos);
    var outcome = packets.onAck(header.ack(), header.selectiveAck(), trip.leastNanos(), nowNanos);
    if (outcome.packets > 0) {
      onProgress(outcome, nowNanos);
    }
  }

  private void onWindowOpened(long nowNanos) {
    persistNanos = Machine.NEVER;
    trip.onProgress(); // what tried the window and was turned away is not to wait any longer
    restartTimers(nowNanos);
  }

  private void onProgress(SendWindow.Outcome outcome, long nowNanos) {
    if (outcome.roundTripNanos >= 0) {
      trip.add(outcome.roundTripNanos, nowNanos);
    }
    trip.onProgress();
    isProbingTail = false;
    long queue = Math.min(delay.nanos(), trip.smoothedNanos());
    window.onAck(outcome.bytes, wasFull, queue, trip, nowNanos);
    onProbe(outcome, nowNanos);
    if (outcome.isCongested) {
      window.onLoss(queue, trip, nowNanos);
    }
    restartTimers(nowNanos);
  }

  private void onProbe(SendWindow.Outcome outcome, long nowNanos) {
    if (outcome.probeArrived) {
      mtu.onProbeArrived();
      window.packetBytes(payloadBytes());
    } else if (outcome.probeLost) {
      mtu.onProbeLost(nowNanos);
    }
  }

  private void restartTimers(long nowNanos) {
    if (packets.isEmpty()) {
      timeoutNanos = Machine.NEVER;
      tailProbeNanos = Machine.NEVER;
    } else {
      timeoutNanos = nowNanos + trip.timeoutNanos();
      tailProbeNanos =
          isProbingTail ? Machine.NEVER : nowNanos + 2 * trip.smoothedNanos() + TAIL_PROBE_NANOS;
    }
  }

  /** The next packet to transmit now, or null; the caller does so. */
  @Nullable Sent next(long nowNanos) {
    pacing.credit(window, trip, nowNanos);
    paceNanos = Machine.NEVER;
    if (tailProbeNanos - nowNanos <= 0 && packets.newest() != null) {
      isProbingTail = true;
      tailProbeNanos = Machine.NEVER;
      return transmit(packets.newest(), nowNanos);
    }
    var lost = packets.nextLost();
    if (lost != null) {
      return mayLeave(lost.length, nowNanos) ? transmit(lost, nowNanos) : null;
    }
    return nextNew(nowNanos);
  }

  private @Nullable Sent nextNew(long nowNanos) {
    int length = (int) Math.min(written - cut, payloadBytes());
    if (length == 0) {
      wasFull = false;
      if (!wantFin || hasFin || packets.isFull()) {
        return null;
      }
      hasFin = true;
      return transmit(packets.append(true, cut, 0), nowNanos);
    }
    if (packets.isFull() || !fitsPeer(length, nowNanos) || !mayLeave(length, nowNanos)) {
      return null;
    }
    var packet = packets.append(false, cut, length);
    cut += length;
    packet.isProbe = length == payloadBytes() && trip.isKnown() && mtu.probe(nowNanos) != 0;
    return transmit(packet, nowNanos);
  }

  private boolean mayLeave(int length, long nowNanos) {
    int onTheWay = packets.bytesOnTheWay();
    if (onTheWay > 0 && onTheWay + length > window.bytes()) {
      wasFull = true;
      return false;
    }
    if (!pacing.isOpen()) {
      paceNanos = pacing.opensNanos(window, trip, nowNanos);
      return false;
    }
    return true;
  }

  /** Without a single packet on its way a window that is too small is tried now and then. */
  private boolean fitsPeer(int length, long nowNanos) {
    if (packets.bytesOnTheWay() + length <= peerWindow) {
      persistNanos = Machine.NEVER;
      return true;
    }
    wasFull = false;
    if (!packets.isEmpty()) {
      return false;
    }
    if (persistNanos == Machine.NEVER) {
      persistNanos = nowNanos + PERSIST_NANOS;
    }
    if (nowNanos - persistNanos < 0) {
      return false;
    }
    persistNanos = Machine.NEVER;
    return true;
  }

  private Sent transmit(Sent packet, long nowNanos) {
    if (packets.bytesOnTheWay() == 0 || timeoutNanos == Machine.NEVER) {
      timeoutNanos = nowNanos + trip.timeoutNanos();
    }
    if (!isProbingTail) {
      tailProbeNanos = nowNanos + 2 * trip.smoothedNanos() + TAIL_PROBE_NANOS;
    }
    pacing.spend(packet.length);
    packets.onTransmit(packet, nowNanos);
    return packet;
  }

  /** Bytes of padding for a packet that {@link #next} returned. */
  int padding(Sent packet) {
    return packet.isProbe && packet.times == 1 ? mtu.padding(packet.length) : 0;
  }

  /** Looks at the clock. False if the other side has been silent for too long. */
  boolean advance(long nowNanos) {
    if (timeoutNanos - nowNanos > 0) {
      return true;
    }
    trip.onTimeout();
    silentTimeouts = wasHeard ? 1 : silentTimeouts + 1;
    wasHeard = false;
    if (silentTimeouts > TIMEOUTS_MAX) {
      return false;
    }
    if (silentTimeouts > 1) {
      mtu.onBlackHole(nowNanos);
    }
    onProbe(packets.onTimeout(), nowNanos);
    window.packetBytes(payloadBytes());
    window.onTimeout();
    delay.forgetRecent();
    isProbingTail = true;
    tailProbeNanos = Machine.NEVER;
    timeoutNanos = nowNanos + trip.timeoutNanos();
    return true;
  }

  long deadlineNanos() {
    long soonest = Math.min(timeoutNanos, tailProbeNanos);
    return Math.min(soonest, Math.min(persistNanos, paceNanos));
  }
}

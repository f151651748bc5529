package org.spate.core.utp;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;
import org.spate.core.wire.Payload;

/**
 * One connection. Headers change its state at once; what follows from them leaves in {@link #work},
 * after everything that has come at the same time was read: so a burst is answered by one
 * acknowledgement and by one burst.
 */
final class Connection {
  private static final long MICRO_NANOS = 1_000;
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** Requests for a connection that go unanswered; each waits twice as long as the one before. */
  static final int SYNS_MAX = 3;

  private static final long SYN_TIMEOUT_NANOS = SECOND_NANOS;

  /** Who was answered must show within this time that the answer arrived. */
  static final long PROOF_TIMEOUT_NANOS = 10 * SECOND_NANOS;

  /** Who is to get only the rest of a stream is left when it has taken nothing for so long. */
  static final long LINGER_NANOS = 20 * SECOND_NANOS;

  private enum State {
    /** We asked; on an answer: OPEN. */
    SYN_SENT,
    /** We answered; on an acknowledgement of our random number: OPEN. */
    SYN_RECEIVED,
    /** Bytes flow. */
    OPEN,
    /** Gone, for whatever cause. */
    CLOSED
  }

  final int number;
  final Endpoint remote;
  final int receiveId;
  private final int sendId;
  private final ArrayDeque<UtpOutput> out;
  private final Sender sender;
  private final ReceiveWindow receiveWindow;
  private final int synSequence;
  private @Nullable Receiver receiver; // null until the other side's first number is known
  private State state;
  private boolean isShut;
  private boolean hasToldEnd;
  private int syns; // sent, or answered
  private long synNanos;
  private boolean isSynDue;
  private long handshakeNanos;
  private long lingerNanos = Machine.NEVER;
  private long arrivedTold;

  // The socket's lists.
  boolean isWaiting;
  long timerNanos = Machine.NEVER;

  private Connection(
      int number,
      Endpoint remote,
      int receiveId,
      int sendId,
      int firstSequence,
      ReceiveWindow receiveWindow,
      long peerWindow,
      State state,
      ArrayDeque<UtpOutput> out) {
    this.number = number;
    this.remote = remote;
    this.receiveId = receiveId;
    this.sendId = sendId;
    this.synSequence = Sequence.plus(firstSequence, -1);
    this.sender = new Sender(firstSequence, remote.isV4(), peerWindow);
    this.receiveWindow = receiveWindow;
    this.state = state;
    this.out = out;
  }

  /** Ours: it asks for the connection as soon as it works. */
  static Connection outgoing(
      int number,
      Endpoint remote,
      int receiveId,
      int synSequence,
      ReceiveWindow window,
      ArrayDeque<UtpOutput> out,
      long nowNanos) {
    int first = Sequence.plus(synSequence, 1);
    int sendId = Sequence.plus(receiveId, 1);
    var connection =
        new Connection(number, remote, receiveId, sendId, first, window, 0, State.SYN_SENT, out);
    connection.isSynDue = true;
    connection.handshakeNanos = nowNanos;
    return connection;
  }

  /** Theirs: it answers as soon as it works. */
  static Connection incoming(
      int number,
      Endpoint remote,
      UtpPacket syn,
      int firstSequence,
      ReceiveWindow window,
      ArrayDeque<UtpOutput> out,
      long nowNanos) {
    int receiveId = Sequence.plus(syn.connectionId(), 1);
    var connection =
        new Connection(
            number,
            remote,
            receiveId,
            syn.connectionId(),
            firstSequence,
            window,
            syn.windowBytes(),
            State.SYN_RECEIVED,
            out);
    connection.receiver = new Receiver(syn.sequence(), window);
    connection.receiver.onHeader(syn, nowNanos);
    connection.isSynDue = true;
    connection.handshakeNanos = nowNanos + PROOF_TIMEOUT_NANOS;
    return connection;
  }

  static int micros(long nowNanos) {
    return (int) (nowNanos / MICRO_NANOS);
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether the host does not know of it yet. */
  boolean isUnproven() {
    return state == State.SYN_RECEIVED;
  }

  /** Whether a reset with this id is meant for this connection: it names what it answers. */
  boolean isNamedBy(int id) {
    return id == sendId || id == receiveId;
  }

  // What comes

  /** A packet of this connection; takes over the payload. */
  void accept(UtpPacket header, Payload payload, long nowNanos) {
    switch (header.type()) {
      case SYN -> {
        payload.release();
        isSynDue |= state == State.SYN_RECEIVED; // our answer got lost
      }
      case RESET -> {
        payload.release();
        onReset(header);
      }
      case DATA, FIN, STATE -> onStream(header, payload, nowNanos);
    }
  }

  private void onReset(UtpPacket header) {
    // It repeats the number of a packet of ours; who cannot see our packets must guess.
    boolean isAnswer = state == State.SYN_SENT ? header.ack() == synSequence : isKnown(header);
    if (isAnswer && state != State.CLOSED) {
      close(CloseCause.RESET);
    }
  }

  private boolean isKnown(UtpPacket header) {
    // A packet without payload carries the number of the next one.
    boolean sent = Sequence.distance(sender.nextSequence(), header.ack()) <= 0;
    return sent && !sender.isStale(header.ack());
  }

  private void onStream(UtpPacket header, Payload payload, long nowNanos) {
    if (!isWelcome(header)) {
      payload.release();
      return;
    }
    if (!sender.canAck(header.ack())) {
      payload.release();
      transmit(PacketType.RESET, sender.nextSequence(), null, nowNanos);
      close(CloseCause.VIOLATION);
      return;
    }
    var open = opened(header, nowNanos);
    open.onHeader(header, nowNanos);
    sender.onPacket(header, nowNanos);
    switch (header.type()) {
      case DATA -> open.onData(header, payload, this::deliver, sender.trip(), nowNanos);
      case FIN -> {
        payload.release();
        open.onFin(header, nowNanos);
      }
      default -> payload.release();
    }
    tellProgress(open, nowNanos);
  }

  /** Whether a packet can be meant: what is old, or guessed, or too early is dropped. */
  private boolean isWelcome(UtpPacket header) {
    return switch (state) {
      case SYN_SENT -> header.type() == PacketType.STATE && header.ack() == synSequence;
      case SYN_RECEIVED -> header.ack() == synSequence;
      case OPEN -> !sender.isStale(header.ack());
      case CLOSED -> false;
    };
  }

  private Receiver opened(UtpPacket header, long nowNanos) {
    var half = receiver;
    if (half == null) {
      // The answer to a SYN has the number of the first packet to come.
      half = new Receiver(Sequence.plus(header.sequence(), -1), receiveWindow);
      receiver = half;
    }
    if (state != State.OPEN) {
      out.add(
          state == State.SYN_SENT
              ? new UtpOutput.Connected(number)
              : new UtpOutput.Accepted(number, remote));
      state = State.OPEN;
      isSynDue = false;
      if (syns == 1) {
        sender.onHandshake(nowNanos - synNanos, nowNanos);
      }
      handshakeNanos = Machine.NEVER;
    }
    return half;
  }

  private void deliver(Payload payload) {
    if (isShut) {
      receiveWindow.onRead(payload.length());
      payload.release();
    } else {
      out.add(new UtpOutput.Deliver(number, payload));
    }
  }

  private void tellProgress(Receiver open, long nowNanos) {
    long arrived = sender.releasedTo();
    if (arrived != arrivedTold) {
      arrivedTold = arrived;
      lingerNanos = isShut ? nowNanos + LINGER_NANOS : Machine.NEVER;
      out.add(new UtpOutput.Arrived(number, arrived));
    }
    if (open.isEnded() && !hasToldEnd) {
      hasToldEnd = true;
      out.add(new UtpOutput.Ended(number));
    }
  }

  // What the host wants

  void write(int bytes) {
    sender.write(bytes);
  }

  void read(int bytes, long nowNanos) {
    if (receiver != null) {
      receiver.onRead(bytes, nowNanos);
    }
  }

  void shut(long nowNanos) {
    if (!isShut) {
      isShut = true;
      sender.finish();
      lingerNanos = nowNanos + LINGER_NANOS;
    }
  }

  void abort(long nowNanos) {
    if (state == State.OPEN) {
      transmit(PacketType.RESET, sender.nextSequence(), null, nowNanos);
    }
    close(CloseCause.ABORTED);
  }

  // What goes

  /** Does what is due. */
  void work(long nowNanos) {
    switch (state) {
      case SYN_SENT -> askAgain(nowNanos);
      case SYN_RECEIVED -> answer(nowNanos);
      case OPEN -> exchange(nowNanos);
      case CLOSED -> {}
    }
  }

  private void askAgain(long nowNanos) {
    if (isShut) {
      close(CloseCause.ABORTED);
    } else if (nowNanos - handshakeNanos >= 0) {
      if (syns == SYNS_MAX) {
        close(CloseCause.TIMED_OUT);
        return;
      }
      handshakeNanos = nowNanos + (SYN_TIMEOUT_NANOS << syns++);
      synNanos = nowNanos;
      transmit(PacketType.SYN, synSequence, null, nowNanos);
    }
  }

  /** Answers each SYN by one packet of its length, and never by itself (threat 34). */
  private void answer(long nowNanos) {
    if (nowNanos - handshakeNanos >= 0) {
      close(CloseCause.TIMED_OUT);
    } else if (isSynDue) {
      isSynDue = false;
      syns++;
      synNanos = nowNanos;
      transmit(PacketType.STATE, sender.nextSequence(), null, nowNanos);
    }
  }

  private void exchange(long nowNanos) {
    if (!sender.advance(nowNanos) || nowNanos - lingerNanos >= 0) {
      close(isShut ? CloseCause.FINISHED : CloseCause.TIMED_OUT);
      return;
    }
    for (var packet = sender.next(nowNanos); packet != null; packet = sender.next(nowNanos)) {
      transmit(packet, nowNanos);
    }
    if (receiver != null && receiver.isAckDue(nowNanos)) {
      var selective = receiver.selectiveAck();
      transmit(PacketType.STATE, sender.nextSequence(), selective, nowNanos);
      receiver.onSelectiveAckTold();
    }
    if (sender.isFinished()) {
      close(CloseCause.FINISHED);
    }
  }

  private void transmit(Sent packet, long nowNanos) {
    var type = packet.isFin ? PacketType.FIN : PacketType.DATA;
    var header = header(type, packet.sequence, null, sender.padding(packet), nowNanos);
    out.add(new UtpOutput.Transmit(remote, header, number, packet.offset, packet.length));
  }

  private void transmit(
      PacketType type, int sequence, @Nullable SelectiveAck selective, long nowNanos) {
    var header = header(type, sequence, selective, 0, nowNanos);
    out.add(new UtpOutput.Transmit(remote, header, number, 0, 0));
  }

  private UtpPacket header(
      PacketType type, int sequence, @Nullable SelectiveAck selective, int padding, long nowNanos) {
    var half = receiver;
    return new UtpPacket(
        type,
        type == PacketType.SYN ? receiveId : sendId,
        micros(nowNanos),
        half == null ? 0 : half.delayMicros(),
        half == null ? receiveWindow.bytes(0) : half.tell(),
        sequence,
        half == null ? 0 : half.ack(),
        selective,
        padding);
  }

  private void close(CloseCause cause) {
    if (state == State.CLOSED) {
      return;
    }
    boolean isKnownToHost = state != State.SYN_RECEIVED;
    state = State.CLOSED;
    if (receiver != null) {
      receiver.close();
    }
    if (isKnownToHost) {
      out.add(new UtpOutput.Closed(number, cause));
    }
  }

  /** When to {@link #work} next. */
  long deadlineNanos() {
    return switch (state) {
      case SYN_SENT -> handshakeNanos;
      case SYN_RECEIVED -> handshakeNanos;
      case OPEN -> {
        long soonest = Math.min(sender.deadlineNanos(), lingerNanos);
        yield receiver == null ? soonest : Math.min(soonest, receiver.deadlineNanos());
      }
      case CLOSED -> Machine.NEVER;
    };
  }
}

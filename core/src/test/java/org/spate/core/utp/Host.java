package org.spate.core.utp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;
import org.spate.core.wire.Payload;

/**
 * A machine with one socket on virtual wires. What it receives is checked: every stream must come
 * in order, without a gap and without a byte twice.
 */
final class Host {
  private static final int HEADERS_BYTES = 28;
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int REQUEST_BYTES = 17;

  /** A part of a stream, by its place. */
  record Part(long offset, int length, int[] released) implements Payload {
    @Override
    public void release() {
      released[0]++;
    }
  }

  /** One end of a connection. */
  static final class Stream {
    final int number;
    long received;
    long arrived;
    boolean isUp;
    boolean isEnded;
    @Nullable CloseCause closed;

    Stream(int number) {
      this.number = number;
    }
  }

  final Endpoint endpoint;
  final UtpSocket socket;
  final Map<Integer, Stream> streams = new LinkedHashMap<>();
  final List<Stream> accepted = new ArrayList<>();
  long bytesOut;
  long bytesIn;
  long datagramsOut;
  boolean readsAll = true;

  /** Whether it sends a little for every block that it receives, as a leecher does. */
  boolean asks;

  long created;
  final int[] released = new int[1];
  private final Wires wires;
  private final Map<Endpoint, Wires.Wire> routes = new LinkedHashMap<>();
  private final Map<Endpoint, Host> hosts = new LinkedHashMap<>();
  private final long clockOffsetNanos;
  private long wakeNanos = Machine.NEVER;
  final StringBuilder trace = new StringBuilder();
  boolean isTraced;

  Host(Wires wires, int address, UtpSettings settings, RandomGenerator random, long clockOffset) {
    this.wires = wires;
    this.endpoint = Endpoint.v4(0x0A00_0000 | address, 6881);
    this.socket = new UtpSocket(settings, random);
    this.clockOffsetNanos = clockOffset;
  }

  static void join(Host a, Host b, Wires.Wire there, Wires.Wire back) {
    a.routes.put(b.endpoint, there);
    b.routes.put(a.endpoint, back);
    a.hosts.put(b.endpoint, b);
    b.hosts.put(a.endpoint, a);
  }

  long now() {
    return wires.now() + clockOffsetNanos;
  }

  Stream connect(Host other) {
    var stream = new Stream(socket.connect(other.endpoint, now()));
    streams.put(stream.number, stream);
    settle();
    return stream;
  }

  void write(Stream stream, int bytes) {
    socket.write(stream.number, bytes);
    settle();
  }

  void shut(Stream stream) {
    socket.shut(stream.number, now());
    settle();
  }

  void read(Stream stream, int bytes) {
    socket.read(stream.number, bytes, now());
    settle();
  }

  void receive(Endpoint from, UtpPacket header, Payload payload) {
    bytesIn += header.headerBytes() + payload.length();
    socket.received(from, header, payload, now());
    settle();
  }

  /** Carries out what is due, as a driver does after a batch. */
  void settle() {
    carryOut();
    while (socket.deadlineNanos() <= now()) {
      socket.advance(now());
      carryOut();
    }
    long deadline = socket.deadlineNanos();
    if (deadline != Machine.NEVER && deadline < wakeNanos) {
      wakeNanos = deadline;
      wires.at(deadline - clockOffsetNanos, () -> wake(deadline));
    }
  }

  private void wake(long due) {
    if (wakeNanos == due) {
      wakeNanos = Machine.NEVER;
      settle();
    }
  }

  private void carryOut() {
    for (var output = socket.poll(); output != null; output = socket.poll()) {
      switch (output) {
        case UtpOutput.Transmit transmit -> send(transmit);
        case UtpOutput.Connected(int number) -> stream(number).isUp = true;
        case UtpOutput.Accepted(int number, _) -> {
          var stream = new Stream(number);
          stream.isUp = true;
          streams.put(number, stream);
          accepted.add(stream);
        }
        case UtpOutput.Deliver(int number, Part part) -> deliver(stream(number), part);
        case UtpOutput.Deliver(_, var other) -> throw new AssertionError(other);
        case UtpOutput.Arrived(int number, long offset) -> stream(number).arrived = offset;
        case UtpOutput.Ended(int number) -> stream(number).isEnded = true;
        case UtpOutput.Closed(int number, var cause) -> stream(number).closed = cause;
      }
    }
  }

  private Stream stream(int number) {
    var stream = streams.get(number);
    if (stream == null || stream.closed != null) {
      throw new AssertionError("nothing is to be said of connection " + number);
    }
    return stream;
  }

  private void deliver(Stream stream, Part part) {
    if (part.offset != stream.received) {
      throw new AssertionError("expected " + stream.received + ", was delivered " + part.offset);
    }
    stream.received += part.length;
    part.release();
    if (readsAll) {
      socket.read(stream.number, part.length, now());
    }
    if (asks && stream.received / BLOCK_BYTES != (stream.received - part.length) / BLOCK_BYTES) {
      socket.write(stream.number, REQUEST_BYTES);
    }
  }

  private void send(UtpOutput.Transmit packet) {
    var header = packet.header();
    int bytes = header.headerBytes() + packet.length();
    bytesOut += bytes;
    datagramsOut++;
    if (isTraced) {
      trace.append(now()).append(' ').append(packet).append('\n');
    }
    var bytesOfHeader = new byte[header.headerBytes()];
    PacketCodec.write(header, bytesOfHeader);
    var wire = routes.get(packet.remote());
    var host = hosts.get(packet.remote());
    if (wire != null && host != null) {
      wire.send(
          bytes + HEADERS_BYTES,
          () -> {
            var arrived = PacketCodec.parse(bytesOfHeader, bytesOfHeader.length);
            if (arrived == null) {
              throw new AssertionError("our own packet is not understood: " + header);
            }
            host.created++;
            host.receive(
                endpoint, arrived, new Part(packet.offset(), packet.length(), host.released));
          });
    }
  }
}

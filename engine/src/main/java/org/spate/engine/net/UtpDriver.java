package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;
import org.spate.core.Machine;
import org.spate.core.utp.PacketCodec;
import org.spate.core.utp.UtpOutput;
import org.spate.core.utp.UtpPacket;
import org.spate.core.utp.UtpSettings;
import org.spate.core.utp.UtpSocket;
import org.spate.core.wire.Payload;

/**
 * Runs all uTP connections of a session on the loop of its UDP port. Datagrams are read until there
 * are none, and then answered together; see decision 0016 for why not on the torrents' loops.
 */
final class UtpDriver implements UdpPort.Receiver {
  private static final int HALF_OPEN_MAX = 256;

  private final UdpPort port;
  private final Loop loop;
  private final UtpSocket socket;
  private final Consumer<UtpChannel> onAccepted;
  private final Map<Integer, UtpStream> streams = new HashMap<>();
  private final Map<UtpChannel, UtpStream> byChannel = new HashMap<>();
  private final List<UtpStream> telling = new ArrayList<>();
  private final DatagramBatch batch;
  private final Deadline deadline;
  private final byte[] head = new byte[UtpPacket.HEADER_BYTES_MAX];
  private boolean isSettling;

  /**
   * @param onAccepted takes the channels of those who connect, on the port's loop
   */
  UtpDriver(
      UdpPort port, int connectionsMax, RandomGenerator random, Consumer<UtpChannel> onAccepted) {
    this.port = port;
    this.loop = port.loop();
    this.socket =
        new UtpSocket(
            new UtpSettings(connectionsMax, HALF_OPEN_MAX, port.receiveBufferBytes()), random);
    this.onAccepted = onAccepted;
    this.batch = new DatagramBatch(port);
    this.deadline = loop.deadline(() -> settle(Loop.nowNanos()));
  }

  boolean carries(Endpoint remote) {
    return port.carries(!remote.isV4());
  }

  /** A channel for {@link #connect}, once it is registered. From any thread. */
  UtpChannel channel(Endpoint remote) {
    var address = Addresses.socketAddress(remote);
    return new UtpChannel(this, port.local(address), address, false, port.allocator());
  }

  // From channels, on their own loops

  void connect(UtpChannel channel, Endpoint remote) {
    loop.execute(
        () -> {
          int number = channel.isOpen() ? socket.connect(remote, Loop.nowNanos()) : -1;
          if (number < 0) {
            channel.broken();
          } else {
            add(number, Addresses.socketAddress(remote), channel);
            settleSoon();
          }
        });
  }

  void write(UtpChannel channel, List<ByteBuf> bytes) {
    loop.execute(
        () -> {
          var stream = byChannel.get(channel);
          for (var each : bytes) {
            if (stream == null) {
              each.release();
            } else {
              socket.write(stream.number, each.readableBytes());
              stream.write(each);
            }
          }
          settleSoon();
        });
  }

  void read(UtpChannel channel, int bytes) {
    loop.execute(
        () -> {
          var stream = byChannel.get(channel);
          if (stream != null) {
            socket.read(stream.number, bytes, Loop.nowNanos());
            settleSoon();
          }
        });
  }

  void close(UtpChannel channel) {
    loop.execute(
        () -> {
          var stream = byChannel.get(channel);
          if (stream != null) {
            socket.shut(stream.number, Loop.nowNanos());
            settleSoon();
          }
        });
  }

  /** Several channels may ask for something at once: that is carried out together. */
  private void settleSoon() {
    if (!isSettling) {
      isSettling = true;
      loop.execute(() -> settle(Loop.nowNanos()));
    }
  }

  // From the port

  @Override
  public void received(Endpoint from, ByteBuf bytes, long nowNanos) {
    int begin = bytes.readerIndex();
    int readable = bytes.readableBytes();
    boolean isPlain = readable > 1 && bytes.getByte(begin + 1) == 0;
    int length = Math.min(readable, isPlain ? UtpPacket.HEADER_BYTES : head.length);
    bytes.getBytes(begin, head, 0, length);
    var header = PacketCodec.parse(head, length);
    if (header != null) {
      bytes.skipBytes(header.headerBytes());

      var part = new Part(bytes);
      socket.received(from, header, part, nowNanos);
      carryOut();
      part.keep();
    }
  }

  @Override
  public void drained(long nowNanos) {
    settle(nowNanos);
  }

  @Override
  public void writable(long nowNanos) {
    settle(nowNanos);
  }

  private void settle(long nowNanos) {
    isSettling = false;
    socket.hold(!port.isWritable());
    carryOut();
    while (socket.deadlineNanos() <= nowNanos) {
      socket.advance(nowNanos);
      carryOut();
    }
    batch.finish();
    port.flush();
    for (var stream : telling) {
      stream.isListed = false;
      stream.tell();
    }
    telling.clear();
    long due = socket.deadlineNanos();
    deadline.set(due == Machine.NEVER ? due : Math.max(due, nowNanos), nowNanos);
  }

  private void carryOut() {
    for (var output = socket.poll(); output != null; output = socket.poll()) {
      switch (output) {
        case UtpOutput.Transmit packet -> transmit(packet);
        case UtpOutput.Deliver(int number, var payload) -> deliver(number, payload);
        case UtpOutput.Arrived(int number, long offset) -> {
          var stream = streams.get(number);
          if (stream != null) {
            stream.store.release(offset);
          }
        }
        case UtpOutput.Connected(int number) -> {
          var stream = streams.get(number);
          if (stream != null) {
            stream.channel.up();
          }
        }
        case UtpOutput.Accepted(int number, var remote) -> accepted(number, remote);
        case UtpOutput.Ended(int number) -> ended(number);
        case UtpOutput.Closed(int number, _) -> closed(number);
      }
    }
  }

  private void transmit(UtpOutput.Transmit packet) {
    if (packet.length() == 0) {
      var stream = streams.get(packet.connection());
      var to = stream == null ? Addresses.socketAddress(packet.remote()) : stream.remote;
      batch.add(to, packet.header());
      return;
    }
    var stream = streams.get(packet.connection());
    if (stream != null) {
      batch.add(stream, packet.header(), packet.offset(), packet.length());
      stream.onTransmit(packet.offset(), packet.length());
      list(stream);
    }
  }

  private void deliver(int number, Payload payload) {
    var stream = streams.get(number);
    if (stream != null && payload instanceof Part part) {
      part.appendTo(stream);
      list(stream);
    }
    payload.release();
  }

  private void accepted(int number, Endpoint remote) {
    var address = Addresses.socketAddress(remote);
    var channel = new UtpChannel(this, port.local(address), address, true, port.allocator());
    add(number, address, channel);
    onAccepted.accept(channel);
  }

  private void ended(int number) {
    var stream = streams.get(number);
    if (stream != null) {
      stream.tell();
      stream.channel.ended();
    }
  }

  private void closed(int number) {
    var stream = streams.remove(number);
    if (stream != null) {
      byChannel.remove(stream.channel);
      stream.tell();
      stream.release();
      stream.channel.broken();
    }
  }

  private void add(int number, InetSocketAddress remote, UtpChannel channel) {
    var stream = new UtpStream(number, remote, channel, port.allocator());
    streams.put(number, stream);
    byChannel.put(channel, stream);
  }

  private void list(UtpStream stream) {
    if (!stream.isListed) {
      stream.isListed = true;
      telling.add(stream);
    }
  }

  /** Resets every connection; the session ends. On the port's loop. */
  void close() {
    socket.close(Loop.nowNanos());
    carryOut();
    batch.finish();
    port.flush();
    deadline.cancel();
  }

  /**
   * The payload of a datagram, in the port's buffer while that is valid. One that has to wait for
   * an earlier packet is copied, or it would keep the whole buffer.
   */
  private static final class Part implements Payload {
    private final int length;
    private ByteBuf bytes;
    private boolean isDone;
    private boolean isCopy;

    Part(ByteBuf bytes) {
      this.bytes = bytes;
      this.length = bytes.readableBytes();
    }

    @Override
    public int length() {
      return length;
    }

    void appendTo(UtpStream stream) {
      stream.append(bytes, bytes.readerIndex(), length);
    }

    void keep() {
      if (!isDone) {
        bytes = bytes.copy();
        isCopy = true;
      }
    }

    @Override
    public void release() {
      isDone = true;
      if (isCopy) {
        bytes.release();
      }
    }
  }
}

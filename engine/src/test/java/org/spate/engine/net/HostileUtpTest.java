package org.spate.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;
import org.spate.core.crypto.EncryptionMode;
import org.spate.core.utp.PacketCodec;
import org.spate.core.utp.PacketType;
import org.spate.core.utp.UtpPacket;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;

/** Raw datagrams against a listening port: threats 34, 35 and 36. */
class HostileUtpTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final int ID = 4_000;
  private static final int QUIET_MILLIS = 300;
  private static final int PATIENCE_MILLIS = 20_000;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(36);
  private final List<Network> networks = new ArrayList<>();
  private RecordingOwner owner;
  private DatagramSocket socket;
  private int port;

  @BeforeEach
  void listen() throws IOException {
    var network = network();
    owner = new RecordingOwner(network);
    network.admit(List.of(RecordingOwner.HASH), owner);
    port = network.listen();
    socket = new DatagramSocket(0, HERE);
  }

  @AfterEach
  void close() {
    socket.close();
    networks.forEach(network -> network.close(TimeUnit.SECONDS.toNanos(1)));
    owner.releaseAll();
  }

  @Test
  void random_datagrams_and_endless_extensions_leave_the_port_alive() throws Exception {
    for (int i = 0; i < 3_000; i++) {
      var bytes = new byte[random.nextInt(1, 1_400)];
      random.nextBytes(bytes);
      bytes[0] = (byte) (random.nextInt(16) << 4 | 1);
      if (bytes.length > 300 && i % 2 == 0) {
        for (int at = 20; at < bytes.length - 2; at += 257) {
          bytes[at] = (byte) random.nextInt(4);
          bytes[at + 1] = (byte) 255;
        }
      }
      send(bytes);
    }
    assertThatSomebodyElseGetsIn();
  }

  @Test
  void a_flood_of_syns_is_answered_by_no_more_bytes_than_it_has() throws Exception {
    int sent = 0;
    for (int i = 0; i < 1_000; i++) {
      send(packet(PacketType.SYN, i * 31, i, 0));
      sent += UtpPacket.HEADER_BYTES;
    }
    assertThat(bytesUntilQuiet()).isPositive().isLessThanOrEqualTo(sent);
    assertThatSomebodyElseGetsIn();
  }

  @Test
  void an_ack_of_packets_that_were_never_sent_resets_the_connection() throws Exception {
    send(packet(PacketType.SYN, ID, 1, 0));
    var answer = receive(PacketType.STATE);
    var greeting =
        HandshakeCodec.encode(
            new Handshake(0, RecordingOwner.HASH, new PeerId(RecordingOwner.HASH)));
    send(data(2, answer.sequence() - 1, greeting));
    var link = owner.next(RecordingOwner.Seen.Opened.class).link();
    var theirs = receive(PacketType.DATA);
    assertThat(theirs.sequence()).isEqualTo(answer.sequence());

    send(packet(PacketType.STATE, ID + 1, 3, answer.sequence() + 1_000));

    assertThat(receive(PacketType.RESET).connectionId()).isEqualTo(ID);
    assertThat(owner.next(RecordingOwner.Seen.Closed.class).link()).isSameAs(link);
  }

  private void assertThatSomebodyElseGetsIn() throws Exception {
    var other = network();
    other.listen();
    var dialler = new RecordingOwner(other);
    other.dial(Endpoint.of(HERE.getAddress(), port), dialler);
    dialler.next(RecordingOwner.Seen.Opened.class);
    owner.next(RecordingOwner.Seen.Opened.class);
  }

  private Network network() {
    long timeout = TimeUnit.SECONDS.toNanos(10);
    var settings =
        new NetworkSettings(
            Binding.to(HERE),
            0,
            2,
            true,
            100,
            50,
            timeout,
            false,
            true,
            EncryptionMode.ACCEPTED,
            null,
            false,
            0,
            0);
    var network = new Network(settings);
    networks.add(network);
    return network;
  }

  private static byte[] packet(PacketType type, int id, int sequence, int ack) {
    var packet = new UtpPacket(type, id & 0xFFFF, 1, 0, 1 << 20, sequence, ack & 0xFFFF, null, 0);
    var bytes = new byte[UtpPacket.HEADER_BYTES];
    PacketCodec.write(packet, bytes);
    return bytes;
  }

  private static byte[] data(int sequence, int ack, byte[] payload) {
    var header = packet(PacketType.DATA, ID + 1, sequence, ack);
    var bytes = new byte[header.length + payload.length];
    System.arraycopy(header, 0, bytes, 0, header.length);
    System.arraycopy(payload, 0, bytes, header.length, payload.length);
    return bytes;
  }

  private void send(byte[] bytes) throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, HERE, port));
  }

  private UtpPacket receive(PacketType type) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    while (true) {
      var datagram = new DatagramPacket(new byte[2_048], 2_048);
      socket.receive(datagram);
      var packet = PacketCodec.parse(datagram.getData(), datagram.getLength());
      if (packet != null && packet.type() == type) {
        return packet;
      }
    }
  }

  private long bytesUntilQuiet() throws IOException {
    socket.setSoTimeout(QUIET_MILLIS);
    long bytes = 0;
    try {
      while (true) {
        var datagram = new DatagramPacket(new byte[2_048], 2_048);
        socket.receive(datagram);
        bytes += datagram.getLength();
      }
    } catch (SocketTimeoutException e) {
      return bytes;
    }
  }
}

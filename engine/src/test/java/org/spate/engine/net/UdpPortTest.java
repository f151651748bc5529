package org.spate.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Endpoint;
import org.spate.core.crypto.EncryptionMode;

/** One UDP port for the DHT and uTP, over loopback. */
class UdpPortTest {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final List<Network> networks = new ArrayList<>();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    networks.forEach(network -> network.close(SECOND_NANOS));
  }

  private Network network(@Nullable InetAddress bind, boolean wantNative) {
    var settings =
        new NetworkSettings(
            Binding.to(bind),
            0,
            1,
            wantNative,
            100,
            50,
            10 * SECOND_NANOS,
            true,
            false,
            EncryptionMode.OFF,
            null,
            false,
            0,
            0);
    var network = new Network(settings);
    networks.add(network);
    return network;
  }

  /** Sends back what it takes, so that a test sees both directions. */
  private UdpPort echoing(Network network) {
    network.listen();
    assertThat(network.listenUdp()).isTrue();
    var port = network.udp();
    port.onDht((from, datagram, _) -> echo(port, "dht ", from, datagram));
    port.onUtp((from, datagram, _) -> echo(port, "utp ", from, datagram));
    return port;
  }

  private void echo(UdpPort port, String who, Endpoint from, ByteBuf datagram) {
    seen.add(who + datagram.toString(StandardCharsets.ISO_8859_1));
    port.write(from, Unpooled.copiedBuffer(datagram));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_first_byte_says_whose_a_datagram_is(boolean wantNative) throws Exception {
    var port = echoing(network(InetAddress.getLoopbackAddress(), wantNative));
    try (var stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      stranger.setSoTimeout(10_000);
      var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number());
      for (var text : List.of("", "GET /", "x", "B", "d1:ae", "Autp", "\u0001")) {
        send(stranger, text, to);
      }
      assertThat(receive(stranger)).isEqualTo("d1:ae");
      assertThat(receive(stranger)).isEqualTo("Autp");
      assertThat(receive(stranger)).isEqualTo("\u0001");
    }
    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("dht d1:ae");
    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("utp Autp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void an_unbound_port_speaks_both_families(String address) throws Exception {
    var port = echoing(network(null, true));
    var loopback = InetAddress.ofLiteral(address);
    assertThat(port.carries(false)).isTrue();
    assertThat(port.carries(true)).isTrue();
    try (var stranger = new DatagramSocket(0, loopback)) {
      stranger.setSoTimeout(10_000);
      send(stranger, "de", new InetSocketAddress(loopback, port.number()));
      assertThat(receive(stranger)).isEqualTo("de");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void udp_has_the_number_of_tcp_or_else_any(boolean isTaken) throws IOException {
    var network = network(InetAddress.getLoopbackAddress(), true);
    int tcp = network.listen();
    try (var other = isTaken ? new DatagramSocket(tcp, InetAddress.getLoopbackAddress()) : null) {
      assertThat(network.listenUdp()).isTrue();
      assertThat(network.udp().number() == tcp).isEqualTo(other == null);
      assertThat(network.udp().carries(false)).isTrue();
      assertThat(network.udp().carries(true)).isFalse();
    }
  }

  private static void send(DatagramSocket socket, String text, InetSocketAddress to)
      throws IOException {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static String receive(DatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[2_048], 2_048);
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
  }
}

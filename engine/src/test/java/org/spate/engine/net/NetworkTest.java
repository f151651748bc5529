package org.spate.engine.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.crypto.EncryptionMode;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;
import org.spate.core.wire.PeerMessage;
import org.spate.engine.net.RecordingOwner.Seen;

/** Links between two networks, and hostile connections to one, over loopback. */
class NetworkTest {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private final List<Network> networks = new ArrayList<>();
  private final List<RecordingOwner> owners = new ArrayList<>();

  @AfterEach
  void close() {
    networks.forEach(network -> network.close(SECOND_NANOS));
    owners.forEach(RecordingOwner::releaseAll);
  }

  private Network network(int loops, boolean wantNative, int halfOpenMax, long timeoutNanos) {
    return network(loops, wantNative, false, halfOpenMax, timeoutNanos, EncryptionMode.ACCEPTED);
  }

  private Network network(
      int loops,
      boolean wantNative,
      boolean byUtp,
      int halfOpenMax,
      long timeoutNanos,
      EncryptionMode mode) {
    var settings =
        new NetworkSettings(
            Binding.to(InetAddress.getLoopbackAddress()),
            0,
            loops,
            wantNative,
            100,
            halfOpenMax,
            timeoutNanos,
            !byUtp,
            byUtp,
            mode,
            null,
            false,
            0,
            0);
    var network = new Network(settings);
    networks.add(network);
    return network;
  }

  private Network network() {
    return network(2, true, 50, 10 * SECOND_NANOS);
  }

  private RecordingOwner owner(Network network) {
    var owner = new RecordingOwner(network);
    owners.add(owner);
    return owner;
  }

  /** An owner that listens, and where. */
  private record Host(RecordingOwner owner, Endpoint endpoint) {}

  private Host listening(Network network) {
    var owner = owner(network);
    network.admit(List.of(RecordingOwner.HASH), owner);
    int port = network.listen();
    return new Host(owner, Endpoint.of(InetAddress.getLoopbackAddress().getAddress(), port));
  }

  private static Socket connect(Host host) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), host.endpoint().port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static byte[] greeting(Hash160 hash) {
    return HandshakeCodec.encode(new Handshake(0, hash, new PeerId(hash)));
  }

  private static void send(Link link, PeerMessage message, Loop loop) {
    loop.execute(() -> link.send(message));
  }

  @ParameterizedTest(name = "native {0}, uTP {1}")
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void messages_and_blocks_arrive_whole_and_in_order_on_whichever_loop_owns_the_torrent(
      boolean wantNative, boolean byUtp) throws Exception {
    var network = network(2, wantNative, byUtp, 50, 10 * SECOND_NANOS, EncryptionMode.ACCEPTED);
    var host = listening(network);
    var dialling = network(1, wantNative, byUtp, 50, 10 * SECOND_NANOS, EncryptionMode.ACCEPTED);
    if (byUtp) {
      dialling.listen(); // the UDP port sends, too
    }
    var random = RandomGenerator.of("L64X128MixRandom");
    // Connections are accepted on the loops in turn, so several of them cross from one to another.
    for (int round = 0; round < 4; round++) {
      var dialler = owner(dialling);
      dialling.dial(host.endpoint(), dialler);
      var theirs = dialler.next(Seen.Opened.class).link();
      var ours = host.owner().next(Seen.Opened.class);
      assertThat(ours.link().incoming()).isTrue();
      assertThat(ours.theirs().supports(Handshake.FAST)).isTrue();

      var sent = new ArrayList<byte[]>();
      for (int index = 0; index < 100; index++) {
        var bytes = new byte[index % 3 == 0 ? 16384 : random.nextInt(1, 16384)];
        random.nextBytes(bytes);
        sent.add(bytes);
        send(theirs, new PeerMessage.Have(index), dialler.loop());
        send(
            theirs,
            new PeerMessage.Piece(index, 0, new ReceivedBlock(Unpooled.wrappedBuffer(bytes))),
            dialler.loop());
      }
      var received = new ArrayList<byte[]>();
      int haves = 0;
      while (received.size() < 100 || haves < 100) {
        switch (host.owner().next(Seen.Received.class).message()) {
          case PeerMessage.Have(int index) -> assertThat(index).isEqualTo(haves++);
          case PeerMessage.Piece(int index, _, var block) -> {
            assertThat(index).isEqualTo(received.size());
            received.add(bytesOf((ReceivedBlock) block));
          }
          case PeerMessage other -> throw new AssertionError(other);
        }
      }
      for (int index = 0; index < 100; index++) {
        assertThat(received.get(index)).isEqualTo(sent.get(index));
      }
      dialler.loop().execute(theirs::close);
      assertThat(host.owner().next(Seen.Closed.class).link()).isSameAs(ours.link());
    }
  }

  private static byte[] bytesOf(ReceivedBlock block) {
    var bytes = new byte[block.length()];
    block.nio()[0].get(bytes);
    block.release();
    return bytes;
  }

  @Test
  void bytes_sent_are_reported_in_full() throws Exception {
    var host = listening(network());
    var dialler = owner(network());
    network();
    networks.get(1).dial(host.endpoint(), dialler);
    var link = dialler.next(Seen.Opened.class).link();
    for (int i = 0; i < 64; i++) {
      var block = new ReceivedBlock(Unpooled.wrappedBuffer(new byte[16384]));
      send(link, new PeerMessage.Piece(i, 0, block), dialler.loop());
    }
    int bytes = 0;
    while (bytes < 64 * 16384) {
      bytes += dialler.next(Seen.Sent.class).bytes();
    }
    assertThat(bytes).isEqualTo(64 * 16384);
  }

  @Test
  void dial_fails_where_nobody_listens_and_where_another_torrent_answers() throws Exception {
    var host = listening(network());
    var network = network();
    var owner = owner(network);
    int unused;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    var nobody = host.endpoint().withPort(unused);
    network.dial(nobody, owner);
    assertThat(owner.next(Seen.DialFailed.class).remote()).isEqualTo(nobody);
    owner.hash = Hash160.sha1(new byte[] {2}, 0, 1);
    network.dial(host.endpoint(), owner);
    assertThat(owner.next(Seen.DialFailed.class).remote()).isEqualTo(host.endpoint());
  }

  @Test
  void dials_beyond_the_half_open_limit_wait_and_are_all_answered() throws Exception {
    var network = network(1, true, 2, SECOND_NANOS / 2);
    var owner = owner(network);
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var remote =
          Endpoint.of(InetAddress.getLoopbackAddress().getAddress(), silent.getLocalPort());
      for (int i = 0; i < 6; i++) {
        network.dial(remote, owner);
      }
      for (int i = 0; i < 6; i++) {
        owner.next(Seen.DialFailed.class);
      }
    }
  }

  @Test
  void port_in_use_is_reported() {
    var host = listening(network());
    var settings =
        new NetworkSettings(
            Binding.to(InetAddress.getLoopbackAddress()),
            host.endpoint().port(),
            1,
            true,
            1,
            1,
            1,
            true,
            false,
            EncryptionMode.OFF,
            null,
            false,
            0,
            0);
    var second = new Network(settings);
    networks.add(second);
    assertThatThrownBy(second::listen)
        .isInstanceOf(ListenException.class)
        .hasMessageContaining(String.valueOf(host.endpoint().port()));
  }

  @Test
  void garbage_and_unknown_torrents_are_closed_without_an_answer() throws Exception {
    // Where encryption is accepted garbage may be a public key, and has until the deadline.
    var host = listening(network(2, true, false, 50, 10 * SECOND_NANOS, EncryptionMode.OFF));
    var unknown = greeting(Hash160.sha1(new byte[] {9}, 0, 1));
    var late = greeting(RecordingOwner.HASH);
    late[19] = 'x';
    for (var hello :
        List.of("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), unknown, late)) {
      try (var socket = connect(host)) {
        socket.getOutputStream().write(hello);
        assertThat(answer(socket)).isLessThanOrEqualTo(0);
      }
    }
    assertThat(host.owner().seen).isEmpty();
  }

  /** The first byte that comes back, -1 at the end or for a reset. */
  private static int answer(Socket socket) {
    try {
      return socket.getInputStream().read();
    } catch (IOException e) {
      assertThat(e).isInstanceOf(java.net.SocketException.class);
      return -1;
    }
  }

  @Test
  void silent_and_slow_connections_end_at_the_handshake_deadline() throws Exception {
    var host = listening(network(1, true, 50, SECOND_NANOS / 4));
    try (var silent = connect(host);
        var slow = connect(host)) {
      slow.getOutputStream().write(Arrays.copyOf(greeting(RecordingOwner.HASH), 67));
      assertThat(answer(silent)).isEqualTo(-1);
      assertThat(answer(slow)).isEqualTo(-1);
    }
    assertThat(host.owner().seen).isEmpty();
  }

  @Test
  void flood_of_silent_connections_pushes_out_the_oldest_and_honest_ones_get_in() throws Exception {
    var host = listening(network(1, true, 4, 60 * SECOND_NANOS));
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 20; i++) {
        sockets.add(connect(host));
      }
      var honest = connect(host);
      sockets.add(honest);
      honest.getOutputStream().write(greeting(RecordingOwner.HASH));
      assertThat(answer(honest)).isEqualTo(19);
      host.owner().next(Seen.Opened.class);
      for (int i = 0; i < 16; i++) {
        assertThat(answer(sockets.get(i))).isEqualTo(-1);
      }
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void messages_that_come_with_the_handshake_are_not_lost() throws Exception {
    var network = network();
    var host = listening(network);
    for (int round = 0; round < 4; round++) {
      try (var socket = connect(host)) {
        var bytes = Arrays.copyOf(greeting(RecordingOwner.HASH), 68 + 9 + 5);
        bytes[68 + 3] = 5;
        bytes[68 + 4] = 4;
        bytes[68 + 8] = 7;
        bytes[68 + 9 + 3] = 1;
        bytes[68 + 9 + 4] = 2;
        socket.getOutputStream().write(bytes);
        host.owner().next(Seen.Opened.class);
        assertThat(host.owner().next(Seen.Received.class).message())
            .isEqualTo(new PeerMessage.Have(7));
        assertThat(host.owner().next(Seen.Received.class).message())
            .isEqualTo(new PeerMessage.Interested());
      }
      host.owner().next(Seen.Closed.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, -1, 1 << 20})
  void oversize_message_ends_the_link_before_its_body_comes(int length) throws Exception {
    var host = listening(network());
    try (var socket = connect(host)) {
      socket.getOutputStream().write(greeting(RecordingOwner.HASH));
      host.owner().next(Seen.Opened.class);
      var prefix = new byte[4];
      BigEndian.putInt(prefix, 0, length);
      socket.getOutputStream().write(prefix);
      host.owner().next(Seen.Closed.class);
      assertThat(socket.getInputStream().readAllBytes()).hasSize(68);
    }
  }

  /** Or it would take us for one who wants encryption, and dial again. */
  @Test
  void refused_link_hears_our_handshake_before_its_end() throws Exception {
    var host = listening(network());
    host.owner().refuses = true;
    try (var socket = connect(host)) {
      socket.getOutputStream().write(greeting(RecordingOwner.HASH));
      assertThat(socket.getInputStream().readAllBytes()).hasSize(68);
    }
  }

  @Test
  void torrent_that_takes_no_links_closes_them() throws Exception {
    var host = listening(network());
    host.owner().open = false;
    try (var socket = connect(host)) {
      socket.getOutputStream().write(greeting(RecordingOwner.HASH));
      assertThat(answer(socket)).isEqualTo(-1);
    }
    assertThat(host.owner().seen).isEmpty();
  }
}

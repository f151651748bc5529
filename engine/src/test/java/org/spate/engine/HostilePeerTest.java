package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.core.PeerId;
import org.spate.core.swarm.CloseReason;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;
import org.spate.engine.storage.TestTorrent;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/**
 * What hostile peers do over plain sockets to a session that serves (threats 19, 20, 25-28): their
 * link ends where they broke the protocol, and honest peers get what they came for.
 */
class HostilePeerTest {
  private static final int PIECE_COUNT = 16;

  @TempDir private Path root;
  private Sessions sessions;
  private TestTorrent torrent;
  private TorrentHandle seed;
  private long connections;
  private final Heard heard = new Heard();

  @BeforeEach
  void begin() {
    sessions = new Sessions(root);
    torrent = TestTorrent.of(3, Format.V1, 1 << 16, Item.file("f", PIECE_COUNT << 16));
    seed = sessions.seed("seed", torrent);
    sessions.session(0).listen(heard);
  }

  @AfterEach
  void end() {
    sessions.close();
  }

  /** Writes what an attacker sends behind its handshake. */
  interface Attack {
    void write(DataOutputStream out) throws IOException;
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), sessions.session(0).port());
    socket.setSoTimeout(20_000);
    var random = new SplittableRandom(++connections);
    var hello =
        new Handshake(
            Handshake.FAST, torrent.metainfo().infoHash().primary(), PeerId.random(random));
    socket.getOutputStream().write(HandshakeCodec.encode(hello));
    return socket;
  }

  private void assertHonestPeersAreServed() {
    var leech = sessions.open("honest").add(torrent.metainfo(), Sessions.from(sessions.session(0)));
    Sessions.await(leech.finished());
    sessions.assertComplete("honest", torrent);
    assertThat(seed.status().state()).isEqualTo(TorrentStatus.State.SEEDING);
  }

  private static void message(DataOutputStream out, int id, int... fields) throws IOException {
    out.writeInt(1 + 4 * fields.length);
    out.writeByte(id);
    for (int field : fields) {
      out.writeInt(field);
    }
  }

  static Stream<Arguments> violations() {
    return Stream.of(
        violation(CloseReason.MESSAGE_TOO_LONG, "length of 2^32 - 1", out -> out.writeInt(-1)),
        violation(
            CloseReason.MESSAGE_TOO_LONG,
            "length of 2^31 - 1",
            out -> out.writeInt(Integer.MAX_VALUE)),
        violation(CloseReason.WRONG_LENGTH, "have without index", out -> message(out, 4)),
        violation(
            CloseReason.BAD_INDEX,
            "have beyond the last piece",
            out -> message(out, 4, PIECE_COUNT)),
        violation(CloseReason.BAD_INDEX, "have of a negative piece", out -> message(out, 4, -1)),
        violation(CloseReason.WRONG_LENGTH, "request too short", out -> message(out, 6, 0, 0)),
        violation(
            CloseReason.BAD_REQUEST,
            "request beyond the piece",
            out -> message(out, 6, 0, 1 << 16, 1)),
        violation(
            CloseReason.BAD_REQUEST,
            "request that overflows",
            out -> message(out, 6, 0, 0x7FFF_FFFF, 0x7FFF_FFFF)),
        violation(CloseReason.BAD_REQUEST, "request of nothing", out -> message(out, 6, 0, 0, 0)),
        violation(
            CloseReason.BAD_REQUEST,
            "request beyond the torrent",
            out -> message(out, 6, PIECE_COUNT, 0, 16384)),
        violation(
            CloseReason.BAD_REQUEST, "request of 1 MiB", out -> message(out, 6, 0, 0, 1 << 20)),
        violation(
            CloseReason.BAD_BITFIELD,
            "bitfield too long",
            out -> {
              out.writeInt(1 + 3);
              out.writeByte(5);
              out.write(new byte[3]);
            }),
        violation(
            CloseReason.LATE_HAVE_NONE,
            "have none after a have",
            out -> {
              message(out, 4, 0);
              message(out, 15);
            }),
        violation(
            CloseReason.BLOCK_TOO_LONG,
            "block longer than any",
            out -> {
              out.writeInt(9 + 16385);
              out.writeByte(7);
              out.write(new byte[8 + 16385]);
            }),
        violation(
            CloseReason.WRONG_LENGTH,
            "a block header without a block",
            out -> message(out, 7, 0, 0)),
        violation(
            CloseReason.BAD_EXTENSION_HANDSHAKE,
            "extension handshake that is no dictionary",
            out -> {
              out.writeInt(2 + 3);
              out.writeByte(20);
              out.writeByte(0);
              out.writeBytes("i1e");
            }));
  }

  private static Arguments violation(CloseReason reason, String name, Attack attack) {
    return Arguments.of(Named.of(name, attack), reason);
  }

  private static Arguments flood(String name, Attack attack) {
    return Arguments.of(Named.of(name, attack));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void violation_ends_the_link_and_is_told_as_what_it_is(Attack attack, CloseReason reason)
      throws IOException {
    try (var socket = connect()) {
      var bytes = new ByteArrayOutputStream();
      attack.write(new DataOutputStream(bytes));
      socket.getOutputStream().write(bytes.toByteArray());
      readToTheEnd(socket);
    }
    assertThat(heard.await(TorrentEvent.PeerGone.class).reason()).isEqualTo(reason);
    assertThat(seed.status().state()).isEqualTo(TorrentStatus.State.SEEDING);
  }

  /** Fails by a timeout if the other side does not close. */
  private static void readToTheEnd(Socket socket) {
    var buffer = new byte[1 << 16];
    try {
      while (socket.getInputStream().read(buffer) >= 0) {
        // What was on its way is of no interest.
      }
    } catch (SocketException e) {
      // Closed with bytes of ours unread: a reset.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void blocks_that_nobody_asked_for_end_the_link_or_are_dropped() throws IOException {
    try (var socket = connect()) {
      var bytes = new ByteArrayOutputStream();
      var out = new DataOutputStream(bytes);
      for (int i = 0; i < 200; i++) {
        out.writeInt(9 + 16384);
        out.writeByte(7);
        out.writeInt(i % PIECE_COUNT);
        out.writeInt(0);
        out.write(new byte[16384]);
      }
      writeUntilRefused(socket, bytes.toByteArray());
      assertHonestPeersAreServed();
      assertThat(seed.status().swarm().piecesDone()).isEqualTo(PIECE_COUNT);
    }
  }

  private static void writeUntilRefused(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      assertThat(e).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void requests_by_the_million_from_one_that_never_reads_are_not_kept() throws IOException {
    try (var socket = connect()) {
      socket.setSendBufferSize(1 << 20);
      var bytes = new ByteArrayOutputStream();
      var out = new DataOutputStream(bytes);
      message(out, 2);
      for (int i = 0; i < 200_000; i++) {
        message(out, 6, i % PIECE_COUNT, 0, 16384);
      }
      var flood = Thread.ofVirtual().start(() -> writeUntilRefused(socket, bytes.toByteArray()));
      assertHonestPeersAreServed();
      var flooders =
          seed.status().swarm().peers().stream().filter(peer -> peer.requestsIn() > 2000);
      assertThat(flooders).isEmpty();
      socket.close();
      assertThat(Sessions.await(ended(flood))).isTrue();
    }
  }

  private static CompletableFuture<Boolean> ended(Thread thread) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return thread.join(Duration.ofSeconds(20));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("floods")
  void flood_of_small_messages_does_not_keep_honest_peers_waiting(Attack one) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    for (int i = 0; i < 100_000; i++) {
      one.write(out);
    }
    try (var socket = connect()) {
      writeUntilRefused(socket, bytes.toByteArray());
      assertHonestPeersAreServed();
    }
  }

  static Stream<Arguments> floods() {
    return Stream.of(
        flood("keep-alive", out -> out.writeInt(0)),
        flood(
            "interest on and off",
            out -> {
              message(out, 2);
              message(out, 3);
            }),
        flood("have", out -> message(out, 4, 1)),
        flood("cancel", out -> message(out, 8, 0, 0, 16384)),
        flood(
            "unknown ids",
            out -> {
              out.writeInt(2);
              out.writeByte(99);
              out.writeByte(0);
            }));
  }

  @Test
  void random_bytes_behind_the_handshake_do_no_harm() throws IOException {
    for (long seedOfDice = 0; seedOfDice < 30; seedOfDice++) {
      var bytes = new byte[2000];
      new SplittableRandom(seedOfDice).nextBytes(bytes);
      try (var socket = connect()) {
        writeUntilRefused(socket, bytes);
      }
    }
    assertHonestPeersAreServed();
  }
}

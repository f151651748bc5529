package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.crypto.EncryptionMode;
import org.spate.core.crypto.MseInitiator;
import org.spate.core.swarm.Route.Encryption;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;
import org.spate.engine.storage.TestTorrent;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** Message stream encryption between sessions, and against those who abuse it (threat 31). */
class EncryptionTest {
  private static final int KEY_BYTES = 96;

  @TempDir private Path root;
  private Sessions sessions;
  private TestTorrent torrent;

  @BeforeEach
  void begin() {
    sessions = new Sessions(root);
    torrent = TestTorrent.of(4, Format.HYBRID, 1 << 16, Item.file("f", 3_000_000));
  }

  @AfterEach
  void end() {
    sessions.close();
  }

  private Session seed(EncryptionMode mode) {
    sessions.provide("seed", torrent);
    var session = sessions.open("seed", settings -> settings.encryption(mode));
    Sessions.await(session.add(torrent.metainfo(), TorrentOptions.DEFAULT).finished());
    return session;
  }

  @ParameterizedTest(name = "{0} dials {1}: {2}")
  @CsvSource({
    "OFF, OFF, PLAIN",
    "OFF, ACCEPTED, PLAIN",
    "OFF, PREFERRED, PLAIN",
    "ACCEPTED, OFF, PLAIN",
    "ACCEPTED, ACCEPTED, PLAIN",
    "ACCEPTED, PREFERRED, PLAIN",
    "ACCEPTED, REQUIRED, RC4",
    "PREFERRED, OFF, PLAIN",
    "PREFERRED, ACCEPTED, HANDSHAKE",
    "PREFERRED, PREFERRED, RC4",
    "PREFERRED, REQUIRED, RC4",
    "REQUIRED, ACCEPTED, RC4",
    "REQUIRED, PREFERRED, RC4",
    "REQUIRED, REQUIRED, RC4",
  })
  void two_sessions_meet_in_the_best_way_that_both_allow(
      EncryptionMode dialling, EncryptionMode dialled, Encryption expected) {
    var seed = seed(dialled);
    var leech = sessions.open("leech", settings -> settings.encryption(dialling).held());
    var encryption = new CompletableFuture<Encryption>();
    leech.listen(
        (_, event) -> {
          if (event instanceof TorrentEvent.PeerConnected(_, _, _, var route)) {
            encryption.complete(route.encryption());
          }
        });
    var handle = leech.add(torrent.metainfo(), Sessions.from(seed));
    leech.start();

    Sessions.await(handle.finished());

    assertThat(Sessions.await(encryption)).isEqualTo(expected);
    sessions.assertComplete("leech", torrent);
  }

  @ParameterizedTest
  @CsvSource({"OFF, REQUIRED", "REQUIRED, OFF"})
  void who_cannot_agree_does_not_meet(EncryptionMode dialling, EncryptionMode dialled) {
    var seed = seed(dialled);
    var third = sessions.open("third", settings -> settings.encryption(dialling).held());
    var refused = new CompletableFuture<Boolean>();
    third.listen(
        (_, event) -> {
          if (event instanceof TorrentEvent.PeerConnected) {
            refused.complete(false);
          }
        });
    var handle = third.add(torrent.metainfo(), Sessions.from(seed));
    third.start();
    Sessions.await(handle.ready());
    // Whoever both can talk to has finished, and these two have still not met.
    var both = sessions.open("both", settings -> settings.encryption(EncryptionMode.ACCEPTED));
    Sessions.await(both.add(torrent.metainfo(), Sessions.from(seed)).finished());
    assertThat(refused.getNow(true)).isTrue();
    assertThat(seed.linksOpen()).isLessThanOrEqualTo(1);
  }

  private Socket connect(Session session) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), session.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static byte[] key(String hex) {
    var number = new BigInteger(hex, 16).toByteArray();
    var key = new byte[KEY_BYTES];
    int length = Math.min(number.length, KEY_BYTES);
    System.arraycopy(number, number.length - length, key, KEY_BYTES - length, length);
    return key;
  }

  private static final String PRIME =
      "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e34"
          + "04ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a36210000"
          + "000000090563";

  static Stream<Named<byte[]>> attacks() {
    var noise = new byte[4096];
    new SplittableRandom(3).nextBytes(noise);
    var mark = Arrays.copyOf(noise, KEY_BYTES + 512 + 20);
    return Stream.of(
        Named.of("key 0", key("0")),
        Named.of("key 1", key("1")),
        Named.of("key P - 1", key(new BigInteger(PRIME, 16).subtract(BigInteger.ONE).toString(16))),
        Named.of("key P", key(PRIME)),
        Named.of("all ones", key("ff".repeat(KEY_BYTES))),
        Named.of("padding without end", noise),
        Named.of("no mark behind the longest padding", mark));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void abuse_ends_the_connection(byte[] bytes) throws IOException {
    var seed = seed(EncryptionMode.ACCEPTED);
    try (var socket = connect(seed)) {
      socket.getOutputStream().write(bytes);
      readToTheEnd(socket);
    }
    assertThat(seed.linksOpen()).isZero();
  }

  /** Fails by a timeout if the other side does not close. */
  private static void readToTheEnd(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException e) {
      // Reset: it closed before it had read all of ours.
    }
  }

  @Test
  void plain_handshake_gets_no_answer_where_encryption_is_required() throws IOException {
    var seed = seed(EncryptionMode.REQUIRED);
    try (var socket = connect(seed)) {
      socket.getOutputStream().write(HandshakeCodec.encode(greeting()));
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  private Handshake greeting() {
    var infoHash = torrent.metainfo().infoHash().primary();
    return new Handshake(Handshake.FAST, infoHash, PeerId.random(new SplittableRandom(2)));
  }

  @Test
  void torrent_that_is_not_here_ends_the_connection_as_noise_does() throws IOException {
    var seed = seed(EncryptionMode.REQUIRED);
    var other = Hash160.sha1(new byte[] {1}, 0, 1);
    var mse = initiator(other, new byte[68]);
    try (var socket = connect(seed)) {
      exchange(socket, mse);
      readToTheEnd(socket);
    } catch (SocketException e) {
      // Reset: it closed before it had read all of ours.
    }
    assertThat(mse.agreement()).isNull();
  }

  @Test
  void every_byte_may_come_alone() throws IOException {
    var seed = seed(EncryptionMode.PREFERRED);
    var mse = initiator(greeting().infoHash(), HandshakeCodec.encode(greeting()));
    try (var socket = connect(seed)) {
      socket.setTcpNoDelay(true);
      exchange(socket, mse);
      var agreement = Objects.requireNonNull(mse.agreement());
      var answer = new ByteArrayOutputStream();
      answer.writeBytes(agreement.received());
      var cipher = Objects.requireNonNull(agreement.incoming());
      while (answer.size() < Handshake.LENGTH) {
        var bytes = new byte[Handshake.LENGTH - answer.size()];
        int count = socket.getInputStream().read(bytes);
        assertThat(count).isPositive();
        cipher.apply(bytes, 0, count);
        answer.write(bytes, 0, count);
      }
      assertThat(HexFormat.of().formatHex(answer.toByteArray(), 28, 48))
          .isEqualTo(greeting().infoHash().toString());
    }
  }

  private static MseInitiator initiator(Hash160 infoHash, byte[] firstWords) {
    return new MseInitiator(
        infoHash, firstWords, EncryptionMode.PREFERRED, new SplittableRandom(6));
  }

  /** Sends a byte at a time, until the exchange or the connection ends. */
  private static void exchange(Socket socket, MseInitiator mse) throws IOException {
    var in = new byte[1000];
    while (mse.agreement() == null) {
      for (var out = mse.poll(); out != null; out = mse.poll()) {
        for (byte b : out) {
          socket.getOutputStream().write(b);
        }
      }
      int count = socket.getInputStream().read(in);
      if (count < 0) {
        return;
      }
      mse.accept(in, 0, count);
    }
  }
}

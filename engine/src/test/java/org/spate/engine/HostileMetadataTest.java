package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.PeerId;
import org.spate.core.metainfo.MagnetLink;
import org.spate.core.swarm.CloseReason;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;
import org.spate.core.wire.MetadataMessage;
import org.spate.engine.RawMetadataPeer.Manner;
import org.spate.engine.storage.TestTorrent;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/**
 * What hostile peers do over plain sockets to a session that looks for a torrent's metadata, and to
 * one that has it (BEP 9; threat 32).
 */
class HostileMetadataTest {
  /** 2,000 hashes: three pieces of metadata. */
  private static final TestTorrent TORRENT =
      TestTorrent.of(5, Format.V1, 1 << 14, Item.file("f", 2_000 << 14));

  private static final byte[] METADATA = TORRENT.metainfo().info().rawBytes();
  private static final int PIECE = MetadataMessage.PIECE_LENGTH;

  @TempDir private Path root;
  private Sessions sessions;
  private final Heard heard = new Heard();

  @BeforeEach
  void begin() {
    sessions = new Sessions(root);
  }

  @AfterEach
  void end() {
    sessions.close();
  }

  private TorrentHandle leech(RawMetadataPeer attacker) {
    var link =
        new MagnetLink(
            TORRENT.metainfo().infoHash(),
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    var session = sessions.open("leech");
    session.listen(heard);
    return session.add(
        link, TorrentOptions.DEFAULT.withPeers(List.of(attacker.endpoint())).onlyMetadata());
  }

  /** It comes from an honest peer, whatever has happened. */
  private void assertFound(TorrentHandle leech) {
    sessions.seed("seed", TORRENT);
    leech.addPeers(List.of(Sessions.endpoint(sessions.session(1))));
    assertThat(Sessions.await(leech.metadata()).info().rawBytes()).isEqualTo(METADATA);
  }

  private static byte[] piece(int piece) {
    return Arrays.copyOfRange(
        METADATA, piece * PIECE, Math.min((piece + 1) * PIECE, METADATA.length));
  }

  private static byte[] data(int piece, int totalSize, byte[] bytes) {
    return new MetadataMessage.Data(piece, totalSize, bytes).encode();
  }

  private static byte[] text(String body) {
    return body.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, 1L << 32, Integer.MAX_VALUE, (16 << 20) + 1, 0, -1})
  void size_beyond_reason_is_not_believed(long size) throws IOException {
    try (var attacker = new RawMetadataPeer(size, piece -> data(piece, 0, new byte[PIECE]))) {
      var leech = leech(attacker);
      heard.await(TorrentEvent.PeerConnected.class);
      assertFound(leech);
      assertThat(attacker.asked).isEmpty();
    }
  }

  private static Named<Manner> manner(String name, Manner manner) {
    return Named.of(name, manner);
  }

  static Stream<Named<Manner>> violations() {
    int size = METADATA.length;
    return Stream.of(
        manner("a byte too many", piece -> data(piece, size, new byte[piece(piece).length + 1])),
        manner("a byte too few", piece -> data(piece, size, new byte[piece(piece).length - 1])),
        manner("nothing", piece -> data(piece, size, new byte[0])),
        manner("another size", piece -> data(piece, size + 1, piece(piece))),
        manner("a size of 2^31 - 1", piece -> data(piece, Integer.MAX_VALUE, piece(piece))),
        manner("a negative piece", _ -> text("d8:msg_typei1e5:piecei-1ee")),
        manner("a piece of 2^63 - 1", _ -> text("d8:msg_typei1e5:piecei9223372036854775807ee")),
        manner("no dictionary", _ -> text("i1e")),
        manner("depth", _ -> text("l".repeat(10_000))),
        manner("a string of 2^31 bytes", _ -> text("2147483648:")));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void answer_that_cannot_be_ends_the_link(Manner manner) throws IOException {
    try (var attacker = new RawMetadataPeer(METADATA.length, manner)) {
      var leech = leech(attacker);
      assertThat(heard.await(TorrentEvent.PeerGone.class).reason())
          .isEqualTo(CloseReason.BAD_EXTENSION_MESSAGE);
      assertFound(leech);
    }
  }

  static Stream<Named<Manner>> delays() {
    return Stream.of(
        manner("silence", _ -> null),
        manner("rejects", piece -> new MetadataMessage.Reject(piece).encode()),
        manner("rejects another", piece -> new MetadataMessage.Reject(piece + 1_000).encode()),
        manner("sends another", piece -> data(piece + 1_000, METADATA.length, new byte[PIECE])),
        manner("type that nobody knows", _ -> text("d8:msg_typei99e5:piecei0ee")));
  }

  @ParameterizedTest
  @MethodSource("delays")
  void who_does_not_deliver_holds_up_nobody(Manner manner) throws IOException {
    try (var attacker = new RawMetadataPeer(METADATA.length, manner)) {
      var leech = leech(attacker);
      heard.await(TorrentEvent.PeerConnected.class);
      assertFound(leech);
    }
  }

  @Test
  void poisoner_is_named_and_not_asked_again() throws IOException {
    Manner poison =
        piece -> {
          var bytes = piece(piece);
          bytes[bytes.length / 2] ^= 1;
          return data(piece, METADATA.length, bytes);
        };
    try (var attacker = new RawMetadataPeer(METADATA.length, poison)) {
      var leech = leech(attacker);
      var named = heard.await(TorrentEvent.MetadataPoisoned.class).remote();
      assertThat(named).isEqualTo(attacker.endpoint());
      assertFound(leech);
      assertThat(attacker.asked).containsExactlyInAnyOrder(0, 1, 2);
    }
  }

  @Test
  void liar_about_the_size_who_answers_holds_up_nobody() throws IOException {
    int size = 16 << 20;
    try (var attacker = new RawMetadataPeer(size, piece -> data(piece, size, new byte[PIECE]))) {
      var leech = leech(attacker);
      assertThat(heard.await(TorrentEvent.MetadataPoisoned.class).remote())
          .isEqualTo(attacker.endpoint());
      assertFound(leech);
    }
  }

  @Test
  void flood_of_requests_gets_a_few_copies_at_most() throws IOException {
    sessions.seed("seed", TORRENT);
    try (var socket = greet(sessions.session(0))) {
      var out = new DataOutputStream(socket.getOutputStream());
      var request = new MetadataMessage.Request(0).encode();
      var flood =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 100_000; i++) {
                        extended(out, RawMetadataPeer.UT_METADATA, request);
                      }
                    } catch (IOException _) {
                      // It is enough.
                    }
                  });
      var counted = pieces(new DataInputStream(socket.getInputStream()));
      assertThat(counted).isBetween(1, 30);
      flood.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Shakes hands and tells that we take metadata under a number. */
  private Socket greet(Session with) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), with.port());
    socket.setSoTimeout(20_000);
    var id = PeerId.random(new SplittableRandom(1));
    var hash = TORRENT.metainfo().infoHash().primary();
    socket
        .getOutputStream()
        .write(HandshakeCodec.encode(new Handshake(Handshake.EXTENSION_PROTOCOL, hash, id)));
    extended(new DataOutputStream(socket.getOutputStream()), 0, text("d1:md11:ut_metadatai7eee"));
    return socket;
  }

  private static void extended(DataOutputStream out, int id, byte[] body) throws IOException {
    var bytes = new byte[6 + body.length];
    bytes[3] = (byte) (2 + body.length);
    bytes[4] = 20;
    bytes[5] = (byte) id;
    System.arraycopy(body, 0, bytes, 6, body.length);
    out.write(bytes);
  }

  /** Counts the pieces that come until the link ends. */
  private static int pieces(DataInputStream in) throws IOException {
    in.readNBytes(Handshake.LENGTH);
    int pieces = 0;
    try {
      while (true) {
        var message = in.readNBytes(in.readInt());
        if (message.length > PIECE && message[0] == 20) {
          pieces++;
        }
      }
    } catch (IOException _) {
      return pieces;
    }
  }
}

package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.dht.DhtState;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.swarm.PeerSource;
import org.spate.engine.storage.TestTorrent;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** Sessions that meet by the DHT alone, and torrents that must keep out of it. */
class DhtSessionTest {
  @TempDir private Path root;
  private Sessions sessions;

  @BeforeEach
  void begin() {
    sessions = new Sessions(root);
  }

  @AfterEach
  void end() {
    sessions.close();
  }

  private static TestTorrent torrent() {
    return TestTorrent.of(1, Format.HYBRID, 1 << 16, Item.file("a", 300_000), Item.file("b", 5));
  }

  private Session open(String name, String... routers) {
    return sessions.open(name, settings -> settings.dht(List.of(routers)));
  }

  private static String router(Session session) {
    return "127.0.0.1:" + session.port();
  }

  @Test
  void a_leech_finds_a_seed_of_which_nobody_told_it() throws IOException {
    var torrent = torrent();
    sessions.provide("seed", torrent);
    var seeding = open("seed");
    Sessions.await(seeding.add(torrent.metainfo(), TorrentOptions.DEFAULT).finished());
    var third = open("third", router(seeding));
    third.add(
        TestTorrent.of(2, Format.V1, 1 << 14, Item.file("x", 1)).metainfo(),
        TorrentOptions.DEFAULT);

    var leeching = open("leech", router(seeding));
    var source = new CompletableFuture<PeerSource>();
    leeching.listen(
        (_, event) -> {
          if (event instanceof TorrentEvent.PeerConnected connected) {
            source.complete(connected.source());
          }
        });
    var leech = leeching.add(torrent.metainfo(), TorrentOptions.DEFAULT);
    Sessions.await(leech.finished());
    sessions.assertComplete("leech", torrent);
    assertThat(Sessions.await(source)).isIn(PeerSource.DHT, PeerSource.INCOMING);

    leeching.close(); // and then knows whom to ask next time
    var file = root.resolve("leech.state").resolve("dht");
    assertThat(DhtState.parse(Files.readAllBytes(file)).nodes())
        .anyMatch(node -> !node.contacts().isEmpty());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void peers_tell_each_other_where_their_nodes_are() {
    var torrent = torrent();
    sessions.provide("seed", torrent);
    var seeding = open("seed");
    Sessions.await(seeding.add(torrent.metainfo(), TorrentOptions.DEFAULT).finished());
    var leeching = open("leech");
    var leech = leeching.add(torrent.metainfo(), Sessions.from(seeding));
    Sessions.await(leech.finished());
    var end = System.nanoTime() + Sessions.PATIENCE.toNanos();
    while (Sessions.await(leeching.dhtStatus()).contacts() == 0
        || Sessions.await(seeding.dhtStatus()).contacts() == 0) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait(); // until the pings have come back
    }
  }

  /** Threat 56, BEP 27. */
  @Test
  void a_private_torrent_sends_nothing_to_the_dht_and_does_not_speak_of_it() throws IOException {
    var torrent = TestTorrent.of(1, Format.V1, 1 << 16, Item.file("a", 300_000));
    var privately = privately(torrent);
    sessions.provide("seed", torrent);
    try (var router = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      router.setSoTimeout(1);
      var name = "127.0.0.1:" + router.getLocalPort();
      var seeding = open("seed", name);
      Sessions.await(seeding.add(privately, TorrentOptions.DEFAULT).finished());
      var leeching = open("leech", name);
      var leech = leeching.add(privately, Sessions.from(seeding));
      Sessions.await(leech.finished());
      assertThat(Sessions.await(seeding.dhtStatus()).nodes()).isEmpty();
      assertThat(Sessions.await(leeching.dhtStatus()).nodes()).isEmpty();
      assertThat(received(router)).isFalse();

      var other = TestTorrent.of(3, Format.V1, 1 << 14, Item.file("y", 1));
      leeching.add(other.metainfo(), TorrentOptions.DEFAULT);
      router.setSoTimeout(30_000);
      assertThat(received(router)).isTrue(); // a public one does
    }
  }

  private static boolean received(DatagramSocket socket) throws IOException {
    try {
      socket.receive(new DatagramPacket(new byte[2_048], 2_048));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private static Metainfo privately(TestTorrent torrent) {
    var info = torrent.metainfo().info().rawBytes();
    var file = new ByteArrayOutputStream();
    file.writeBytes("d4:info".getBytes(StandardCharsets.US_ASCII));
    file.write(info, 0, info.length - 1); // "private" comes after all other keys of a v1 torrent
    file.writeBytes("7:privatei1eee".getBytes(StandardCharsets.US_ASCII));
    return MetainfoParser.parse(file.toByteArray());
  }
}

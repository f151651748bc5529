package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.PeerId;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;
import org.spate.engine.storage.TestTorrent;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** Lists of addresses that no link is wanted with. */
class IpFilterTest {
  @TempDir private Path root;
  private Sessions sessions;
  private TestTorrent torrent;
  private Path list;

  @BeforeEach
  void begin() {
    sessions = new Sessions(root);
    torrent = TestTorrent.of(7, Format.V1, 1 << 16, Item.file("f", 300_000));
    list = root.resolve("list.dat");
  }

  @AfterEach
  void end() {
    sessions.close();
  }

  private Session seed() {
    sessions.provide("seed", torrent);
    var session = sessions.open("seed", settings -> settings.ipFilter(list));
    Sessions.await(session.add(torrent.metainfo(), TorrentOptions.DEFAULT).finished());
    return session;
  }

  /** Whether a handshake is answered. */
  private boolean isLetIn(Session session) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), session.port())) {
      socket.setSoTimeout(20_000);
      var infoHash = torrent.metainfo().infoHash().primary();
      var hello = new Handshake(0, infoHash, PeerId.random(new SplittableRandom(1)));
      socket.getOutputStream().write(HandshakeCodec.encode(hello));
      return socket.getInputStream().read() >= 0;
    } catch (SocketException e) {
      return false;
    }
  }

  @Test
  void who_is_on_the_list_does_not_get_in_until_the_list_changes() throws Exception {
    Files.writeString(list, "127.000.000.000 - 127.255.255.255 , 000 , here");
    var seed = seed();
    assertThat(isLetIn(seed)).isFalse();
    Files.writeString(list, "192.0.2.0/24\n");
    for (int tries = 0; !isLetIn(seed); tries++) {
      assertThat(tries).as("the change has not been seen").isLessThan(100);
      Thread.sleep(100); // the pace of asking, not what is waited for
    }
  }

  @Test
  void who_is_on_the_list_is_not_dialled() throws IOException {
    Files.writeString(list, "");
    var seed = seed();
    var other = root.resolve("other.p2p");
    Files.writeString(other, "here:127.0.0.0-127.255.255.255\n");
    var leech = sessions.open("leech", settings -> settings.ipFilter(other));
    var handle = leech.add(torrent.metainfo(), Sessions.from(seed));
    Sessions.await(handle.ready());
    var free = sessions.open("free").add(torrent.metainfo(), Sessions.from(seed));
    Sessions.await(free.finished());
    assertThat(handle.status().swarm().peers()).isEmpty();
    assertThat(handle.status().swarm().downloaded()).isZero();
  }

  @Test
  void list_that_cannot_be_read_is_told_at_once() {
    assertThatThrownBy(this::seed)
        .isInstanceOf(TorrentException.class)
        .hasMessageContaining("list.dat");
  }
}

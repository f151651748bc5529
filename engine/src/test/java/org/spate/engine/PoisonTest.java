package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.engine.storage.TestTorrent;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** Peers that send wrong blocks, over sockets (threat 22). */
class PoisonTest {
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

  private TorrentHandle leech(TestTorrent torrent, RawSeed... seeds) {
    var session = sessions.open("leech");
    session.listen(heard);
    var peers = List.of(seeds).stream().map(RawSeed::endpoint).toList();
    return session.add(torrent.metainfo(), TorrentOptions.DEFAULT.withPeers(peers));
  }

  @Test
  void who_poisons_everything_is_banned_and_a_recheck_forgives_nothing() throws IOException {
    var torrent = TestTorrent.of(1, Format.V1, 1 << 16, Item.file("f", 8 << 16));
    try (var liar = new RawSeed(torrent, (_, _) -> true)) {
      var leech = leech(torrent, liar);
      heard.await(TorrentEvent.PeerBanned.class);

      Sessions.await(leech.recheck());
      sessions.seed("seed", torrent);
      leech.addPeers(List.of(liar.endpoint(), Sessions.endpoint(sessions.session(1))));
      Sessions.await(leech.finished());

      sessions.assertComplete("leech", torrent);
      assertThat(liar.links()).isEqualTo(1);
      assertThat(heard.all(TorrentEvent.PeerBanned.class)).hasSize(1);
    }
  }
}

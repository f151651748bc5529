package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  @ParameterizedTest
  @EnumSource(
      value = Format.class,
      names = {"V2", "HYBRID"})
  void in_v2_one_wrong_block_is_enough(Format format) throws IOException {
    var torrent =
        TestTorrent.of(1, format, 1 << 20, Item.file("f", 4 << 20), Item.file("g", 100_000));
    sessions.seed("seed", torrent);
    try (var liar = new RawSeed(torrent, (_, _) -> true, 1)) {
      var leech = leech(torrent, liar);
      heard.await(TorrentEvent.PeerConnected.class);
      leech.addPeers(List.of(Sessions.endpoint(sessions.session(0))));

      heard.await(TorrentEvent.PeerBanned.class);
      Sessions.await(leech.finished());
      sessions.assertComplete("leech", torrent);
      assertThat(liar.lies).hasSize(1);
      assertThat(heard.all(TorrentEvent.PieceFailed.class)).isEmpty();
    }
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

package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.spate.core.Endpoint;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.MagnetLink;
import org.spate.engine.net.Binding;
import org.spate.engine.storage.TestTorrent;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** Magnet links in whole sessions over loopback. */
class MagnetTest {
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

  private static TestTorrent torrent(Format format) {
    return TestTorrent.of(
        1, format, 1 << 16, Item.file("a", 300_000), Item.file("b", 5), Item.file("c", 2_000_000));
  }

  private static MagnetLink link(InfoHash infoHash, Integer... selected) {
    return new MagnetLink(
        infoHash,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(selected),
        List.of());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void aTorrentIsFetchedWithItsMetadata(Format format) {
    var torrent = torrent(format);
    sessions.seed("seed", torrent);

    var leech = sessions.open("leech").add(link(torrent), Sessions.from(sessions.session(0)));

    Sessions.await(leech.finished());
    sessions.assertComplete("leech", torrent);
    var metainfo = leech.metainfo().orElseThrow();
    assertThat(metainfo.info().rawBytes()).isEqualTo(torrent.metainfo().info().rawBytes());
    assertThat(leech.name()).isEqualTo("t");
  }

  private static MagnetLink link(TestTorrent torrent) {
    return link(torrent.metainfo().infoHash());
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aHybridIsFoundByEitherHash(boolean isV1) {
    var torrent = torrent(Format.HYBRID);
    sessions.seed("seed", torrent);
    var both = torrent.metainfo().infoHash();
    var link = link(isV1 ? new InfoHash(both.v1(), null) : new InfoHash(null, both.v2()));

    var leech = sessions.open("leech").add(link, Sessions.from(sessions.session(0)));

    Sessions.await(leech.finished());
    assertThat(leech.infoHash()).isEqualTo(both);
    sessions.assertComplete("leech", torrent);
  }

  @Test
  void thePieceLayersOfAV2TorrentComeWithTheMetadata() {
    var torrent = torrent(Format.V2);
    sessions.seed("seed", torrent);

    var leech = sessions.open("leech").add(link(torrent), Sessions.from(sessions.session(0)));

    var layers = Sessions.await(leech.metadata()).pieceLayers();
    assertThat(layers.byRoot()).hasSize(2);
    torrent
        .metainfo()
        .pieceLayers()
        .byRoot()
        .forEach((file, layer) -> assertThat(layers.find(file)).isEqualTo(layer));
  }

  @Test
  void whoCameByALinkServesTheMetadataToTheNext() {
    var torrent = torrent(Format.V2);
    sessions.seed("seed", torrent);
    var first = sessions.open("first");
    Sessions.await(first.add(link(torrent), Sessions.from(sessions.session(0))).finished());
    sessions.session(0).close();

    var second = sessions.open("second").add(link(torrent), Sessions.from(first));

    Sessions.await(second.finished());
    sessions.assertComplete("second", torrent);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void theMetadataIsKeptForTheNextRun(Format format) {
    var torrent = torrent(format);
    sessions.seed("seed", torrent);
    var first = sessions.open("leech");
    Sessions.await(first.add(link(torrent), Sessions.from(sessions.session(0))).metadata());
    first.close();

    var again = sessions.open("leech").add(link(torrent), TorrentOptions.DEFAULT);

    assertThat(again.metainfo()).isPresent();
    assertThat(again.metainfo().orElseThrow().pieceLayers().byRoot())
        .hasSameSizeAs(torrent.metainfo().pieceLayers().byRoot());
  }

  @Test
  void onlyTheFilesThatALinkSelectsAreFetched() {
    var torrent = torrent(Format.V1);
    sessions.seed("seed", torrent);
    var link = link(torrent.metainfo().infoHash(), 1, 77);

    var leech = sessions.open("leech").add(link, Sessions.from(sessions.session(0)));

    Sessions.await(leech.finished());
    assertThat(sessions.folder("leech").resolve("t/b")).isRegularFile();
    assertThat(sessions.folder("leech").resolve("t/c")).doesNotExist();
  }

  @Test
  void whoWantsTheMetadataAloneGetsNoFile() {
    var torrent = torrent(Format.V1);
    sessions.seed("seed", torrent);
    var options = Sessions.from(sessions.session(0)).onlyMetadata();

    var looking = sessions.open("leech").add(link(torrent), options);

    assertThat(Sessions.await(looking.metadata()).files().files()).hasSize(3);
    assertThat(looking.status().state()).isEqualTo(TorrentStatus.State.PAUSED);
    assertThat(sessions.folder("leech").resolve("t")).doesNotExist();
  }

  @Test
  void theTwoLinksOfAHybridAreOneTorrent() {
    var torrent = torrent(Format.HYBRID);
    sessions.seed("seed", torrent);
    var both = torrent.metainfo().infoHash();
    var session = sessions.open("leech");
    var one = session.add(link(new InfoHash(both.v1(), null)), Sessions.from(sessions.session(0)));
    Sessions.await(one.metadata());

    assertThatThrownBy(
            () -> session.add(link(new InfoHash(null, both.v2())), TorrentOptions.DEFAULT))
        .isInstanceOf(TorrentException.class);
    assertThat(session.torrents()).containsExactly(one);
  }

  @Test
  void aStrangersLinkDoesNotMakeUsKnockAtThisMachine() {
    var far = Endpoint.v4(0xC0000201, 80);
    var near =
        List.of(
            Endpoint.v4(0x7F000001, 80),
            Endpoint.v4(0xA9FEA9FE, 80),
            new Endpoint(0, 1, 80),
            new Endpoint(0xFE80L << 48, 1, 80),
            far);

    assertThat(LinkPeers.allowed(near, Binding.ANY)).containsExactly(far);
  }

  @Test
  void aLinkThatIsTakenOutLeavesNothingBehind() {
    var torrent = torrent(Format.V1);
    sessions.seed("seed", torrent);
    var leech = sessions.open("leech");
    var handle = leech.add(link(torrent), Sessions.from(sessions.session(0)));
    Sessions.await(handle.finished());

    Sessions.await(handle.remove(true));

    assertThat(leech.add(link(torrent), TorrentOptions.DEFAULT).metainfo()).isEmpty();
  }
}

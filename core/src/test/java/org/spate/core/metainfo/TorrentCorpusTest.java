package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.spate.core.Corpus;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import tools.jackson.databind.JsonNode;

/** Every torrent of the corpus against its verdict and against what libtorrent reads in it. */
class TorrentCorpusTest {
  /** Accepted by libtorrent 2.0.8, refused by us and by later versions (decision 0002). */
  private static final String UNFOLDED_LAYER = "libtorrent__v2_invalid_root_hash.torrent";

  /** Where our names differ from those of libtorrent 2.0.8 (decision 0002). */
  private static final Set<String> OWN_NAMES =
      Set.of(
          "libtorrent__invalid_filename2.torrent",
          "libtorrent__long_name.torrent",
          "libtorrent__slash_path.torrent",
          "libtorrent__v2_invalid_filename2.torrent");

  @TestFactory
  Stream<DynamicTest> everyTorrentGetsItsVerdict() {
    return Corpus.torrents().entrySet().stream()
        .map(t -> dynamicTest(t.getKey(), () -> check(t.getValue())));
  }

  private static void check(Path torrent) {
    var bytes = Corpus.read(torrent);
    var expected = Corpus.expected(torrent);
    switch (verdict(expected)) {
      case "accept" -> checkAccepted(MetainfoParser.parse(bytes), expected);
      case "reject" ->
          assertThatThrownBy(() -> MetainfoParser.parse(bytes))
              .isInstanceOf(MetainfoException.class)
              .message()
              .isNotBlank();
      default -> {
        try {
          checkPaths(MetainfoParser.parse(bytes));
        } catch (MetainfoException e) {
          assertThat(e).message().isNotBlank();
        }
      }
    }
  }

  private static String verdict(JsonNode expected) {
    boolean isRefused = expected.get("file").asString().equals(UNFOLDED_LAYER);
    return isRefused ? "reject" : expected.get("verdict").asString();
  }

  private static void checkAccepted(Metainfo metainfo, JsonNode expected) {
    var libtorrent = expected.get("libtorrent_2_0_8");
    checkPaths(metainfo);
    checkHashes(metainfo.info(), expected);
    checkReparsed(metainfo);
    if (libtorrent.path("loads").asBoolean()) {
      checkAgainstLibtorrent(metainfo, libtorrent);
      if (!OWN_NAMES.contains(expected.get("file").asString())) {
        checkNames(metainfo, libtorrent);
      }
    }
  }

  private static void checkHashes(InfoDictionary info, JsonNode expected) {
    var raw = expected.get("raw_info_dict");
    var hash = info.infoHash();
    if (hash.v1() != null) {
      assertThat(hash.v1()).isEqualTo(Hash160.parse(raw.get("info_sha1").asString()));
    }
    if (hash.v2() != null) {
      assertThat(hash.v2()).isEqualTo(Hash256.parse(raw.get("info_sha256").asString()));
    }
    assertThat(info.rawBytes()).hasSize(raw.get("info_size").asInt());
  }

  /** What a peer would send of it (BEP 9) must mean the same. */
  private static void checkReparsed(Metainfo metainfo) {
    var bare = MetainfoParser.parseInfo(metainfo.info().rawBytes());
    assertThat(bare.infoHash()).isEqualTo(metainfo.infoHash());
    assertThat(bare.files().files()).isEqualTo(metainfo.files().files());
    assertThat(bare.geometry().pieceCount()).isEqualTo(metainfo.geometry().pieceCount());
  }

  private static void checkAgainstLibtorrent(Metainfo metainfo, JsonNode libtorrent) {
    var geometry = metainfo.geometry();
    assertThat(metainfo.infoHash().v1()).isEqualTo(hash160(libtorrent.get("v1_info_hash")));
    assertThat(metainfo.infoHash().v2()).isEqualTo(hash256(libtorrent.get("v2_info_hash")));
    assertThat(geometry.pieceLength()).isEqualTo(libtorrent.get("piece_length").asInt());
    assertThat(geometry.pieceCount()).isEqualTo(libtorrent.get("num_pieces").asInt());
    assertThat(geometry.totalLength()).isEqualTo(libtorrent.get("total_size").asLong());
    assertThat(metainfo.info().isPrivate()).isEqualTo(libtorrent.get("private").asBoolean());
    assertThat(orEmpty(metainfo.comment())).isEqualTo(libtorrent.get("comment").asString());
    assertThat(orEmpty(metainfo.createdBy())).isEqualTo(libtorrent.get("created_by").asString());
    assertThat(metainfo.creationDate() == null ? 0 : metainfo.creationDate())
        .isEqualTo(libtorrent.get("creation_date").asLong());
    assertThat(metainfo.webSeeds()).isEqualTo(strings(libtorrent.get("url_seeds")));
    checkTrackers(metainfo, libtorrent);
    checkFiles(metainfo, libtorrent);
    checkPieceHashes(metainfo, libtorrent);
  }

  private static void checkTrackers(Metainfo metainfo, JsonNode libtorrent) {
    var urls = new ArrayList<String>();
    libtorrent.get("trackers").forEach(t -> urls.add(t.get("url").asString().strip()));
    urls.removeIf(u -> !u.matches("(https?|udp|wss?)://.*"));
    assertThat(metainfo.trackers().stream().flatMap(List::stream)).containsExactlyElementsOf(urls);
    var nodes = new ArrayList<String>();
    libtorrent
        .get("dht_nodes")
        .forEach(n -> nodes.add(n.get(0).asString() + ":" + n.get(1).asInt()));
    assertThat(metainfo.nodes()).isEqualTo(nodes);
  }

  private static void checkFiles(Metainfo metainfo, JsonNode libtorrent) {
    var theirs = new ArrayList<JsonNode>();
    libtorrent.get("files").forEach(f -> theirs.add(f));
    theirs.removeIf(f -> f.get("pad").asBoolean());
    var ours = metainfo.files().files().stream().filter(f -> !f.isPad()).toList();
    assertThat(ours).hasSameSizeAs(theirs);
    for (int i = 0; i < ours.size(); i++) {
      assertThat(ours.get(i).length()).isEqualTo(theirs.get(i).get("size").asLong());
      assertThat(ours.get(i).isExecutable())
          .isEqualTo(theirs.get(i).path("executable").asBoolean(false));
      assertThat(ours.get(i).piecesRoot()).isEqualTo(hash256(theirs.get(i).get("pieces_root")));
      var link = ours.get(i).symlink();
      assertThat(link == null ? "" : String.join("/", link))
          .isEqualTo(theirs.get(i).path("symlink").asString(""));
    }
  }

  private static void checkNames(Metainfo metainfo, JsonNode libtorrent) {
    var theirs = new ArrayList<String>();
    for (var file : libtorrent.get("files")) {
      if (!file.get("pad").asBoolean()) {
        theirs.add(file.get("path").asString());
      }
    }
    assertThat(metainfo.name()).isEqualTo(libtorrent.get("name").asString());
    assertThat(metainfo.files().files().stream().filter(f -> !f.isPad()).map(FileEntry::name))
        .containsExactlyElementsOf(theirs);
  }

  private static void checkPieceHashes(Metainfo metainfo, JsonNode libtorrent) {
    var all = libtorrent.get("sha1_of_all_piece_hashes");
    if (all != null && metainfo.infoHash().v1() != null) {
      int count = metainfo.geometry().pieceCount();
      var hashes = new byte[count * Hash160.BYTES];
      for (int i = 0; i < count; i++) {
        metainfo.info().hashes().v1(i).copyTo(hashes, i * Hash160.BYTES);
      }
      assertThat(Hash160.sha1(hashes, 0, hashes.length)).isEqualTo(hash160(all));
    }
  }

  static void checkPaths(Metainfo metainfo) {
    var seen = new HashSet<String>();
    for (var file : metainfo.files().files()) {
      assertThat(file.path()).isNotEmpty().allSatisfy(SafePathsTest::checkElement);
      if (!file.isPad()) {
        assertThat(seen.add(SafePaths.folded(file.name()))).as(file.name()).isTrue();
      }
      if (file.symlink() != null) {
        assertThat(file.symlink()).isNotEmpty().allSatisfy(SafePathsTest::checkElement);
      }
    }
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static List<String> strings(JsonNode list) {
    var strings = new ArrayList<String>();
    list.forEach(s -> strings.add(s.asString()));
    return strings;
  }

  private static Hash160 hash160(JsonNode hex) {
    return hex == null || hex.isNull() ? null : Hash160.parse(hex.asString());
  }

  private static Hash256 hash256(JsonNode hex) {
    return hex == null || hex.isNull() ? null : Hash256.parse(hex.asString());
  }
}

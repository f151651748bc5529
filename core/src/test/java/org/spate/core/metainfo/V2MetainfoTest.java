package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spate.core.Hash256;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.Bencoded;

/** File trees, piece layers, and the two halves of a hybrid. */
class V2MetainfoTest {
  private static final byte[] LARGE = Hashing.synthetic(100_000);
  private static final byte[] SMALL = Hashing.synthetic(5000);

  private Map<String, Object> hybrid;
  private Map<String, Object> v2;

  @BeforeEach
  void makeTorrents() {
    hybrid = make(TorrentFormat.HYBRID);
    v2 = make(TorrentFormat.V2);
  }

  private static Map<String, Object> make(TorrentFormat format) {
    var sources =
        List.of(
            SourceFile.of(List.of("d", "large"), LARGE.length),
            SourceFile.of(List.of("empty"), 0),
            SourceFile.of(List.of("small"), SMALL.length));
    var options = CreationOptions.of("t", false, format).withPieceLength(32768);
    var torrent = Hashing.torrent(sources, List.of(LARGE, new byte[0], SMALL), options);
    return asMap(BencodeReader.parse(torrent, BencodeLimits.STRICT));
  }

  @Test
  void aV2PieceIsCheckedByItsSubtreeAndASmallFileByItsRoot() {
    var metainfo = MetainfoParser.parse(Torrents.bytes(v2));
    var hashes = metainfo.info().hashes();
    assertThat(metainfo.geometry().pieceCount()).isEqualTo(5);
    assertThat(metainfo.geometry().totalLength()).isEqualTo(5 * 32768);
    for (int piece = 0; piece < 5; piece++) {
      var content = piece < 4 ? LARGE : SMALL;
      int begin = piece < 4 ? piece * 32768 : 0;
      int length = Math.min(32768, content.length - begin);
      var bytes = Arrays.copyOfRange(content, begin, begin + length);
      var leaves = Hashing.leaves(bytes, length);
      assertThat(metainfo.geometry().dataLength(piece)).isEqualTo(length);
      assertThat(hashes.v1(piece)).isNull();
      assertThat(hashes.v2Leaves(piece)).isEqualTo(piece < 4 ? 2 : 1);
      assertThat(hashes.v2(piece)).isEqualTo(MerkleTree.root(leaves, 0, hashes.v2Leaves(piece)));
    }
  }

  @Test
  void missingLayersAreAProblemUntilTheyAreFetched() {
    var layers = MetainfoParser.parse(Torrents.bytes(v2)).pieceLayers();
    v2.remove("piece layers");
    var metainfo = MetainfoParser.parse(Torrents.bytes(v2));
    assertThat(metainfo.problems()).anyMatch(p -> p.contains("piece layers"));
    assertThat(metainfo.info().hashes().v2(0)).isNull();
    assertThat(metainfo.info().hashes().v2Leaves(0)).isEqualTo(2);
    assertThat(metainfo.info().hashes().v2(4)).isNotNull();

    var file = metainfo.files().files().getFirst();
    var layer = layers.find(file.piecesRoot());
    var fetched = PieceLayers.NONE.with(file, layer, 32768);
    assertThat(metainfo.info().withLayers(fetched).hashes().v2(3)).isEqualTo(Hash256.at(layer, 96));
    layer[0] ^= 1;
    assertThatThrownBy(() -> PieceLayers.NONE.with(file, layer, 32768))
        .isInstanceOf(MetainfoException.class);
  }

  @Test
  void layersThatFitNoFileAreRefused() {
    var layers = map(v2, "piece layers");
    var root = layers.keySet().iterator().next();
    var good = (byte[]) layers.get(root);
    for (int length : new int[] {0, 32, 127, 160}) {
      layers.put(root, Arrays.copyOf(good, length));
      refuse(v2, "does not match the root");
    }
    layers.put(root, good);
    layers.put("y".repeat(32), good);
    refuse(v2, "belongs to no file");
    layers.remove("y".repeat(32));
    layers.put("y", good);
    refuse(v2, "root of 1 bytes");
  }

  @Test
  void aFileTreeHoldsDirectoriesAndFilesAndNothingElse() {
    var tree = map(v2, "info", "file tree");
    for (Object bad : List.of(5, "x", Map.of("", 5), Map.of("", Map.of("length", 5)))) {
      tree.put("zz", bad);
      refuse(v2, "");
    }
    tree.put("zz", Map.of("", Map.of("length", 0), "more", Map.of("", Map.of("length", 0))));
    refuse(v2, "directory, too");
    tree.put("zz", Map.of("", Map.of("length", 0, "attr", "p")));
    refuse(v2, "pad file");
    tree.put("zz", Map.of("", Map.of("length", 5, "pieces root", new byte[32])));
    refuse(v2, "all zeros");
    tree.remove("zz");
    tree.put("", Map.of("length", 5));
    refuse(v2, "root of its file tree");
  }

  @Test
  void whatIsNotCanonicalIsNoV2() {
    var text = new String(Torrents.bytes(v2), StandardCharsets.ISO_8859_1);
    var odd = text.replace("12:meta versioni2e", "12:meta versioni02e");
    assertThatThrownBy(() -> MetainfoParser.parse(odd.getBytes(StandardCharsets.ISO_8859_1)))
        .hasMessageContaining("not canonical");
  }

  @Test
  void hugeFilesInAFewBytesAreRefused() {
    var tree = map(v2, "info", "file tree");
    tree.put("z", Map.of("", Map.of("length", 1L << 45, "pieces root", "r".repeat(32))));
    refuse(v2, "pieces");
    tree.put("z", Map.of("", Map.of("length", 1L << 62, "pieces root", "r".repeat(32))));
    refuse(v2, "bytes long");
  }

  @Test
  void aHybridMayEndInPaddingButNotGoOnBehindIt() {
    var files = files();
    var pad = Torrents.file(32768 - 5000, List.of(".pad", "27768"));
    pad.put("attr", "p");
    files.add(pad);
    assertThat(MetainfoParser.parse(Torrents.bytes(hybrid)).geometry().pieceCount()).isEqualTo(5);
    pad.put("length", 32769 - 5000);
    refuse(hybrid, "goes on behind");
  }

  @Test
  void halvesThatDisagreeAreRefused() {
    disagree(files -> map(files.getFirst()).put("length", 99_999));
    disagree(files -> map(files.getFirst()).put("path", List.of("d", "Large")));
    disagree(files -> files.remove(files.size() - 1));
    disagree(files -> files.add(Torrents.file(0, List.of("another"))));
    disagree(files -> files.removeIf(f -> map(f).get("length").equals(0L)));
    disagree(files -> files.addFirst(files.removeLast()));
    disagree(files -> files.removeIf(f -> map(f).containsKey("attr")));
  }

  private void disagree(Consumer<List<Object>> change) {
    makeTorrents();
    change.accept(files());
    refuse(hybrid, "");
  }

  @Test
  void hybridsKeepEmptyFilesInEitherOrder() {
    var files = files();
    var empty = files.stream().filter(f -> map(f).get("length").equals(0L)).findFirst();
    files.remove(empty.orElseThrow());
    files.addFirst(empty.orElseThrow());
    assertThat(MetainfoParser.parse(Torrents.bytes(hybrid)).problems()).isEmpty();
  }

  @Test
  void aHybridHasBothHashesOfEachPiece() {
    var metainfo = MetainfoParser.parse(Torrents.bytes(hybrid));
    for (int piece = 0; piece < metainfo.geometry().pieceCount(); piece++) {
      assertThat(metainfo.info().hashes().v1(piece)).isNotNull();
      assertThat(metainfo.info().hashes().v2(piece)).isNotNull();
    }
    assertThat(metainfo.infoHash().isHybrid()).isTrue();
  }

  private List<Object> files() {
    @SuppressWarnings("unchecked")
    var files = (List<Object>) map(hybrid, "info").get("files");
    return files;
  }

  private static void refuse(Map<String, Object> torrent, String reason) {
    assertThatThrownBy(() -> MetainfoParser.parse(Torrents.bytes(torrent)))
        .isInstanceOf(MetainfoException.class)
        .hasMessageContaining(reason);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value, String... keys) {
    var map = (Map<String, Object>) value;
    for (var key : keys) {
      map = (Map<String, Object>) map.get(key);
    }
    return map;
  }

  private static Map<String, Object> asMap(Bencoded value) {
    return map(plain(value));
  }

  private static Object plain(Bencoded value) {
    return switch (value) {
      case Bencoded.Int number -> number.value();
      case Bencoded.Text text -> text.bytes();
      case Bencoded.Items items ->
          new ArrayList<Object>(items.values().stream().map(V2MetainfoTest::plain).toList());
      case Bencoded.Dictionary dictionary -> {
        var map = new LinkedHashMap<String, Object>();
        dictionary.entries().forEach((key, v) -> map.put(key, plain(v)));
        yield new TreeMap<>(map);
      }
    };
  }
}

package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.Corpus;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.Bencoded;
import tools.jackson.databind.JsonNode;

/** Values that the BEPs print. */
class PublishedVectorsTest {

  @Test
  void theSamplesOfBep3AreReadAndItsMistakesRefused() {
    var vector = vector("bep3-bencode");
    for (var pair : vector.get("pairs")) {
      var text = pair.get(0).asString();
      var value = BencodeReader.parse(bytes(text), BencodeLimits.STRICT);
      switch (value) {
        case Bencoded.Int number -> assertThat(number.value()).isEqualTo(pair.get(1).asLong());
        case Bencoded.Text string -> assertThat(string.utf8()).isEqualTo(pair.get(1).asString());
        case Bencoded.Items items -> assertThat(items.values()).hasSameSizeAs(pair.get(1));
        case Bencoded.Dictionary dictionary ->
            assertThat(dictionary.entries().keySet())
                .containsExactlyElementsOf(pair.get(1).propertyNames());
      }
    }
    for (var invalid : vector.get("invalid")) {
      assertThatThrownBy(() -> BencodeReader.parse(bytes(invalid.asString()), BencodeLimits.STRICT))
          .isInstanceOf(BencodeException.class);
    }
  }

  /** The BEP prints {@code 5:length}, one too few: an erratum, mended here. */
  @Test
  void theFileTreeOfBep52IsRead() {
    var vector = vector("bep52-filetree");
    var text = vector.get("bencoded").asString().replace("5:length", "6:length");
    var file = (Bencoded.Dictionary) BencodeReader.parse(bytes(text), BencodeLimits.STRICT);
    var tree = file.dictionary("info").dictionary("file tree");
    var files = new V2FileTree(new Problems()).read(tree);
    assertThat(files).hasSize(1);
    assertThat(String.join("/", files.getFirst().path()))
        .isEqualTo(vector.get("paths").get(0).asString());
    assertThat(files.getFirst().length()).isEqualTo(vector.get("length").asLong());
    assertThat(files.getFirst().piecesRoot())
        .isEqualTo(Hash256.parse(vector.get("pieces_root_hex").asString()));
  }

  /** Only the hybrid can be copied; the other reference torrent is read where it lies. */
  @ParameterizedTest
  @ValueSource(strings = {"bep52-bittorrent-v2-test", "bep52-bittorrent-v1-v2-hybrid-test"})
  void theReferenceTorrentsOfBep52HaveTheirInfoHashes(String id) {
    var v2 = Hash256.parse(vector(id).get("v2").asString());
    var v1 = vector(id).get("v1");
    var found =
        Corpus.torrents().values().stream()
            .filter(t -> Corpus.expected(t).path("verdict").asString("").equals("accept"))
            .filter(t -> hasV2(Corpus.expected(t), v2))
            .map(t -> MetainfoParser.parse(Corpus.read(t)).infoHash())
            .toList();
    assertThat(found)
        .allSatisfy(
            hash -> {
              assertThat(hash.v2()).isEqualTo(v2);
              assertThat(hash.v1()).isEqualTo(v1.isNull() ? null : Hash160.parse(v1.asString()));
            });
    assertThat(found.size()).isGreaterThanOrEqualTo(v1.isNull() ? 0 : 1);
  }

  private static boolean hasV2(JsonNode expected, Hash256 v2) {
    return expected.get("raw_info_dict").path("info_sha256").asString("").equals(v2.toString());
  }

  private static JsonNode vector(String id) {
    return Corpus.one("vectors.json", "vectors", id);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

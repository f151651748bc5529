package org.spate.core.webseed;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spate.core.Corpus;
import org.spate.core.bencode.BencodeWriter;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.webseed.WebSeedPlan.Style;

/** What is asked of a web server for a part of a torrent. */
class WebSeedPlanTest {
  private static final int PIECE = 1 << 14;

  /** Two files of three quarters of a piece each, in a folder, below another. */
  private static Metainfo torrent(String name, List<String> path) {
    var writer = new BencodeWriter().beginDictionary().key("info").beginDictionary();
    writer.key("files").beginList();
    for (var file : List.of(path, List.of("two words", "b&c?.bin"))) {
      writer.beginDictionary().key("length").integer(PIECE / 4 * 3).key("path").beginList();
      file.forEach(writer::text);
      writer.end().end();
    }
    writer.end().key("name").text(name).key("piece length").integer(PIECE);
    writer.key("pieces").text(new byte[40]).end().end();
    return MetainfoParser.parse(writer.toBytes());
  }

  @Test
  void thePublishedUrlIsMadeOfFolderNameAndPath() {
    var vector = Corpus.one("vectors.json", "vectors", "bep19-url");
    var folder = vector.get("url_list").asString();
    var base = folder.substring(folder.indexOf('/', "http://".length()));
    var path = vector.get("path").valueStream().map(node -> node.asString()).toList();
    var plan = new WebSeedPlan(torrent(vector.get("name").asString(), path), base, Style.FILES);

    var range = plan.ranges(0, 0, 100).getFirst();

    assertThat(folder.replace(base, "") + range.target()).isEqualTo(vector.get("url").asString());
  }

  @Test
  void aRangeOverTwoFilesIsTwoRequests() {
    var plan = new WebSeedPlan(torrent("t", List.of("a")), "/pub/", Style.FILES);
    assertThat(plan.ranges(0, PIECE / 2, PIECE / 2))
        .containsExactly(
            new WebRange("/pub/t/a", PIECE / 2, PIECE / 4),
            new WebRange("/pub/t/two%20words/b%26c%3F.bin", 0, PIECE / 4));
  }

  @Test
  void aSeedOfBep17IsAskedByHashPieceAndRange() {
    var torrent = torrent("t", List.of("a"));
    var hash = torrent.infoHash().primary().bytes();
    for (var base : List.of("/seed", "/seed?key=1")) {
      var plan = new WebSeedPlan(torrent, base, Style.PIECES);
      var range = plan.ranges(1, PIECE / 4, PIECE / 4).getFirst();
      var target = String.valueOf(range.target());
      assertThat(target)
          .startsWith(base + (base.contains("?") ? "&" : "?") + "info_hash=")
          .endsWith("&piece=1&ranges=4096-8191");
      assertThat(range.header()).isNull();
      var encoded = target.replaceFirst(".*info_hash=", "").replaceFirst("&.*", "");
      assertThat(decoded(encoded)).isEqualTo(hash);
    }
  }

  private static byte[] decoded(String percent) {
    var latin = URLDecoder.decode(percent, StandardCharsets.ISO_8859_1);
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }
}

package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any bytes are a sound torrent or link, or are refused with a reason. */
class MetainfoFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void metainfo(byte[] data) {
    try {
      check(MetainfoParser.parse(data));
    } catch (MetainfoException e) {
      assertThat(e).message().isNotBlank();
    }
  }

  @FuzzTest(maxDuration = "1m")
  void info(byte[] data) {
    try {
      var info = MetainfoParser.parseInfo(data);
      assertThat(info.rawBytes()).isEqualTo(data);
      check(info);
    } catch (MetainfoException e) {
      assertThat(e).message().isNotBlank();
    }
  }

  @FuzzTest(maxDuration = "1m")
  void magnet(byte[] data) {
    try {
      var link = MagnetLink.parse(new String(data, StandardCharsets.UTF_8));
      var again = MagnetLink.parse(link.toString());
      assertThat(again.toString()).isEqualTo(link.toString());
      assertThat(again.infoHash()).isEqualTo(link.infoHash());
    } catch (MetainfoException e) {
      assertThat(e).message().isNotBlank();
    }
  }

  private static void check(Metainfo metainfo) {
    TorrentCorpusTest.checkPaths(metainfo);
    check(metainfo.info());
  }

  /** Files lie one behind the other, and every piece has its hash and its bytes. */
  private static void check(InfoDictionary info) {
    long end = 0;
    for (var file : info.files().files()) {
      assertThat(file.offset()).isGreaterThanOrEqualTo(end);
      end = file.offset() + file.length();
    }
    var geometry = info.geometry();
    assertThat(end).isLessThanOrEqualTo(geometry.totalLength());
    int last = geometry.pieceCount() - 1;
    for (int piece : new int[] {0, last / 2, last}) {
      assertThat(geometry.dataLength(piece)).isPositive();
      assertThat(geometry.dataLength(piece)).isLessThanOrEqualTo(geometry.paddedLength(piece));
      assertThat(info.hashes().v1(piece) != null).isEqualTo(info.infoHash().v1() != null);
      assertThat(info.hashes().v2Leaves(piece) > 0).isEqualTo(info.infoHash().v2() != null);
    }
  }
}

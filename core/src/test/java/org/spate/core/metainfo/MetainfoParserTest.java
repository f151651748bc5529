package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spate.core.Hash160;

/** What a v1 torrent may say, and what is made of the fields around it. */
class MetainfoParserTest {

  @Test
  void theInfoHashIsThatOfTheBytesAsTheyStand() {
    var info =
        "d6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:" + "x".repeat(20) + "1:ai01ee";
    var file = ("d4:info" + info + "4:infode1:zi1ee").getBytes(StandardCharsets.US_ASCII);
    var metainfo = MetainfoParser.parse(file);
    var raw = info.getBytes(StandardCharsets.US_ASCII);
    assertThat(metainfo.infoHash().v1()).isEqualTo(Hash160.sha1(raw, 0, raw.length));
    assertThat(metainfo.info().rawBytes()).isEqualTo(raw);
    assertThat(metainfo.problems()).anyMatch(p -> p.contains("unsorted or repeated"));
  }

  @Test
  void numbersBeyondReasonAreRefused() {
    refuseWith("length", -1);
    refuseWith("length", Long.MAX_VALUE);
    refuseWith("length", 1L << 62);
    refuseWith("length", "40000");
    refuseWith("piece length", 0);
    refuseWith("piece length", -16384);
    refuseWith("piece length", Integer.MAX_VALUE);
    refuseWith("piece length", 1L << 32 | 16384);
    refuseWith("pieces", "x".repeat(59));
    refuseWith("pieces", "x".repeat(40));
    refuseWith("pieces", "x".repeat(80));
    refuseWith("pieces", 1);
    refuseWith("meta version", 3);
    refuseWith("meta version", 2);
    refuseWith("file tree", Map.of());
    refuseWith("name", 7);
    refuseWith("name", "..");
  }

  @Test
  void filesThatOverflowTogetherAreRefused() {
    var info = Torrents.info(List.of(List.of("a")));
    info.put(
        "files",
        List.of(
            Torrents.file(1L << 49, List.of("a")),
            Torrents.file(1L << 49, List.of("b")),
            Torrents.file(1L << 49, List.of("c"))));
    refuse(info);
    info.put(
        "files",
        List.of(Torrents.file(1L << 62, List.of("a")), Torrents.file(1L << 62, List.of("b"))));
    refuse(info);
  }

  @Test
  void aHugeClaimInAFewBytesCostsNothing() {
    var info = Torrents.info();
    info.put("length", 1L << 49);
    info.put("piece length", 1);
    assertThatThrownBy(() -> MetainfoParser.parse(Torrents.torrent(info)))
        .hasMessageContaining("pieces");
  }

  @Test
  void aPathIsAListOfStringsOfBoundedDepth() {
    var info = Torrents.info(List.of(List.of("a")));
    for (Object path : List.of(List.of(), "a", List.of(1), Collections.nCopies(101, "d"))) {
      var file = Torrents.file(100, List.of());
      file.put("path", path);
      info.put("files", List.of(file));
      refuse(info);
    }
  }

  @Test
  void theUtf8PathIsPreferred() {
    var info = Torrents.info(List.of(List.of("a")));
    var file = Torrents.file(100, List.of("wrong"));
    file.put("path.utf-8", List.of("別の", "世界"));
    info.put("files", List.of(file));
    info.put("name.utf-8", "名");
    var metainfo = MetainfoParser.parse(Torrents.torrent(info));
    assertThat(metainfo.files().files().getFirst().path()).containsExactly("名", "別の", "世界");
  }

  @Test
  void whereThereAreFilesALengthIsIgnoredAndNoted() {
    var info = Torrents.info(List.of(List.of("a"), List.of("b")));
    info.put("length", 5);
    var metainfo = MetainfoParser.parse(Torrents.torrent(info));
    assertThat(metainfo.files().files()).hasSize(2);
    assertThat(metainfo.problems()).anyMatch(p -> p.contains("both"));
  }

  @Test
  void paddingIsTakenOutOfWhatIsFetched() {
    var pad = Torrents.file(16284, List.of(".pad", "16284"));
    pad.put("attr", "p");
    var info = Torrents.info(List.of(List.of("a")));
    info.put(
        "files", List.of(Torrents.file(100, List.of("a")), pad, Torrents.file(100, List.of("b"))));
    info.put("pieces", "x".repeat(40));
    var metainfo = MetainfoParser.parse(Torrents.torrent(info));
    assertThat(metainfo.geometry().dataLength(0)).isEqualTo(100);
    assertThat(metainfo.geometry().length(0)).isEqualTo(16384);
    assertThat(metainfo.files().dataLength()).isEqualTo(200);
  }

  @Test
  void aPieceOfNothingButPaddingIsFetchedLikeAnyOther() {
    var pad = Torrents.file(16284 + 16384, List.of(".pad", "0"));
    pad.put("attr", "p");
    var info = Torrents.info(List.of(List.of("a")));
    info.put("files", List.of(Torrents.file(100, List.of("a")), pad));
    info.put("pieces", "x".repeat(40));
    var geometry = MetainfoParser.parse(Torrents.torrent(info)).geometry();
    assertThat(geometry.dataLength(0)).isEqualTo(100);
    assertThat(geometry.dataLength(1)).isEqualTo(16384);
  }

  @Test
  void aLinkOutOfTheTorrentBecomesAnEmptyFile() {
    var link = Torrents.file(0, List.of("l"));
    link.put("attr", "l");
    link.put("symlink path", List.of("..", "..", "etc"));
    var info = Torrents.info(List.of(List.of("a")));
    info.put(
        "files",
        List.of(Torrents.file(100, List.of("a")), link, Torrents.file(5, List.of("l", "x"))));
    var metainfo = MetainfoParser.parse(Torrents.torrent(info));
    assertThat(metainfo.files().files().get(1).symlink()).isNull();
    assertThat(metainfo.files().files().get(1).path()).containsExactly("name", "l.1");
    assertThat(metainfo.files().files().get(2).path()).containsExactly("name", "l", "x");
    assertThat(metainfo.problems()).anyMatch(p -> p.contains("leads to nothing"));
  }

  @Test
  void trackersAreOfAKnownKindNoneTwiceAndFew() {
    var many = IntStream.range(0, 600).mapToObj(i -> List.of("udp://t" + i + ":1")).toList();
    var tiers = new ArrayList<Object>();
    tiers.add(List.of(" http://a/announce\t", "http://a/announce", "file:///etc/passwd", 5));
    tiers.add(List.of("http://bt1.archiv\uff45.org/announce", "http:///none"));
    tiers.add("https://lone/announce");
    tiers.add(7);
    tiers.addAll(many);
    var metainfo = parse(Map.of("announce-list", tiers, "announce", "http://ignored/"));
    assertThat(metainfo.trackers())
        .startsWith(
            List.of("http://a/announce"), List.of("https://lone/announce"), List.of("udp://t0:1"));
    assertThat(metainfo.trackers()).hasSize(Trackers.COUNT_MAX);
    assertThat(metainfo.problems())
        .anyMatch(p -> p.contains("file:///etc/passwd"))
        .anyMatch(p -> p.contains("archiv\\uff45.org"))
        .anyMatch(p -> p.contains("outside of any tier"))
        .anyMatch(p -> p.contains("more than 500 trackers"));
  }

  @Test
  void announceCountsWhereTheListNamesNothingUsable() {
    var metainfo = parse(Map.of("announce-list", List.of(List.of("")), "announce", "udp://b:2"));
    assertThat(metainfo.trackers()).containsExactly(List.of("udp://b:2"));
  }

  @Test
  void webSeedsAreAStringOrAList() {
    assertThat(parse(Map.of("url-list", "http://a/b c")).webSeeds())
        .containsExactly("http://a/b%20c");
    assertThat(parse(Map.of("url-list", List.of("http://a/", "ftp://b/", 1, ""))).webSeeds())
        .containsExactly("http://a/");
    assertThat(parse(Map.of("url-list", 3)).webSeeds()).isEmpty();
  }

  @Test
  void textsOfStrangersAreCleaned() {
    var metainfo = parse(Map.of("comment", "a\u001b[31mb\u202ec\r\nd", "created by", "\0x"));
    assertThat(metainfo.comment()).isEqualTo("a\uFFFD[31mbc  d");
    assertThat(metainfo.createdBy()).isEqualTo("\uFFFDx");
  }

  @Test
  void nodesAreHostsAndPorts() {
    var nodes =
        List.of(
            List.of("router.example", 6881),
            List.of("::1", 1),
            List.of("x", 0),
            List.of("a b", 5),
            List.of("x"),
            5);
    var metainfo = parse(Map.of("nodes", nodes));
    assertThat(metainfo.nodes()).containsExactly("router.example:6881", "[::1]:1");
    assertThat(metainfo.problems()).hasSize(4);
  }

  @Test
  void problemsAreBounded() {
    var list = Collections.nCopies(5000, List.of("gopher://x/"));
    assertThat(parse(Map.of("announce-list", list)).problems()).hasSize(Problems.COUNT_MAX + 1);
  }

  @Test
  void bytesBehindTheEndAreIgnoredInAFileAndRefusedInMetadata() {
    var torrent = Torrents.torrent(Torrents.info());
    var longer = Arrays.copyOf(torrent, torrent.length + 1);
    assertThat(MetainfoParser.parse(longer).problems()).hasSize(1);
    var info = Torrents.bytes(Torrents.info());
    assertThat(MetainfoParser.parseInfo(info).name()).isEqualTo("name");
    assertThatThrownBy(() -> MetainfoParser.parseInfo(Arrays.copyOf(info, info.length + 1)))
        .isInstanceOf(MetainfoException.class);
  }

  @Test
  void fiftyThousandFilesAreParsed() {
    var paths = new ArrayList<List<String>>();
    for (int i = 0; i < 50_000; i++) {
      paths.add(List.of("dir" + i % 100, "file" + i));
    }
    var metainfo = MetainfoParser.parse(Torrents.torrent(Torrents.info(paths)));
    assertThat(metainfo.files().files()).hasSize(50_000);
    assertThat(metainfo.files().fileAt(4_999_999).index()).isEqualTo(49_999);
  }

  private static Metainfo parse(Map<String, Object> fields) {
    var file = new TreeMap<String, Object>(fields);
    file.put("info", Torrents.info());
    return MetainfoParser.parse(Torrents.bytes(file));
  }

  private static void refuseWith(String key, Object value) {
    var info = Torrents.info();
    info.put(key, value);
    refuse(info);
  }

  private static void refuse(Map<String, Object> info) {
    assertThatThrownBy(() -> MetainfoParser.parse(Torrents.torrent(info)))
        .isInstanceOf(MetainfoException.class)
        .message()
        .isNotBlank();
  }
}

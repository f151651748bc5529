package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.spate.core.Corpus;

class CreationTest {

  @ParameterizedTest
  @CsvSource({
    "alice.txt, wtfixtures__alice.torrent",
    "Leaves of Grass by Walt Whitman.epub, wtfixtures__leaves.torrent",
    "numbers, wtfixtures__numbers.torrent",
    "lots-of-numbers, wtfixtures__lots-of-numbers.torrent",
  })
  void payloadsGiveThePieceHashesThatTheirTorrentsHave(String payload, String torrent) {
    var theirs = MetainfoParser.parse(Corpus.read(Corpus.torrents().get(torrent)));
    var ours = parse(payload, TorrentFormat.V1, theirs.geometry().pieceLength());
    assertThat(ours.name()).isEqualTo(theirs.name());
    assertThat(ours.files().files()).isEqualTo(theirs.files().files());
    for (int i = 0; i < theirs.geometry().pieceCount(); i++) {
      assertThat(ours.info().hashes().v1(i)).isEqualTo(theirs.info().hashes().v1(i));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "alice.txt, V1", "alice.txt, V2", "alice.txt, HYBRID",
    "lots-of-numbers, V1", "lots-of-numbers, V2", "lots-of-numbers, HYBRID",
  })
  void whatIsWrittenIsReadWithoutAProblem(String payload, TorrentFormat format) {
    var metainfo = parse(payload, format, 16384);
    assertThat(metainfo.problems()).isEmpty();
    assertThat(metainfo.infoHash().v1() != null).isEqualTo(format.hasV1());
    assertThat(metainfo.infoHash().v2() != null).isEqualTo(format.hasV2());
    for (int i = 0; i < metainfo.geometry().pieceCount(); i++) {
      assertThat(metainfo.info().hashes().v1(i) != null).isEqualTo(format.hasV1());
      assertThat(metainfo.info().hashes().v2(i) != null).isEqualTo(format.hasV2());
    }
    assertThat(metainfo.files().dataLength()).isEqualTo(length(payload));
  }

  @ParameterizedTest
  @EnumSource(TorrentFormat.class)
  void theSameFilesMakeTheSameBytesInAnyOrder(TorrentFormat format) {
    var names = new ArrayList<>(List.of("b", "a/z", "a.txt", "a/b/c", "C", "é", "empty"));
    var random = new Random(7);
    var options = CreationOptions.of("many", false, format).withPieceLength(16384);
    byte[] first = null;
    for (int i = 0; i < 5; i++) {
      Collections.shuffle(names, random);
      var sources = new ArrayList<SourceFile>();
      var contents = new ArrayList<byte[]>();
      for (var name : names) {
        contents.add(Hashing.synthetic(name.equals("empty") ? 0 : 9000 * name.length()));
        sources.add(SourceFile.of(List.of(name.split("/", -1)), contents.getLast().length));
      }
      var torrent = Hashing.torrent(sources, contents, options);
      first = first == null ? torrent : first;
      assertThat(torrent).isEqualTo(first);
    }
    var names2 = MetainfoParser.parse(first).files().files().stream();
    assertThat(names2.filter(f -> !f.isPad()).map(FileEntry::name))
        .containsExactly(
            "many/C", "many/a/b/c", "many/a/z", "many/a.txt", "many/b", "many/empty", "many/é");
  }

  @Test
  void everyFieldThatIsAskedForIsWritten() {
    var options =
        new CreationOptions(
            "name",
            true,
            TorrentFormat.HYBRID,
            32768,
            true,
            "SRC",
            "PEM",
            "a comment",
            "Spate",
            1_700_000_000L,
            List.of(List.of("http://a/x", "udp://b:1"), List.of("wss://c/")),
            List.of("https://d/name"));
    var content = Hashing.synthetic(100_000);
    var torrent =
        Hashing.torrent(
            List.of(new SourceFile(List.of("name"), content.length, true, false, null)),
            List.of(content),
            options);
    var metainfo = MetainfoParser.parse(torrent);
    assertThat(metainfo.problems()).isEmpty();
    assertThat(metainfo.info().rootCertificate()).isEqualTo("PEM");
    assertThat(metainfo.trackers()).isEqualTo(options.trackers());
    assertThat(metainfo.webSeeds()).isEqualTo(options.webSeeds());
    assertThat(metainfo.comment()).isEqualTo("a comment");
    assertThat(metainfo.createdBy()).isEqualTo("Spate");
    assertThat(metainfo.creationDate()).isEqualTo(1_700_000_000L);
    assertThat(metainfo.info().isPrivate()).isTrue();
    assertThat(metainfo.info().isSingleFile()).isTrue();
    assertThat(metainfo.info().source()).isEqualTo("SRC");
    assertThat(metainfo.files().files().getFirst().isExecutable()).isTrue();
    assertThat(metainfo.pieceLayers().byRoot()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(TorrentFormat.class)
  void linksAndAttributesSurvive(TorrentFormat format) {
    var sources =
        List.of(
            new SourceFile(List.of("dir", "hidden"), 5, false, true, null),
            new SourceFile(List.of("link"), 0, false, false, List.of("dir", "hidden")));
    var torrent =
        Hashing.torrent(
            sources, List.of(new byte[5], new byte[0]), CreationOptions.of("t", false, format));
    var metainfo = MetainfoParser.parse(torrent);
    assertThat(metainfo.problems()).isEmpty();
    assertThat(metainfo.files().files().getFirst().isHidden()).isTrue();
    assertThat(metainfo.files().files().getLast().symlink()).containsExactly("t", "dir", "hidden");
  }

  @Test
  void onlyAHybridIsPaddedAndOnlyBetweenFiles() {
    var sources = new ArrayList<SourceFile>();
    for (int length : new int[] {100, 0, 16384, 5}) {
      sources.add(SourceFile.of(List.of("f" + sources.size()), length));
    }
    for (var format : TorrentFormat.values()) {
      var plan = TorrentPlan.of(sources, CreationOptions.of("t", false, format));
      var pads = plan.files().files().stream().filter(FileEntry::isPad).toList();
      if (format == TorrentFormat.HYBRID) {
        assertThat(pads).hasSize(1);
        assertThat(pads.getFirst().path()).containsExactly("t", ".pad", "16284");
        assertThat(plan.sourceIndex(pads.getFirst())).isEqualTo(-1);
      } else {
        assertThat(pads).isEmpty();
      }
      assertThat(plan.geometry().pieceCount()).isEqualTo(format == TorrentFormat.V1 ? 2 : 3);
    }
  }

  @Test
  void piecesAreChosenBySize() {
    assertThat(TorrentPlan.chosenPieceLength(1)).isEqualTo(16384);
    assertThat(TorrentPlan.chosenPieceLength(64L << 20)).isEqualTo(32768);
    assertThat(TorrentPlan.chosenPieceLength(4L << 30)).isEqualTo(2 << 20);
    assertThat(TorrentPlan.chosenPieceLength(4L << 40)).isEqualTo(16 << 20);
  }

  @Test
  void whatMakesNoTorrentIsRefused() {
    var one = List.of(SourceFile.of(List.of("a"), 1));
    refuse(List.of(SourceFile.of(List.of("a"), 0)), options("t"));
    refuse(List.of(), options("t"));
    refuse(List.of(SourceFile.of(List.of(".."), 1)), options("t"));
    refuse(List.of(SourceFile.of(List.of("a", "b/c"), 1)), options("t"));
    refuse(List.of(one.getFirst(), one.getFirst()), options("t"));
    refuse(List.of(one.getFirst(), SourceFile.of(List.of("a", "b"), 1)), options("t"));
    refuse(List.of(SourceFile.of(List.of("a"), -1)), options("t"));
    refuse(List.of(SourceFile.of(List.of("a"), Long.MAX_VALUE)), options("t"));
    refuse(one, options(""));
    refuse(one, options("t").withPieceLength(10_000));
    refuse(one, options("t").withPieceLength(48 << 10));
    refuse(one, options("t").withPieceLength(8192));
    refuse(one, options("t").withPieceLength(-16384));
  }

  private static CreationOptions options(String name) {
    return CreationOptions.of(name, false, TorrentFormat.HYBRID);
  }

  private static void refuse(List<SourceFile> sources, CreationOptions options) {
    assertThatThrownBy(() -> TorrentPlan.of(sources, options))
        .isInstanceOf(MetainfoException.class);
  }

  private static Metainfo parse(String payload, TorrentFormat format, int pieceLength) {
    var root = Corpus.payload().resolve(payload);
    boolean isSingleFile = Files.isRegularFile(root);
    var sources = new ArrayList<SourceFile>();
    var contents = new ArrayList<byte[]>();
    for (var file : filesOf(root)) {
      var path = new ArrayList<String>();
      (isSingleFile ? file.getFileName() : root.relativize(file))
          .forEach(e -> path.add(e.toString()));
      contents.add(Corpus.read(file));
      sources.add(SourceFile.of(path, contents.getLast().length));
    }
    var options = CreationOptions.of(payload, isSingleFile, format).withPieceLength(pieceLength);
    return MetainfoParser.parse(Hashing.torrent(sources, contents, options));
  }

  private static List<Path> filesOf(Path root) {
    try (var files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long length(String payload) {
    return filesOf(Corpus.payload().resolve(payload)).stream()
        .mapToLong(f -> Corpus.read(f).length)
        .sum();
  }
}

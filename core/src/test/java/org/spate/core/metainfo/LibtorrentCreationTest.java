package org.spate.core.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same files made into a torrent by libtorrent and by us: the info dictionaries are equal to
 * the byte, and so are the info-hashes. Skipped where python3-libtorrent is not installed.
 */
class LibtorrentCreationTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final int[] LENGTHS = {1, 16384, 16385, 0, 65536, 200_000, 1_000_003};

  @TempDir Path folder;

  @BeforeAll
  static void libtorrentIsHere() throws Exception {
    assumeTrue(Files.isExecutable(Path.of(PYTHON)));
    assumeTrue(new ProcessBuilder(PYTHON, "-c", "import libtorrent").start().waitFor() == 0);
  }

  @ParameterizedTest
  @EnumSource(TorrentFormat.class)
  void aSingleFileMakesTheSameInfoDictionary(TorrentFormat format) throws Exception {
    for (int length : LENGTHS) {
      if (length > 0) {
        var content = Hashing.synthetic(length);
        Files.write(folder.resolve("single.bin"), content);
        var ours =
            Hashing.torrent(
                List.of(SourceFile.of(List.of("single.bin"), length)),
                List.of(content),
                CreationOptions.of("single.bin", true, format).withPieceLength(32768));
        assertSame(ours, format, 32768, "single.bin", List.of("single.bin"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TorrentFormat.class)
  void aFolderMakesTheSameInfoDictionary(TorrentFormat format) throws Exception {
    var sources = new ArrayList<SourceFile>();
    var contents = new ArrayList<byte[]>();
    var paths = new ArrayList<String>();
    for (int length : LENGTHS) {
      var path = List.of("dir" + sources.size() % 2, "f" + sources.size());
      var content = Hashing.synthetic(length);
      var file = folder.resolve("set").resolve(String.join("/", path));
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      sources.add(SourceFile.of(path, length));
      contents.add(content);
      paths.add("set/" + String.join("/", path));
    }
    paths.sort(null);
    var options = CreationOptions.of("set", false, format).withPieceLength(16384);
    assertSame(Hashing.torrent(sources, contents, options), format, 16384, "set", paths);
  }

  @Test
  void libtorrentReadsOurTorrentsAsWeDo() throws Exception {
    var content = Hashing.synthetic(300_000);
    for (var format : TorrentFormat.values()) {
      var torrent =
          Hashing.torrent(
              List.of(SourceFile.of(List.of("a"), 300_000), SourceFile.of(List.of("b"), 300_000)),
              List.of(content, content),
              CreationOptions.of("pair", false, format).withPieceLength(65536));
      var file = Files.write(folder.resolve(format + ".torrent"), torrent);
      var theirs =
          output(
              PYTHON,
              "-c",
              "import libtorrent as lt, sys; h = lt.torrent_info(sys.argv[1]).info_hashes();"
                  + "print(h.v1 if h.has_v1() else '', h.v2 if h.has_v2() else '')",
              file.toString());
      var hash = MetainfoParser.parse(torrent).infoHash();
      assertThat(new String(theirs, StandardCharsets.US_ASCII).strip())
          .isEqualTo(
              ((hash.v1() == null ? "" : hash.v1()) + " " + (hash.v2() == null ? "" : hash.v2()))
                  .strip());
    }
  }

  private void assertSame(
      byte[] torrent, TorrentFormat format, int pieceLength, String name, List<String> paths)
      throws Exception {
    var command = new ArrayList<String>();
    command.add(PYTHON);
    command.add(script().toString());
    command.add(format.name());
    command.add(Integer.toString(pieceLength));
    command.add(folder.toString());
    command.add(name);
    command.addAll(paths);
    var theirs = output(command.toArray(String[]::new));
    assertThat(MetainfoParser.parse(torrent).info().rawBytes()).isEqualTo(theirs);
  }

  private static Path script() throws Exception {
    return Path.of(LibtorrentCreationTest.class.getResource("/libtorrent_create.py").toURI());
  }

  private static byte[] output(String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return output;
  }
}

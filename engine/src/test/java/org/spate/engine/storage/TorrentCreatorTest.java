package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.core.swarm.PieceSet;
import org.spate.engine.storage.StorageException.Reason;

/** Torrents made of files are parsed, and the files checked against them. */
class TorrentCreatorTest {
  private static final int PIECE = 1 << 16;

  @TempDir Path temporary;

  private static void fill(Path file, int length, int seed) throws IOException {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private Path album() throws IOException {
    var album = temporary.resolve("album");
    fill(album.resolve("b/two"), 3 * PIECE + 17, 1);
    fill(album.resolve("a"), 100, 2);
    fill(album.resolve("c"), 2 * PIECE, 3);
    Files.createFile(album.resolve("empty"));
    Files.createSymbolicLink(album.resolve("link"), Path.of("b/two"));
    return album;
  }

  private static Metainfo create(Path path, TorrentFormat format) {
    var options =
        CreationOptions.of(path.getFileName().toString(), Files.isRegularFile(path), format)
            .withPieceLength(PIECE);
    return MetainfoParser.parse(TorrentCreator.create(path, options, 2, (_, _) -> {}));
  }

  private PieceSet verify(Metainfo metainfo) {
    try (var pool = Executors.newFixedThreadPool(2)) {
      return TorrentVerifier.verify(metainfo.info(), temporary, pool, 2, (_, _) -> {}).join();
    }
  }

  @ParameterizedTest
  @EnumSource(TorrentFormat.class)
  void a_folder_matches_the_torrent_made_of_it(TorrentFormat format) throws IOException {
    var album = album();
    var metainfo = create(album, format);
    assertThat(metainfo.problems()).isEmpty();
    assertThat(metainfo.files().dataLength()).isEqualTo(5L * PIECE + 117);
    assertThat(verify(metainfo).isFull()).isTrue();

    var bytes = Files.readAllBytes(album.resolve("b/two"));
    bytes[PIECE + 5] ^= 1;
    Files.write(album.resolve("b/two"), bytes);
    var good = verify(metainfo);
    assertThat(good.size()).isEqualTo(good.pieceCount() - 1);
    Files.delete(album.resolve("b/two"));
    assertThat(verify(metainfo).size()).isBetween(1, good.size() - 2);
    assertThat(album.resolve("b/two")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(TorrentFormat.class)
  void a_single_file_too(TorrentFormat format) throws IOException {
    fill(temporary.resolve("movie"), 5 * PIECE + 1, 4);
    var metainfo = create(temporary.resolve("movie"), format);
    assertThat(metainfo.info().isSingleFile()).isTrue();
    assertThat(verify(metainfo).isFull()).isTrue();
  }

  @Test
  void the_same_files_make_the_same_bytes_and_progress_ends_at_the_total() throws IOException {
    var album = album();
    var options = CreationOptions.of("album", false, TorrentFormat.HYBRID).withPieceLength(PIECE);
    var last = new AtomicLong();
    var first =
        TorrentCreator.create(
            album, options, 2, (done, _) -> last.accumulateAndGet(done, Math::max));
    assertThat(last).hasValue(5L * PIECE + 117);
    assertThat(TorrentCreator.create(album, options, 1, (_, _) -> {})).isEqualTo(first);
  }

  @Test
  void names_the_file_that_changes_while_it_is_read() throws IOException {
    var file = temporary.resolve("growing");
    fill(file, 3 * PIECE, 5);
    var options = CreationOptions.of("growing", true, TorrentFormat.V1).withPieceLength(PIECE);
    assertThatThrownBy(() -> TorrentCreator.create(file, options, 1, (_, _) -> truncate(file)))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.TRUNCATED);
              assertThat(e.file()).contains("growing");
            });
  }

  private static void truncate(Path file) {
    try {
      Files.write(file, new byte[PIECE]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

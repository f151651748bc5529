package org.spate.app.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.engine.storage.TorrentCreator;

/** Patterns and the files that they choose. */
class FileSelectionTest {
  private static final List<String> FILES =
      List.of("a.mkv", "a.txt", "extras/b.mkv", "extras/deep/c[1].mkv", "extras/deep/d.txt");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*.mkv | a.mkv extras/b.mkv extras/deep/c[1].mkv",
        "?.txt | a.txt extras/deep/d.txt",
        "a.* | a.mkv a.txt",
        "extras | extras/b.mkv extras/deep/c[1].mkv extras/deep/d.txt",
        "deep/ | extras/deep/c[1].mkv extras/deep/d.txt",
        "extras/* | extras/b.mkv extras/deep/c[1].mkv extras/deep/d.txt",
        "extras/*.mkv | extras/b.mkv",
        "extras/**.mkv | extras/b.mkv extras/deep/c[1].mkv",
        "show/a.mkv | a.mkv",
        "c[1].mkv | extras/deep/c[1].mkv",
        "** | a.mkv a.txt extras/b.mkv extras/deep/c[1].mkv extras/deep/d.txt",
        "A.mkv | ''",
        "nothing | ''",
      })
  void a_pattern_chooses_files_and_folders(String glob, String expected) throws IOException {
    assertThat(String.join(" ", chosen(TorrentFormat.V1, glob))).isEqualTo(expected);
    assertThat(String.join(" ", chosen(TorrentFormat.HYBRID, glob))).isEqualTo(expected);
  }

  @Test
  void several_patterns_add_up_and_none_is_all() throws IOException {
    assertThat(chosen(TorrentFormat.V1, "a.mkv", "d.txt"))
        .containsExactly("a.mkv", "extras/deep/d.txt");
    assertThat(chosen(TorrentFormat.V1)).isEqualTo(FILES);
  }

  @Test
  void the_only_file_is_known_by_its_name() throws IOException {
    var file = Files.write(folder.resolve("one.iso"), new byte[] {1});
    var info = info(file, TorrentFormat.V1);
    assertThat(priorities(info, "*.iso")).containsExactly(1);
    assertThat(priorities(info, "two.iso")).containsExactly(0);
    assertThat(FileSelection.isAnyWanted(priorities(info, "two.iso"))).isFalse();
  }

  private List<String> chosen(TorrentFormat format, String... globs) throws IOException {
    for (String name : FILES) {
      var file = folder.resolve("show").resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[] {1});
    }
    var info = info(folder.resolve("show"), format);
    var priorities = priorities(info, globs);
    var chosen = new ArrayList<String>();
    for (var file : info.files().files()) {
      if (!file.isPad() && priorities[file.index()] > 0) {
        chosen.add(file.name().substring("show/".length()));
      }
    }
    return chosen;
  }

  private static byte[] priorities(InfoDictionary info, String... globs) {
    return new FileSelection(List.of(globs)).priorities(info);
  }

  private static InfoDictionary info(Path path, TorrentFormat format) {
    var options =
        CreationOptions.of(path.getFileName().toString(), Files.isRegularFile(path), format);
    return MetainfoParser.parse(TorrentCreator.create(path, options, 1, (_, _) -> {})).info();
  }
}

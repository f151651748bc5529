package org.spate.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whose test data we keep a copy of, and under which licence. */
class LicencesTest {
  private static final Path RESOURCES = Corpus.payload().getParent().getParent();

  @Test
  void theLicenceOfEveryCopiedFileIsStated() throws IOException {
    var readme =
        new String(Corpus.read(RESOURCES.resolve("corpus/README.md")), StandardCharsets.UTF_8);
    var origins = new TreeSet<String>();
    try (var files = Files.walk(RESOURCES)) {
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.contains("__"))
          .forEach(name -> origins.add(name.substring(0, name.indexOf("__") + 2)));
    }
    assertThat(origins).isNotEmpty().allMatch(origin -> readme.contains("| `" + origin + "`"));
    assertThat(origins).doesNotContain("transmission__", "aria2__", "deluge__");
  }
}

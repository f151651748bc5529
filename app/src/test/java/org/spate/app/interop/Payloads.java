package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Files to spread, made from a seed. */
final class Payloads {
  private Payloads() {}

  /** One file. */
  static Path file(Path folder, String name, int bytes) {
    return write(folder.resolve(name), bytes);
  }

  /**
   * A folder with files whose ends are nowhere near piece borders, one empty, one in a subfolder.
   */
  static Path folder(Path parent, String name, int bytes) {
    var folder = parent.resolve(name);
    write(folder.resolve("a first.bin"), bytes / 2 + 1);
    write(folder.resolve("deeper/b-\u00e9t\u00e9.bin"), bytes / 3);
    write(folder.resolve("deeper/empty"), 0);
    write(folder.resolve("z.txt"), 777);
    return folder;
  }

  private static Path write(Path path, int bytes) {
    try {
      Files.createDirectories(path.getParent());
      var content = new byte[bytes];
      new Random(path.getFileName().toString().hashCode()).nextBytes(content);
      return Files.write(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Asserts that a copy holds the same files with the same bytes, whatever else lies beside them.
   */
  static void assertSame(Path original, Path copy) {
    assertThat(contents(copy)).containsAllEntriesOf(contents(original));
  }

  private static Map<String, Integer> contents(Path root) {
    var contents = new TreeMap<String, Integer>();
    try (var paths = Files.walk(root)) {
      for (var path : paths.filter(Files::isRegularFile).toList()) {
        contents.put(
            root.relativize(path).toString(), java.util.Arrays.hashCode(Files.readAllBytes(path)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }
}

package org.spate.tracker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A text file that means something, and whether it has changed since it was read. */
final class WatchedFile<T> {
  /** A longer file is an error: a million and a half info-hashes fit. */
  private static final long BYTES_MAX = 64L << 20;

  private record Version(FileTime modified, long size, @Nullable Object key) {}

  private final Path path;
  private final Function<String, T> meaning;
  private @Nullable Version version;

  /** The {@code meaning} throws {@link IllegalArgumentException} if the text has none. */
  WatchedFile(Path path, Function<String, T> meaning) {
    this.path = path;
    this.meaning = meaning;
  }

  Path path() {
    return path;
  }

  /**
   * What the file says, or null if it is as it was when last read.
   *
   * @throws IOException if it cannot be read, or not understood; then it is tried again the next
   *     time
   */
  @Nullable T readIfChanged() throws IOException {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      var current =
          new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
      if (current.equals(version)) {
        return null;
      }
      if (current.size > BYTES_MAX) {
        throw new IOException("larger than " + BYTES_MAX + " bytes");
      }
      var said = meaning.apply(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
      version = current;
      return said;
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }
}

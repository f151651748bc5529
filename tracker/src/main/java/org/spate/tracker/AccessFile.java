package org.spate.tracker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.Access;
import org.spate.core.tracker.InfoHashList;

/** A file of info-hashes to allow or to deny, and whether it has changed since it was read. */
final class AccessFile {
  private static final Logger LOG = LoggerFactory.getLogger(AccessFile.class);

  /** A longer file is an error: a million and a half lines fit. */
  private static final long BYTES_MAX = 64L << 20;

  private record Version(FileTime modified, long size, @Nullable Object key) {}

  private final Path path;
  private final boolean allows;
  private @Nullable Version version;

  private AccessFile(Path path, boolean allows) {
    this.path = path;
    this.allows = allows;
  }

  /** The list that the settings name, or null if they name none. */
  static @Nullable AccessFile of(TrackerSettings settings) {
    if (settings.allow() != null) {
      return new AccessFile(settings.allow(), true);
    }
    return settings.deny() == null ? null : new AccessFile(settings.deny(), false);
  }

  Path path() {
    return path;
  }

  /**
   * What the file says, or null if it is as it was when last read.
   *
   * @throws IOException if it cannot be read; then it is tried again the next time
   */
  @Nullable Access readIfChanged() throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    var current =
        new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    if (current.equals(version)) {
      return null;
    }
    if (current.size > BYTES_MAX) {
      throw new IOException("larger than " + BYTES_MAX + " bytes");
    }
    var list = InfoHashList.parse(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
    version = current;
    LOG.info(
        "{}: {} info-hashes, {} lines not understood",
        path,
        list.size(),
        list.malformedLineCount());
    return allows ? Access.allowing(list) : Access.denying(list);
  }
}

package org.spate.engine.storage;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What tells a file that nobody touched from one that somebody did.
 *
 * @param length its bytes
 * @param modifiedNanos when it was last written, since 1970
 * @param key its identity on the disk, or null where that is unknown
 */
record FileStamp(long length, long modifiedNanos, @Nullable Object key) {

  static FileStamp of(BasicFileAttributes attributes) {
    return new FileStamp(
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        attributes.fileKey());
  }

  boolean isSameFile(FileStamp other) {
    return key == null || other.key == null || key.equals(other.key);
  }

  boolean isUntouchedSince(FileStamp other) {
    return length == other.length && modifiedNanos == other.modifiedNanos;
  }
}

package org.spate.tracker;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Replaces a file as a whole: written beside the old one, forced to the disk and then renamed, so
 * that at any moment one of the two is there and complete.
 */
final class CompleteFile {
  private static final int BUFFER_BYTES = 1 << 16;

  /** What is in it. */
  interface Content {
    void write(OutputStream out) throws IOException;
  }

  private CompleteFile() {}

  static void write(Path file, Content content) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".new");
    try (var channel =
            FileChannel.open(
                next,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        var out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)) {
      keepPermissions(file, next);
      content.write(out);
      out.flush();
      channel.force(true);
    }
    rename(next, file);
  }

  /** What others may not read stays so, and a new file is the owner's alone. */
  private static void keepPermissions(Path file, Path next) throws IOException {
    var to = Files.getFileAttributeView(next, PosixFileAttributeView.class);
    if (to != null) {
      to.setPermissions(
          Files.exists(file)
              ? Files.getPosixFilePermissions(file)
              : PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

package org.spate.app.demo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SplittableRandom;
import org.spate.app.console.ByteSize;

/** A temporary folder with everything that the demonstration writes; closing deletes it. */
final class DemoFolder implements AutoCloseable {
  private static final int WRITE_BYTES = 1 << 20;
  private static final long SEED = 20_260_407; // the same bytes every time

  private final Path root;

  private DemoFolder(Path root) {
    this.root = root;
  }

  static DemoFolder make() throws IOException {
    return new DemoFolder(Files.createTempDirectory("spate-demo"));
  }

  Path folder(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  /** Refuses to begin what the disk has no room for. */
  void requireSpace(long bytes) throws IOException {
    long free = Files.getFileStore(root).getUsableSpace();
    if (free < bytes) {
      throw new DemoException(
          "the copies need "
              + ByteSize.show(bytes)
              + ", there are "
              + ByteSize.show(free)
              + " free in "
              + root.getParent());
    }
  }

  /** A file of noise, which nothing can make smaller. */
  static void writeNoise(Path file, long length) throws IOException {
    var noise = new SplittableRandom(SEED);
    var bytes = new byte[WRITE_BYTES];
    try (var out = new BufferedOutputStream(Files.newOutputStream(file), WRITE_BYTES)) {
      for (long left = length; left > 0; left -= WRITE_BYTES) {
        noise.nextBytes(bytes);
        out.write(bytes, 0, (int) Math.min(left, WRITE_BYTES));
      }
    }
  }

  @Override
  public void close() {
    try {
      Files.walkFileTree(root, new Deletion());
    } catch (IOException e) {
      throw new UncheckedIOException("not all of " + root + " could be deleted", e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}

package org.spate.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.filter.IpFilterReader;
import org.spate.engine.net.Network;

/** A list of unwanted addresses on disk, read again when it changes. */
final class FilterFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FilterFile.class);

  /** A longer file is an error: four million lines fit. */
  private static final long BYTES_MAX = 256L << 20;

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private record Version(FileTime modified, long size, @Nullable Object key) {}

  private final Path path;
  private final Network network;
  private final Thread watcher;
  private @Nullable Version version;

  private FilterFile(Path path, Network network) throws IOException {
    this.path = path;
    this.network = network;
    readIfChanged();
    watcher = Thread.ofVirtual().name("spate-filter").start(this::watch);
  }

  /**
   * Reads it and keeps looking at it; null if there is none.
   *
   * @throws TorrentException STORAGE if it cannot be read now; later it stays as it was
   */
  static @Nullable FilterFile of(@Nullable Path path, Network network) {
    try {
      return path == null ? null : new FilterFile(path, network);
    } catch (IOException | IllegalArgumentException e) {
      throw new TorrentException(
          TorrentException.Reason.STORAGE, path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private void watch() {
    String lastProblem = "";
    while (true) {
      try {
        Thread.sleep(LOOK_AGAIN);
        readIfChanged();
        lastProblem = "";
      } catch (IOException | IllegalArgumentException e) {
        var problem = String.valueOf(e.getMessage());
        if (!problem.equals(lastProblem)) {
          LOG.warn("{}: cannot be read, the list stays as it was: {}", path, problem);
        }
        lastProblem = problem;
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void readIfChanged() throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    var current =
        new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    if (!current.equals(version)) {
      version = current;
      if (current.size > BYTES_MAX) {
        throw new IOException("larger than " + BYTES_MAX + " bytes");
      }
      var filter = IpFilterReader.read(Files.readAllBytes(path));
      network.filter(filter);
      LOG.info(
          "{}: {} ranges, {} lines not understood",
          path,
          filter.size(),
          filter.malformedLineCount());
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}

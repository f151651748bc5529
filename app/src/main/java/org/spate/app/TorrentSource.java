package org.spate.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.spate.core.metainfo.MagnetLink;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoException;
import org.spate.core.metainfo.MetainfoParser;

/** A torrent named on the command line: by its file, or by a magnet link. */
final class TorrentSource {
  private static final String MAGNET = "magnet:";

  private TorrentSource() {}

  static boolean isMagnet(String source) {
    return source.regionMatches(true, 0, MAGNET, 0, MAGNET.length());
  }

  /** Parses a magnet link; throws {@link BadInputException} with a message for the user. */
  static MagnetLink magnet(String link) {
    try {
      return MagnetLink.parse(link);
    } catch (MetainfoException e) {
      throw new BadInputException("the magnet link is refused: " + e.getMessage(), e);
    }
  }

  /**
   * Reads and checks a {@code .torrent}; throws {@link BadInputException} with a message for the
   * user.
   */
  static Metainfo torrent(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new BadInputException(file + ": is a folder, not a torrent");
      }
      // One byte more than allowed is enough to be refused, whatever the file system says of it.
      try (var in = Files.newInputStream(file)) {
        return MetainfoParser.parse(in.readNBytes(MetainfoParser.LENGTH_MAX + 1));
      }
    } catch (MetainfoException e) {
      throw new BadInputException(file + ": refused: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new BadInputException(Problems.describe(e), e);
    }
  }

  /** The same for what a person has typed, who may hope that URLs are fetched. */
  static Metainfo torrent(String source) {
    if (source.contains("://")) {
      throw new BadInputException(
          source + ": torrents are not fetched from URLs: download the file, then name it here");
    }
    return torrent(Path.of(source));
  }
}

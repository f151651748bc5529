package org.spate.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoException;
import org.spate.core.metainfo.MetainfoParser;

/**
 * What peers have told of torrents that came by magnet links, kept so that it need not be fetched
 * again: the form is that of a {@code .torrent} file, under the name of each info-hash.
 */
public final class SavedMetadata {
  private final Path folder;

  SavedMetadata(Path folder) {
    this.folder = folder;
  }

  /** What is saved of a torrent, or null. What is not sound, or of another torrent, is nothing. */
  public @Nullable Metainfo load(InfoHash infoHash) {
    try {
      var path = files(infoHash).getFirst();
      if (Files.size(path) > MetainfoParser.LENGTH_MAX) {
        return null;
      }
      var metainfo = MetainfoParser.parse(Files.readAllBytes(path));
      return isOf(metainfo.infoHash(), infoHash) ? metainfo : null;
    } catch (NoSuchFileException | MetainfoException e) {
      return null;
    } catch (IOException e) {
      throw StorageException.of(folder.toString(), e);
    }
  }

  /** Whether every hash that was named is one that there is. */
  private static boolean isOf(InfoHash whole, InfoHash named) {
    return (named.v1() == null || named.v1().equals(whole.v1()))
        && (named.v2() == null || named.v2().equals(whole.v2()));
  }

  /** Saves what is known; returns when it is on the disk. */
  public void save(Metainfo metainfo) {
    var bytes = metainfo.bareFile();
    for (var path : files(metainfo.infoHash())) {
      try {
        write(path, bytes);
      } catch (IOException e) {
        throw StorageException.of(path.toString(), e);
      }
    }
  }

  private void write(Path path, byte[] bytes) throws IOException {
    var fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel out = StateFolder.createPrivate(fresh, StandardOpenOption.CREATE_NEW)) {
      for (var rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
        out.write(rest);
      }
      out.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    TargetFolder.forceFolder(folder);
  }

  /** Deletes what is saved of a torrent. */
  public void forget(InfoHash infoHash) {
    for (var path : files(infoHash)) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw StorageException.of(path.toString(), e);
      }
    }
  }

  /** One file for each hash: a link may name either. */
  private List<Path> files(InfoHash infoHash) {
    var files = new ArrayList<Path>();
    if (infoHash.v1() != null) {
      files.add(folder.resolve(infoHash.v1() + ".metadata"));
    }
    if (infoHash.v2() != null) {
      files.add(folder.resolve(infoHash.v2() + ".metadata"));
    }
    return files;
  }
}

package org.spate.engine.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.InfoHash;
import org.spate.engine.storage.StorageException.Reason;

/**
 * The folder that keeps the resume data of torrents, readable by its owner alone. One lock file
 * keeps others out (threat 78): a daemon has all of it, programs that run beside each other lock
 * one byte for each torrent, far from each other's by its info-hash.
 */
public final class StateFolder implements AutoCloseable {
  // A process loses its locks on a file when it closes any channel to it, so open it just once.
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private static final String LOCK_NAME = "lock";

  private final Path folder;
  private final FileChannel lockFile;
  private final boolean exclusive;
  private final Set<InfoHash> inUse = new HashSet<>();

  private StateFolder(Path folder, FileChannel lockFile, boolean exclusive) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.exclusive = exclusive;
  }

  /**
   * Opens a folder, which is made if it is not there.
   *
   * @param exclusive whether no other process may use any of it
   * @throws StorageException LOCKED if another process, or another session of this one, has it
   */
  public static StateFolder open(Path path, boolean exclusive) {
    try {
      var folder = makeFolder(path);
      if (!OPEN_HERE.add(folder)) {
        throw new StorageException(Reason.LOCKED, path.toString());
      }
      try {
        return new StateFolder(folder, lock(folder, exclusive), exclusive);
      } catch (IOException | RuntimeException e) {
        OPEN_HERE.remove(folder);
        throw e;
      }
    } catch (IOException e) {
      throw StorageException.of(path.toString(), e);
    }
  }

  private static Path makeFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path.toAbsolutePath(), ownerOnly(path, "rwx------"));
    }
    return path.toRealPath();
  }

  private static FileChannel lock(Path folder, boolean exclusive) throws IOException {
    var channel =
        FileChannel.open(
            folder.resolve(LOCK_NAME),
            Set.of(
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                LinkOption.NOFOLLOW_LINKS),
            ownerOnly(folder, "rw-------"));
    if (tryLock(channel, 0, !exclusive) == null) {
      channel.close();
      throw new StorageException(Reason.LOCKED, folder.toString());
    }
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel, long position, boolean shared)
      throws IOException {
    try {
      return channel.tryLock(position, 1, shared);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Opens a new private file; never one that somebody put there. */
  static FileChannel createPrivate(Path path, OpenOption... options) throws IOException {
    var all = new HashSet<OpenOption>(Set.of(options));
    all.add(StandardOpenOption.READ);
    all.add(StandardOpenOption.WRITE);
    all.add(LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(path, all, ownerOnly(path, "rw-------"));
  }

  public Path path() {
    return folder;
  }

  /** What the DHT begins with. */
  public SavedDht dht() {
    return new SavedDht(folder);
  }

  /** What was fetched from peers instead of read from {@code .torrent} files. */
  public SavedMetadata metadata() {
    return new SavedMetadata(folder);
  }

  /**
   * The state of one torrent, which is this session's alone until it is closed.
   *
   * @throws StorageException LOCKED if another process has it
   */
  synchronized TorrentState torrent(InfoDictionary info, DiskFile.Layer layer) {
    var infoHash = info.infoHash();
    if (!inUse.add(infoHash)) {
      throw new StorageException(Reason.LOCKED, infoHash.toString());
    }
    try {
      var lock = exclusive ? null : tryLock(lockFile, lockPosition(infoHash), false);
      if (!exclusive && lock == null) {
        throw new StorageException(Reason.LOCKED, infoHash.toString());
      }
      return new TorrentState(folder, info, layer, () -> unlock(infoHash, lock));
    } catch (IOException e) {
      inUse.remove(infoHash);
      throw StorageException.of(folder.toString(), e);
    } catch (RuntimeException e) {
      inUse.remove(infoHash);
      throw e;
    }
  }

  private static long lockPosition(InfoHash infoHash) {
    return 1 + (infoHash.primary().high() >>> 2);
  }

  private synchronized void unlock(InfoHash infoHash, @Nullable FileLock lock) {
    inUse.remove(infoHash);
    try {
      if (lock != null) {
        lock.release();
      }
    } catch (IOException _) {
      // It ends with the channel at the latest.
    }
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException _) {
      // Locks end with the process at the latest.
    }
    OPEN_HERE.remove(folder);
  }
}

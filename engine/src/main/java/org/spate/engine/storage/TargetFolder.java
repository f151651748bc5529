package org.spate.engine.storage;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spate.engine.storage.StorageException.Reason;

/**
 * The folder that a torrent may write into, and the only place that opens its files. Every step of
 * a path is taken without following links, below an open directory where the platform can (Linux,
 * macOS), so that a link planted in the folder leads nowhere (threats 6 and 7).
 */
final class TargetFolder {
  private static final LinkOption NOFOLLOW = LinkOption.NOFOLLOW_LINKS;

  private final Path folder;
  private @Nullable Path root;
  private @Nullable Object rootKey;
  private long firstDevice;

  TargetFolder(Path folder) {
    this.folder = folder;
  }

  /** Finds the folder, and makes it if it is not there and {@code create} says so. */
  synchronized void prepare(boolean create) {
    try {
      if (create) {
        Files.createDirectories(folder);
      }
      var real = folder.toRealPath();
      var attributes = Files.readAttributes(real, BasicFileAttributes.class);
      if (!attributes.isDirectory()) {
        throw new StorageException(Reason.UNSAFE, folder.toString());
      }
      if (root == null) {
        firstDevice = device(real);
      }
      root = real;
      rootKey = attributes.fileKey();
    } catch (NoSuchFileException e) {
      throw new StorageException(Reason.FOLDER_GONE, folder.toString(), e);
    } catch (FileAlreadyExistsException e) {
      throw new StorageException(Reason.UNSAFE, folder.toString(), e);
    } catch (IOException e) {
      throw StorageException.of(folder.toString(), e);
    }
  }

  String name() {
    return folder.toString();
  }

  /** The number of the device that the folder is on, or 0 where there are none. */
  long device() {
    return device(root());
  }

  private static long device(Path path) {
    try {
      return Files.getAttribute(path, "unix:dev") instanceof Number device ? device.longValue() : 0;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return 0;
    }
  }

  /** Whether it is on another device than when it was first found. */
  synchronized boolean isElsewhere() {
    return device() != firstDevice;
  }

  /** Whether the folder itself is no longer there. */
  boolean isGone() {
    return !Files.isDirectory(root());
  }

  private synchronized Path root() {
    return Objects.requireNonNull(root, "prepare comes first");
  }

  /**
   * Opens an existing plain file.
   *
   * @throws StorageException DELETED, UNSAFE, PERMISSION, FAULT
   */
  FileChannel open(List<String> path, boolean writable) {
    return open(
        path,
        writable
            ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, NOFOLLOW)
            : Set.of(StandardOpenOption.READ, NOFOLLOW));
  }

  /** Opens a plain file for writing; makes it, and the folders it is in, if they are not there. */
  FileChannel create(List<String> path) {
    makeFolders(path);
    return open(
        path,
        Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            NOFOLLOW));
  }

  private FileChannel open(List<String> path, Set<OpenOption> options) {
    return within(
        path,
        (directory, name) -> {
          refuseOddFiles(directory, name, path);
          var channel = directory.newByteChannel(name, options);
          if (channel instanceof FileChannel file) {
            return file;
          }
          channel.close();
          throw new StorageException(Reason.UNSAFE, show(path));
        },
        real -> {
          stamp(path);
          return FileChannel.open(real, options);
        });
  }

  /** Opening a pipe would block, and a device is nobody's download. */
  private static void refuseOddFiles(
      SecureDirectoryStream<Path> directory, Path name, List<String> path) throws IOException {
    try {
      if (!attributes(directory, name).isRegularFile()) {
        throw new StorageException(Reason.UNSAFE, show(path));
      }
    } catch (NoSuchFileException _) {
      // The options of the open say whether it may be made.
    }
  }

  /**
   * What is at a path now, or null if nothing is.
   *
   * @throws StorageException UNSAFE if it is not a plain file, or not below plain folders
   */
  @Nullable FileStamp stamp(List<String> path) {
    try {
      var at = root();
      for (int i = 0; i < path.size() - 1; i++) {
        at = at.resolve(path.get(i));
        if (!Files.readAttributes(at, BasicFileAttributes.class, NOFOLLOW).isDirectory()) {
          throw new StorageException(Reason.UNSAFE, show(path));
        }
      }
      var file = at.resolve(path.getLast());
      var attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW);
      if (!attributes.isRegularFile()) {
        throw new StorageException(Reason.UNSAFE, show(path));
      }
      return FileStamp.of(attributes);
    } catch (NoSuchFileException _) {
      return null;
    } catch (InvalidPathException e) {
      throw new StorageException(Reason.UNSAFE, show(path), e);
    } catch (IOException e) {
      throw StorageException.of(show(path), e);
    }
  }

  /**
   * Whether there is a plain file, in plain folders. Windows may take a colon for something else.
   */
  boolean hasFile(List<String> path) {
    try {
      return File.separatorChar == '/' && stamp(path) != null;
    } catch (StorageException _) {
      return false;
    }
  }

  /** Makes the folders that a file is in; none is made if the target folder itself has vanished. */
  private void makeFolders(List<String> path) {
    var at = root();
    try {
      if (!Objects.equals(
          Files.readAttributes(at, BasicFileAttributes.class).fileKey(), rootKey())) {
        throw new StorageException(Reason.FOLDER_GONE, folder.toString());
      }
    } catch (IOException e) {
      throw new StorageException(Reason.FOLDER_GONE, folder.toString(), e);
    }
    try {
      for (var name : path.subList(0, path.size() - 1)) {
        at = at.resolve(name);
        makeFolder(at, path);
      }
    } catch (InvalidPathException e) {
      throw new StorageException(Reason.UNSAFE, show(path), e);
    } catch (IOException e) {
      throw StorageException.of(show(path), e);
    }
  }

  private static void makeFolder(Path at, List<String> path) throws IOException {
    try {
      Files.createDirectory(at);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(at, NOFOLLOW)) {
        throw new StorageException(Reason.UNSAFE, show(path), e);
      }
    }
  }

  private synchronized @Nullable Object rootKey() {
    return rootKey;
  }

  /** Deletes a file if it is there; links are removed, never followed. */
  void delete(List<String> path) {
    try {
      within(
          path,
          (directory, name) -> {
            directory.deleteFile(name);
            return path;
          },
          real -> {
            Files.deleteIfExists(real);
            return path;
          });
    } catch (StorageException e) {
      if (e.reason() != Reason.DELETED) {
        throw e;
      }
    }
  }

  /** Deletes a folder of the torrent if it is empty. */
  void deleteFolder(List<String> path) {
    try {
      var at = resolve(path);
      if (Files.isDirectory(at, NOFOLLOW)) {
        Files.delete(at);
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException _) {
      // What is left in it is not ours.
    } catch (IOException e) {
      throw StorageException.of(show(path), e);
    }
  }

  /** Gives execute permission to whoever may read (BEP 47 attribute {@code x}). */
  void makeExecutable(List<String> path) {
    within(
        path,
        (directory, name) -> {
          var view = directory.getFileAttributeView(name, PosixFileAttributeView.class, NOFOLLOW);
          if (view != null) {
            var permissions = new HashSet<>(view.readAttributes().permissions());
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            if (permissions.contains(PosixFilePermission.GROUP_READ)) {
              permissions.add(PosixFilePermission.GROUP_EXECUTE);
            }
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
              permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            }
            view.setPermissions(permissions);
          }
          return path;
        },
        real -> path);
  }

  /** Makes a link to another path of the torrent, unless something is there already. */
  void link(List<String> path, List<String> target) {
    makeFolders(path);
    var at = resolve(path);
    var parent = Objects.requireNonNull(at.getParent());
    try {
      Files.createSymbolicLink(at, parent.relativize(resolve(target)));
    } catch (FileAlreadyExistsException _) {
      // Somebody's file is never replaced by a link.
    } catch (UnsupportedOperationException _) {
      // A platform without links does without them.
    } catch (IOException e) {
      throw StorageException.of(show(path), e);
    }
  }

  /** Returns when the names on the way to a file are on the disk. */
  void forceFolders(List<String> path) {
    for (int depth = path.size() - 1; depth >= 0; depth--) {
      forceFolder(resolve(path.subList(0, depth)));
    }
  }

  static void forceFolder(Path folder) {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException _) {
      // Folders can not be opened everywhere; where they can not, rename is all there is.
    }
  }

  /** What a file is called in messages. */
  static String show(List<String> path) {
    return String.join("/", path);
  }

  private Path resolve(List<String> path) {
    var at = root();
    try {
      for (var name : path) {
        at = at.resolve(name);
      }
      return at;
    } catch (InvalidPathException e) {
      throw new StorageException(Reason.UNSAFE, show(path), e);
    }
  }

  private interface BelowDirectory<T> {
    T apply(SecureDirectoryStream<Path> directory, Path name) throws IOException;
  }

  private interface ByPath<T> {
    T apply(Path real) throws IOException;
  }

  private <T> T within(List<String> path, BelowDirectory<T> below, ByPath<T> otherwise) {
    try (var top = Files.newDirectoryStream(root())) {
      if (top instanceof SecureDirectoryStream<Path> secure) {
        return descend(secure, path, 0, below);
      }
      return otherwise.apply(resolve(path));
    } catch (NotDirectoryException | InvalidPathException e) {
      throw new StorageException(Reason.UNSAFE, show(path), e);
    } catch (IOException e) {
      throw isLink(path) ? new StorageException(Reason.UNSAFE, show(path), e) : failure(path, e);
    }
  }

  private StorageException failure(List<String> path, IOException cause) {
    return Files.isDirectory(root())
        ? StorageException.of(show(path), cause)
        : new StorageException(Reason.FOLDER_GONE, folder.toString(), cause);
  }

  /** Whether a path or a folder on the way to it is a symbolic link. */
  boolean isLink(List<String> path) {
    var at = root();
    for (var name : path) {
      at = at.resolve(name);
      if (Files.isSymbolicLink(at)) {
        return true;
      }
    }
    return false;
  }

  private static <T> T descend(
      SecureDirectoryStream<Path> directory, List<String> path, int depth, BelowDirectory<T> action)
      throws IOException {
    var name = Path.of(path.get(depth));
    if (depth == path.size() - 1) {
      return action.apply(directory, name);
    }
    try (var below = directory.newDirectoryStream(name, NOFOLLOW)) {
      return descend(below, path, depth + 1, action);
    }
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    return directory
        .getFileAttributeView(name, BasicFileAttributeView.class, NOFOLLOW)
        .readAttributes();
  }
}

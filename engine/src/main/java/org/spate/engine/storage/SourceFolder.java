package org.spate.engine.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.spate.core.metainfo.SourceFile;
import org.spate.engine.storage.StorageException.Reason;

/**
 * The files that a torrent is made of: a file, or everything in a folder. Links within the folder
 * stay links (BEP 47); a link to a file elsewhere stands for that file; anything else is refused.
 */
final class SourceFolder {
  private final Path root;
  private final boolean isSingleFile;
  private final List<SourceFile> files = new ArrayList<>();
  private final List<Path> paths = new ArrayList<>();
  private final List<FileStamp> stamps = new ArrayList<>();

  private SourceFolder(Path root, boolean isSingleFile) {
    this.root = root;
    this.isSingleFile = isSingleFile;
  }

  /**
   * Looks at what is there.
   *
   * @throws StorageException if it is not there, cannot be read or is no file
   */
  static SourceFolder scan(Path path) {
    try {
      var root = path.toRealPath();
      var source = new SourceFolder(root, !Files.isDirectory(root));
      if (source.isSingleFile) {
        source.addFile(root);
      } else {
        Files.walkFileTree(root, source.new Visitor());
      }
      return source;
    } catch (IOException e) {
      throw StorageException.of(path.toString(), e);
    }
  }

  boolean isSingleFile() {
    return isSingleFile;
  }

  List<SourceFile> files() {
    return files;
  }

  /** Where the file of an index is. */
  Path path(int index) {
    return paths.get(index);
  }

  /** Makes sure that nothing changed since the scan. */
  void refuseChanges() {
    for (int i = 0; i < paths.size(); i++) {
      if (files.get(i).linkTarget() == null) {
        refuseChange(paths.get(i), stamps.get(i));
      }
    }
  }

  private static void refuseChange(Path path, FileStamp before) {
    try {
      var now = FileStamp.of(Files.readAttributes(path, BasicFileAttributes.class));
      if (!now.isUntouchedSince(before)) {
        throw new StorageException(Reason.CHANGED, path.toString());
      }
    } catch (IOException e) {
      throw StorageException.of(path.toString(), e);
    }
  }

  private void addFile(Path path) throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new StorageException(Reason.UNSAFE, path.toString());
    }
    var stamp = FileStamp.of(attributes);
    add(path, new SourceFile(names(path), stamp.length(), Files.isExecutable(path), false, null));
    stamps.set(stamps.size() - 1, stamp);
  }

  private void addLink(Path path) throws IOException {
    var target = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
    if (target.startsWith(root) && !target.equals(root)) {
      add(path, new SourceFile(names(path), 0, false, false, names(target)));
    } else {
      addFile(path);
    }
  }

  private void add(Path path, SourceFile file) {
    files.add(file);
    paths.add(path);
    stamps.add(new FileStamp(0, 0, null));
  }

  private List<String> names(Path path) {
    if (isSingleFile) {
      return List.of(String.valueOf(path.getFileName()));
    }
    var names = new ArrayList<String>();
    root.relativize(path).forEach(name -> names.add(name.toString()));
    return names;
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      if (Files.isSymbolicLink(path)) {
        addLink(path);
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        addFile(path);
      } else {
        throw new StorageException(Reason.UNSAFE, path.toString());
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) {
      throw StorageException.of(path.toString(), failure);
    }
  }
}

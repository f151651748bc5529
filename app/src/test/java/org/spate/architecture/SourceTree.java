package org.spate.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The project's own files, without what builds and tools leave behind. */
final class SourceTree {
  private static final Set<String> SKIPPED =
      Set.of("target", "node_modules", ".git", ".idea", ".vscode", ".settings", "results");

  private final Path root;

  private SourceTree(Path root) {
    this.root = root;
  }

  /** The tree that the tests run in: the nearest folder above that holds {@code .editorconfig}. */
  static SourceTree here() {
    var folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve(".editorconfig"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("the tests run outside of the project");
    }
    return new SourceTree(folder);
  }

  static SourceTree at(Path root) {
    return new SourceTree(root);
  }

  /** Every file, as a path from the root. */
  List<Path> files() {
    var files = new ArrayList<Path>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return SKIPPED.contains(folder.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                files.add(root.relativize(file));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.sort(null);
    return files;
  }

  String text(Path file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean holds(Path file) {
    return Files.exists(root.resolve(file));
  }
}

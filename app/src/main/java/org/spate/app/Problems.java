package org.spate.app;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Failures in words for people: Java's file exceptions say only the name of the file. */
final class Problems {
  private Problems() {}

  static String describe(Throwable failure) {
    return switch (failure) {
      case NoSuchFileException e -> e.getFile() + ": no such file or folder";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case FileAlreadyExistsException e -> e.getFile() + ": exists already";
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      case UncheckedIOException e when e.getCause() != null -> describe(e.getCause());
      case CompletionException e when e.getCause() != null -> describe(e.getCause());
      case ExecutionException e when e.getCause() != null -> describe(e.getCause());
      default -> {
        String message = failure.getMessage();
        yield message == null ? failure.getClass().getSimpleName() : message;
      }
    };
  }
}

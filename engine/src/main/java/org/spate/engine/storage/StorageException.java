package org.spate.engine.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A failure of the disk, or of what somebody did to it; the message names the file. */
public final class StorageException extends RuntimeException {

  /** What is wrong, as far as it makes a difference to what should be done. */
  public enum Reason {
    DISK_FULL("no space left", false),
    PERMISSION("permission denied", false),
    DELETED("deleted", true),
    TRUNCATED("shorter than it was", true),
    CHANGED("changed by somebody else", true),
    FOREIGN("exists and is not part of this torrent", false),
    UNSAFE("not a plain file or folder", false),
    CORRUPT("reads differently from what was written", false),
    FOLDER_GONE("the download folder is gone, or its disk is not mounted", true),
    LOCKED("in use by another process", false),
    FAULT("input/output error", false);

    private final String text;
    private final boolean contentLost;

    Reason(String text, boolean contentLost) {
      this.text = text;
      this.contentLost = contentLost;
    }

    /** Whether pieces of the file that were good may be so no longer. */
    public boolean isContentLost() {
      return contentLost;
    }
  }

  private final Reason reason;
  private final String file;

  StorageException(Reason reason, String file) {
    this(reason, file, null);
  }

  StorageException(Reason reason, String file, @Nullable Throwable cause) {
    super(file + ": " + reason.text + detail(reason, cause), cause);
    this.reason = reason;
    this.file = file;
  }

  public Reason reason() {
    return reason;
  }

  /** The file or folder concerned. */
  public String file() {
    return file;
  }

  /** Whether the process may open no more files just now; there is only the C library's word. */
  boolean isOutOfDescriptors() {
    var cause = getCause();
    return cause != null
        && String.valueOf(cause.getMessage())
            .toLowerCase(Locale.ROOT)
            .contains("too many open files");
  }

  static StorageException of(String file, IOException cause) {
    return new StorageException(reason(cause), file, cause);
  }

  private static Reason reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return Reason.DELETED;
    }
    if (cause instanceof AccessDeniedException
        || cause.getCause() instanceof ReadOnlyFileSystemException) {
      return Reason.PERMISSION;
    }
    // Java has no type for these: the C library's words are all there is.
    var words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (words.contains("no space left") || words.contains("quota")) {
      return Reason.DISK_FULL;
    }
    if (words.contains("read-only") || words.contains("not permitted")) {
      return Reason.PERMISSION;
    }
    return Reason.FAULT;
  }

  private static String detail(Reason reason, @Nullable Throwable cause) {
    return reason == Reason.FAULT && cause != null ? " (" + cause + ")" : "";
  }
}

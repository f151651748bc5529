package org.spate.engine.storage;

import java.io.IOException;

/** An open file that several users share; it is closed when the last of them has let go. */
final class FileHandle {
  private final DiskFile file;
  private final String name;
  private final boolean writable;
  private int uses = 1;

  /** With one use, which belongs to the caller. */
  FileHandle(DiskFile file, String name, boolean writable) {
    this.file = file;
    this.name = name;
    this.writable = writable;
  }

  DiskFile file() {
    return file;
  }

  String name() {
    return name;
  }

  boolean isWritable() {
    return writable;
  }

  /** Adds a use; false if the file has been closed. */
  synchronized boolean use() {
    if (uses == 0) {
      return false;
    }
    uses++;
    return true;
  }

  /** Whether nobody but the cache uses it. */
  synchronized boolean isIdle() {
    return uses == 1;
  }

  void release() {
    synchronized (this) {
      uses--;
      if (uses != 0) {
        return;
      }
    }
    try {
      file.close();
    } catch (IOException _) {
      // Nothing is buffered in a channel: what was written has been handed to the system.
    }
  }
}

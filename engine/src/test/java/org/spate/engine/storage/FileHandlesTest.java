package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many files a session keeps open (threat 76). */
class FileHandlesTest {
  private static final int LIMIT = 8;

  private final FileHandles handles = new FileHandles(LIMIT);
  private int descriptorsLeft = Integer.MAX_VALUE;
  private int open;
  private StoredFile[] files;

  @BeforeEach
  void begin() {
    var host =
        new StoredFile.Host(new TargetFolder(Path.of("nowhere")), handles, DiskFile.PLAIN, () -> 0);
    files = new StoredFile[100];
    for (int i = 0; i < files.length; i++) {
      files[i] = new StoredFile(List.of("f" + i), host);
    }
  }

  private FileHandle acquire(int number) {
    return handles.acquire(files[number], true, _ -> openFile());
  }

  private DiskFile openFile() {
    if (open >= descriptorsLeft) {
      throw StorageException.of("f", new FileSystemException("f", null, "Too many open files"));
    }
    open++;
    return new Counted();
  }

  /** A file that is nothing but a descriptor. */
  private final class Counted implements DiskFile {
    @Override
    public int read(ByteBuffer target, long position) {
      return -1;
    }

    @Override
    public void write(ByteBuffer[] sources, long position) {}

    @Override
    public long size() {
      return 0;
    }

    @Override
    public void truncate(long size) {}

    @Override
    public void force() {}

    @Override
    public void close() {
      open--;
    }
  }

  @Test
  void theOneUsedLongestAgoMakesRoom() {
    for (int i = 0; i < 100; i++) {
      acquire(i).release();
    }
    assertThat(open).isEqualTo(LIMIT);
    assertThat(handles.find(files[91])).isNull();
    assertThat(handles.find(files[92])).isNotNull();
  }

  @Test
  void whereTheProcessMayOpenFewerItMakesDoWithThose() {
    descriptorsLeft = 3;
    for (int i = 0; i < 100; i++) {
      acquire(i).release();
    }
    assertThat(open).isBetween(1, 3);
  }

  @Test
  void filesInUseStayOpenAndThatThereAreNoDescriptorsIsTold() {
    descriptorsLeft = 2;
    acquire(0);
    acquire(1);
    assertThatThrownBy(() -> acquire(2))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Too many open files");
    assertThat(open).isEqualTo(2);
  }
}

package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.engine.storage.StorageException.Reason;

/** What people are told of what the system says. */
class StorageExceptionTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new IOException("No space left on device"), Reason.DISK_FULL),
        arguments(new IOException("Disk quota exceeded"), Reason.DISK_FULL),
        arguments(new AccessDeniedException("t/a"), Reason.PERMISSION),
        arguments(new FileSystemException("t/a", null, "Read-only file system"), Reason.PERMISSION),
        arguments(new NoSuchFileException("t/a"), Reason.DELETED),
        arguments(new IOException("Input/output error"), Reason.FAULT),
        arguments(new IOException(), Reason.FAULT));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void names_the_file_and_the_reason(IOException failure, Reason reason) {
    var told = StorageException.of("t/a", failure);
    assertThat(told.reason()).isEqualTo(reason);
    assertThat(told.file()).isEqualTo("t/a");
    assertThat(told).hasMessageStartingWith("t/a: ");
  }
}

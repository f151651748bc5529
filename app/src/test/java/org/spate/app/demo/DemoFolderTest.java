package org.spate.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The temporary files of the demonstration. */
class DemoFolderTest {
  @Test
  void nothing_is_left_behind() throws IOException {
    Path inside;
    try (var room = DemoFolder.make()) {
      inside = room.folder("a");
      DemoFolder.writeNoise(room.folder("a/b").resolve("c"), 1_500_000);
      assertThat(inside.resolve("b/c")).hasSize(1_500_000);
    }
    assertThat(inside.getParent()).doesNotExist();
  }

  @Test
  void noise_is_the_same_every_time() throws IOException {
    try (var room = DemoFolder.make()) {
      DemoFolder.writeNoise(room.folder("a").resolve("1"), 5_000);
      DemoFolder.writeNoise(room.folder("a").resolve("2"), 5_000);
      assertThat(room.folder("a").resolve("1"))
          .hasBinaryContent(Files.readAllBytes(room.folder("a").resolve("2")));
    }
  }

  @Test
  void what_the_disk_has_no_room_for_is_refused() throws IOException {
    try (var room = DemoFolder.make()) {
      assertThatThrownBy(() -> room.requireSpace(Long.MAX_VALUE))
          .isInstanceOf(DemoException.class)
          .hasMessageContaining("the copies need");
    }
  }
}

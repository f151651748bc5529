package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** Downloads of other clients, which keep names that we would change. */
class UsualPathTest {
  private static final int PIECE = 1 << 16;

  @TempDir private Path root;
  private Path folder;
  private TestTorrent torrent;

  @BeforeEach
  void begin() throws IOException {
    Assumptions.assumeTrue(File.separatorChar == '/');
    folder = Files.createDirectories(root.resolve("d"));
    torrent =
        TestTorrent.of(
            1,
            Format.V1,
            PIECE,
            Item.file("a: b", PIECE),
            Item.file("c?", PIECE),
            Item.file("d", PIECE));
  }

  private Rig rig() {
    return new Rig(torrent, folder, root.resolve("state"));
  }

  private void put(String name) throws IOException {
    Files.createDirectories(folder.resolve("t"));
    Files.write(folder.resolve("t").resolve(name), torrent.content(name));
  }

  @Test
  void what_another_client_has_stored_is_found_and_completed_in_its_place() throws IOException {
    put("a: b");
    try (var rig = rig().open()) {
      assertThat(rig.have.contains(0)).isTrue();
      assertThat(rig.have.size()).isEqualTo(1);
      rig.fillAndWait(1, 2);
      assertThat(rig.read(0, 0, 100)).isEqualTo(torrent.bytes(0, 0, 100));
      rig.closeStorage();
    }
    assertThat(folder.resolve("t").toFile().list()).containsExactlyInAnyOrder("a: b", "c?", "d");
    try (var again = rig().open()) {
      assertThat(again.have.isFull()).isTrue();
      assertThat(again.checkedCount).isZero();
    }
  }

  @Test
  void what_is_new_gets_names_that_every_system_takes() throws IOException {
    put("d");
    try (var rig = rig().open()) {
      rig.fillAndWait(0, 1);
    }
    assertThat(folder.resolve("t").toFile().list()).containsExactlyInAnyOrder("a_ b", "c_", "d");
  }

  @Test
  void what_is_at_our_own_place_comes_first() throws IOException {
    put("a: b");
    Files.write(folder.resolve("t/a_ b"), torrent.content("a: b"));
    try (var rig = rig().open()) {
      rig.fillAndWait(1);
    }
    assertThat(folder.resolve("t").toFile().list()).containsExactlyInAnyOrder("a: b", "a_ b", "c_");
  }
}

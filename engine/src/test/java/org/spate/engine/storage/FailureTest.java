package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.PieceSet;
import org.spate.engine.storage.StorageException.Reason;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** What disks do, and what others do to files under us (threats 6, 7, 73, 74). */
class FailureTest {
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;
  private static final int PIECE = 2 * BLOCK;

  @TempDir Path temporary;
  private final TestTorrent torrent =
      TestTorrent.of(
          9, Format.V1, PIECE, Item.file("a", 4 * PIECE), Item.file("sub/b", 3 * PIECE + 100));
  private Path folder;
  private Path states;

  @BeforeEach
  void makeFolders() {
    folder = temporary.resolve("data");
    states = temporary.resolve("state");
  }

  private Rig rig() {
    return new Rig(torrent, folder, states);
  }

  private static void assertFailed(Rig rig, Reason reason, String file) {
    assertThat(rig.failures).hasSize(1);
    assertThat(rig.failures.getFirst().reason()).isEqualTo(reason);
    assertThat(rig.failures.getFirst().file()).contains(file);
  }

  @Test
  void a_full_disk_stops_it_and_nothing_is_lost_when_there_is_room_again() {
    try (var rig = rig().open()) {
      rig.disk.fillUp(name -> name.equals("t/sub/b"));
      rig.fillAndWait(0, 1);
      rig.fill(5);
      rig.fill(6);
      rig.fill(2);
      rig.turnUntil(() -> !rig.failures.isEmpty());
      assertFailed(rig, Reason.DISK_FULL, "t/sub/b");

      rig.failures.clear();
      rig.storage.retry();
      rig.turnUntil(() -> !rig.failures.isEmpty());
      assertFailed(rig, Reason.DISK_FULL, "t/sub/b");

      rig.disk.repair();
      rig.passTime();
      rig.storage.retry();
      rig.turnUntil(() -> rig.verdicts.size() == 5);
      assertThat(rig.verdicts.values()).containsOnly(true);
      rig.fillAndWait(3, 4, 7);
      assertThat(rig.onDisk("a")).isEqualTo(torrent.content("a"));
      assertThat(rig.onDisk("sub/b")).isEqualTo(torrent.content("sub/b"));
      rig.closeStorage();
      assertThat(rig.blocksOut).hasValue(0);
    }
  }

  @Test
  void closing_with_a_full_disk_lets_everything_go() {
    try (var rig = rig().open()) {
      rig.fillAndWait(0);
      rig.disk.fillUp(name -> name.equals("t/a"));
      rig.fill(1);
      rig.fill(2);
      rig.turnUntil(() -> !rig.failures.isEmpty());
      rig.disk.repair();
      rig.closeStorage();
      assertThat(rig.blocksOut).hasValue(0);
      assertThat(rig.cache.heldBytes()).isZero();
    }
    try (var rig = rig().open()) {
      assertThat(rig.have.contains(0)).isTrue();
      assertThat(rig.have.contains(2)).isFalse();
    }
  }

  @Test
  void a_file_deleted_under_it_is_noticed_before_more_is_written() throws IOException {
    try (var rig = rig().open()) {
      rig.fillAndWait(0, 1, 5);
      Files.delete(rig.file("a"));
      rig.passTime();
      rig.fill(2);
      rig.turnUntil(() -> !rig.failures.isEmpty());
      assertFailed(rig, Reason.DELETED, "t/a");

      rig.storage.retry();
      rig.turnUntil(() -> rig.rechecked != null);
      assertThat(rig.rechecked.contains(0)).isFalse();
      rig.turnUntil(() -> rig.verdicts.containsKey(2));
      rig.fillAndWait(0, 1, 3, 4, 6, 7);
      assertThat(rig.onDisk("a")).isEqualTo(torrent.content("a"));
    }
  }

  @Test
  void never_sends_wrong_bytes_of_a_file_that_was_cut_changed_or_replaced() throws IOException {
    for (var harm : Harm.values()) {
      folder = temporary.resolve("data" + harm);
      states = temporary.resolve("state" + harm);
      try (var rig = rig().open()) {
        rig.fillAll();
        assertThat(rig.read(1, 0, BLOCK)).isEqualTo(torrent.bytes(1, 0, BLOCK));
        rig.passTime();
        harm.apply(rig.file("a"));
        rig.storage.read(99, 1, 0, BLOCK);
        rig.turnUntil(() -> !rig.failures.isEmpty());
        assertFailed(rig, harm.reason, "t/a");
        assertThat(rig.reads).doesNotContainKey(99);

        rig.storage.retry();
        rig.turnUntil(() -> rig.rechecked != null);
        assertThat(rig.rechecked.contains(1)).isFalse();
        rig.closeStorage();
      }
    }
  }

  private enum Harm {
    CUT(Reason.TRUNCATED),
    CHANGED(Reason.CHANGED),
    REPLACED(Reason.CHANGED),
    DELETED(Reason.DELETED);

    private final Reason reason;

    Harm(Reason reason) {
      this.reason = reason;
    }

    void apply(Path file) throws IOException {
      switch (this) {
        case CUT -> {
          try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(PIECE / 2);
          }
        }
        case CHANGED -> {
          try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[100]), PIECE + 5);
          }
          // Two writes within one tick of the file system's clock look like one.
          Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        }
        case REPLACED -> {
          var other = file.resolveSibling("other");
          Files.write(other, new byte[4 * PIECE]);
          Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        }
        case DELETED -> Files.delete(file);
      }
    }
  }

  @Test
  void a_region_of_a_file_cut_later_fails_and_does_not_hang() throws IOException {
    try (var rig = rig().open()) {
      rig.fillAll();
      rig.storage.read(1, 2, 0, BLOCK);
      rig.turnUntil(() -> rig.reads.containsKey(1));
      Harm.CUT.apply(rig.file("a"));
      var region = (RegionPayload) rig.reads.get(1);
      assertThatThrownBy(() -> region.read(0, ByteBuffer.allocate(BLOCK)))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TRUNCATED));
      region.release();
    }
  }

  @Test
  void an_unreadable_sector_names_its_file() {
    try (var rig = rig().open()) {
      rig.fillAll();
      rig.disk.breakReads(name -> name.equals("t/sub/b"));
      rig.storage.recheck(PieceSet.all(torrent.pieceCount()));
      rig.turnUntil(() -> !rig.failures.isEmpty());
      assertFailed(rig, Reason.FAULT, "t/sub/b");
    }
  }

  @Test
  void a_folder_that_may_not_be_written_to_is_told() throws IOException {
    assumeThat(System.getProperty("user.name")).isNotEqualTo("root");
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    try (var rig = rig().open()) {
      rig.fill(0);
      rig.turnUntil(() -> !rig.failures.isEmpty());
      assertFailed(rig, Reason.PERMISSION, "t/a");
    }
  }

  @Test
  void a_folder_that_vanished_is_not_made_again() throws IOException {
    try (var rig = rig().open()) {
      Files.delete(folder);
      rig.fill(0);
      rig.turnUntil(() -> !rig.failures.isEmpty());
      assertFailed(rig, Reason.FOLDER_GONE, "data");
      assertThat(folder).doesNotExist();
    }
  }

  @Test
  void a_disk_unmounted_under_it_is_waited_for() throws IOException {
    try (var rig = rig().open()) {
      rig.fillAll();
      Files.move(folder, temporary.resolve("unmounted"));
      rig.passTime();
      rig.storage.read(1, 0, 0, BLOCK);
      rig.turnUntil(() -> !rig.failures.isEmpty());
      assertFailed(rig, Reason.FOLDER_GONE, "t/a");
      rig.failures.clear();
      rig.storage.retry();
      rig.turnUntil(() -> !rig.failures.isEmpty());
      assertFailed(rig, Reason.FOLDER_GONE, "data");
      rig.failures.clear();
      Files.move(temporary.resolve("unmounted"), folder);
      rig.storage.retry();
      rig.turnUntil(() -> rig.rechecked != null);
      assertThat(rig.read(0, 0, BLOCK)).isEqualTo(torrent.bytes(0, 0, BLOCK));
    }
  }

  @Test
  void only_the_pieces_of_the_file_concerned_are_checked_again() throws IOException {
    try (var rig = rig().open()) {
      rig.fillAll();
      rig.passTime();
      Harm.CHANGED.apply(rig.file("a"));
      rig.storage.read(1, 0, 0, BLOCK);
      rig.turnUntil(() -> !rig.failures.isEmpty());
      rig.storage.retry();
      rig.turnUntil(() -> rig.rechecked != null);
      assertThat(rig.rechecked.size()).isEqualTo(3);
      assertThat(rig.checkedCount).isEqualTo(4);
      rig.fillAndWait(1);
      assertThat(rig.onDisk("a")).isEqualTo(torrent.content("a"));
    }
  }

  @Test
  void links_planted_in_the_folder_lead_nowhere() throws IOException {
    var outside = Files.createDirectory(temporary.resolve("outside"));
    var victim = Files.write(outside.resolve("victim"), new byte[] {1, 2, 3});
    Files.createDirectories(folder.resolve("t"));
    Files.createSymbolicLink(folder.resolve("t/sub"), outside);
    try (var rig = rig()) {
      var failure = rig.openAndFail();
      assertThat(failure.reason()).isEqualTo(Reason.UNSAFE);
      assertThat(failure.file()).isEqualTo("t/sub/b");
    }
    Files.delete(folder.resolve("t/sub"));
    try (var rig = rig().open()) {
      Files.createSymbolicLink(folder.resolve("t/a"), victim);
      rig.fill(0);
      rig.turnUntil(() -> !rig.failures.isEmpty());
      assertFailed(rig, Reason.UNSAFE, "t/a");
      Files.delete(folder.resolve("t/a"));
      rig.storage.retry();
      rig.turnUntil(() -> rig.verdicts.containsKey(0));
    }
    assertThat(victim).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(outside).isDirectoryContaining(path -> path.equals(victim));
    assertThat(outside.toFile().list()).hasSize(1);
  }

  @Test
  void deleting_a_torrent_does_not_follow_links_and_leaves_what_is_not_its_own()
      throws IOException {
    var outside = Files.createDirectory(temporary.resolve("outside"));
    var victim = Files.write(outside.resolve("b"), new byte[] {1, 2, 3});
    try (var rig = rig().open()) {
      rig.fillAndWait(0);
      Files.write(rig.file("mine.txt"), new byte[1]);
      Files.createSymbolicLink(rig.file("sub"), outside);
      var removed = rig.storage.remove(true).handle((_, _) -> (Void) null);
      rig.await(removed);
      assertThat(rig.file("a")).doesNotExist();
      assertThat(rig.file("mine.txt")).exists();
    }
    assertThat(victim).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(states.resolve(torrent.info().infoHash() + ".resume")).doesNotExist();
  }

  @Test
  void refuses_a_file_that_is_not_of_this_torrent_unless_told_to() throws IOException {
    Files.createDirectories(folder.resolve("t"));
    Files.write(
        folder.resolve("t/a"),
        "my diary, which happens to be named so".getBytes(StandardCharsets.UTF_8));
    try (var rig = rig()) {
      var failure = rig.openAndFail();
      assertThat(failure.reason()).isEqualTo(Reason.FOREIGN);
      assertThat(failure.file()).isEqualTo("t/a");
    }
    Files.write(folder.resolve("t/a"), new byte[9 * PIECE]);
    try (var rig = rig()) {
      assertThat(rig.openAndFail().reason()).isEqualTo(Reason.FOREIGN);
    }
    var rig = rig();
    rig.overwrite = true;
    try (rig) {
      rig.open();
      rig.fillAll();
      rig.storage.complete();
      rig.turnUntil(() -> rig.completed);
      assertThat(rig.onDisk("a")).isEqualTo(torrent.content("a"));
    }
  }

  @Test
  void a_disk_that_is_not_mounted_is_no_reason_to_begin_again() throws IOException {
    try (var rig = rig().open()) {
      rig.fillAll();
      rig.closeStorage();
    }
    Files.move(folder, temporary.resolve("unmounted"));
    try (var rig = rig()) {
      assertThat(rig.openAndFail().reason()).isEqualTo(Reason.FOLDER_GONE);
      assertThat(folder).doesNotExist();
      rig.failures.clear();
      Files.move(temporary.resolve("unmounted"), folder);
      rig.storage.retry();
      rig.turnUntil(() -> rig.have != null);
      assertThat(rig.have.isFull()).isTrue();
      assertThat(rig.checkedCount).isZero();
    }
  }
}

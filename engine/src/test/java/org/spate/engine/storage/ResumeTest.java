package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.PieceSet;
import org.spate.engine.storage.StorageException.Reason;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** What is known again after an end of any kind (threats 71, 72, 78). */
class ResumeTest {
  private static final int BLOCK = PieceGeometry.BLOCK_LENGTH;
  private static final int PIECE = 2 * BLOCK;

  @TempDir Path temporary;
  private final TestTorrent torrent =
      TestTorrent.of(
          7, Format.V1, PIECE, Item.file("a", 4 * PIECE), Item.file("b", 3 * PIECE + 100));
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

  private Path resumeFile() {
    return states.resolve(torrent.info().infoHash() + ".resume");
  }

  private static int[] members(PieceSet pieces) {
    var members = new int[pieces.size()];
    int count = 0;
    for (int i = pieces.next(0); i >= 0; i = pieces.next(i + 1)) {
      members[count++] = i;
    }
    return members;
  }

  private void closedWith(int... pieces) {
    try (var rig = rig().open()) {
      rig.facts = new ResumeFacts(11, 22, 33, new byte[] {1, 1}, new byte[] {9, 8});
      rig.fillAndWait(pieces);
      rig.closeStorage();
    }
  }

  @Test
  void after_an_orderly_end_nothing_is_read_again() throws IOException {
    closedWith(0, 2, 5);
    try (var rig = rig().open()) {
      assertThat(members(rig.have)).containsExactly(0, 2, 5);
      assertThat(rig.checkedCount).isZero();
      assertThat(rig.factsFound.addedSeconds()).isEqualTo(11);
      assertThat(rig.factsFound.uploadedBytes()).isEqualTo(22);
      assertThat(rig.factsFound.downloadedBytes()).isEqualTo(33);
      assertThat(rig.factsFound.more()).containsExactly(9, 8);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(resumeFile())))
        .isEqualTo("rw-------");
  }

  @Test
  void after_a_kill_the_verified_pieces_are_found_by_checking_them_alone() {
    try (var rig = rig().open()) {
      rig.fillAndWait(0, 2, 5);
      rig.crash();
    }
    try (var rig = rig().open()) {
      assertThat(members(rig.have)).containsExactly(0, 2, 5);
      assertThat(rig.checkedCount).isEqualTo(3);
    }
  }

  @Test
  void a_checkpoint_claims_what_was_forced_and_the_journal_names_the_rest() {
    try (var rig = rig().open()) {
      rig.fillAndWait(0, 1);
      rig.storage.checkpoint();
      rig.fillAndWait(6);
      rig.crash();
    }
    try (var rig = rig().open()) {
      assertThat(members(rig.have)).containsExactly(0, 1, 6);
    }
  }

  @Test
  void a_file_changed_between_two_runs_is_checked_alone() throws IOException {
    closedWith(0, 1, 2, 3, 4, 5, 6, 7);
    try (var rig = rig()) {
      var bytes = rig.onDisk("b");
      bytes[PIECE + 3] ^= 1;
      Files.write(rig.file("b"), bytes);
      rig.open();
      assertThat(members(rig.have)).containsExactly(0, 1, 2, 3, 4, 6, 7);
      assertThat(rig.checkedCount).isEqualTo(4);
    }
  }

  @Test
  void a_kill_does_not_excuse_a_change_made_after_it() throws IOException {
    try (var rig = rig().open()) {
      rig.fillAndWait(0, 1);
      rig.storage.checkpoint();
      rig.fillAndWait(2);
      rig.crash();
      var bytes = rig.onDisk("a");
      bytes[PIECE] ^= 1;
      Files.write(rig.file("a"), bytes);
    }
    try (var rig = rig().open()) {
      assertThat(members(rig.have)).containsExactly(0, 2);
    }
  }

  @Test
  void a_flipped_byte_or_a_cut_makes_it_no_resume_data_at_all() throws IOException {
    closedWith(0, 2, 5);
    var sound = Files.readAllBytes(resumeFile());
    var info = torrent.info();
    assertThat(ResumeData.decode(sound, info)).isNotNull();
    for (int i = 0; i < sound.length; i++) {
      var flipped = sound.clone();
      flipped[i] ^= (byte) (1 << (i & 7));
      assertThat(ResumeData.decode(flipped, info)).as("byte %d", i).isNull();
      assertThat(ResumeData.decode(Arrays.copyOf(sound, i), info)).as("cut at %d", i).isNull();
    }
    assertThat(ResumeData.decode(new byte[sound.length], info)).isNull();
  }

  @Test
  void bytes_with_a_right_checksum_but_hostile_numbers_are_refused() throws IOException {
    closedWith(0);
    var sound = Files.readAllBytes(resumeFile());
    for (int seed = 0; seed < 20_000; seed++) {
      var random = new Random(seed);
      var bytes = sound.clone();
      ByteBuffer.wrap(bytes)
          .putInt(random.nextInt(bytes.length - 8), random.nextInt() >> random.nextInt(32));
      int end = bytes.length - 4;
      ByteBuffer.wrap(bytes).putInt(end, ResumeData.crc(bytes, end));
      var data = ResumeData.decode(bytes, torrent.info());
      if (data != null) {
        assertThat(data.claimed().pieceCount()).as("seed %d", seed).isEqualTo(8);
      }
    }
  }

  @Test
  void another_torrents_resume_data_are_not_believed() throws IOException {
    closedWith(0, 2);
    var other = TestTorrent.of(8, Format.V1, PIECE, Item.file("a", 8 * PIECE));
    Files.copy(resumeFile(), states.resolve(other.info().infoHash() + ".resume"));
    try (var rig = new Rig(other, temporary.resolve("elsewhere"), states).open()) {
      assertThat(rig.have.isEmpty()).isTrue();
    }
  }

  @Test
  void without_resume_data_existing_files_are_checked_and_used() throws IOException {
    closedWith(0, 2, 5);
    Files.delete(resumeFile());
    try (var rig = rig().open()) {
      assertThat(members(rig.have)).containsExactly(0, 2, 5);
    }
  }

  @Test
  void two_sessions_cannot_have_the_same_state() {
    try (var rig = rig().open()) {
      assertThatThrownBy(() -> StateFolder.open(states, false))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOCKED));
      rig.fillAndWait(0);
      rig.closeStorage();
    }
    StateFolder.open(states, false).close();
  }

  /** Dies in the middle of each single operation on the disk, one run for each. */
  @Test
  void a_death_at_any_operation_costs_no_verified_piece_and_claims_no_other() {
    int operations;
    try (var rig = rig().open()) {
      rig.fillAndWait(0, 1, 2, 3, 4, 5, 6, 7);
      rig.closeStorage();
      operations = rig.disk.operations();
    }
    assertThat(operations).isGreaterThan(16);
    for (int at = 0; at < operations; at++) {
      folder = temporary.resolve("data" + at);
      states = temporary.resolve("state" + at);
      var before = runUntilDeath(at);
      try (var rig = rig().open()) {
        assertThat(members(rig.have)).as("death at %d", at).contains(members(before));
        assertOnDisk(rig);
        rig.closeStorage();
      }
    }
  }

  /** Returns the pieces that were told to be good before the end. */
  private PieceSet runUntilDeath(int operation) {
    var verified = new PieceSet(torrent.pieceCount());
    try (var rig = rig()) {
      rig.disk.crashAfter(operation);
      rig.start();
      rig.turnUntil(() -> rig.have != null || !rig.failures.isEmpty());
      for (int piece = 0; piece < 8 && rig.failures.isEmpty(); piece++) {
        int wanted = piece;
        rig.fill(piece);
        if (piece == 3) {
          rig.storage.checkpoint();
        }
        rig.turnUntil(() -> rig.verdicts.containsKey(wanted) || !rig.failures.isEmpty());
        if (rig.verdicts.containsKey(piece)) {
          verified.add(piece);
        }
      }
    }
    return verified;
  }

  private void assertOnDisk(Rig rig) {
    for (int i = rig.have.next(0); i >= 0; i = rig.have.next(i + 1)) {
      int length = torrent.geometry().length(i);
      assertThat(rig.read(i, 0, length)).isEqualTo(torrent.bytes(i, 0, length));
    }
  }

  /** What was not forced is partly lost; still nothing is claimed that is not there. */
  @Test
  void a_power_cut_never_makes_a_false_claim() throws IOException {
    for (int seed = 0; seed < 30; seed++) {
      folder = temporary.resolve("data" + seed);
      states = temporary.resolve("state" + seed);
      var random = new Random(seed);
      int forced = random.nextInt(8);
      try (var rig = rig()) {
        rig.disk.remember();
        rig.open();
        for (int piece = 0; piece < 8; piece++) {
          rig.fillAndWait(piece);
          if (piece == forced) {
            var saved = rig.disk.operations();
            rig.storage.checkpoint();
            rig.fillAndWait(piece);
            assertThat(rig.disk.operations()).isGreaterThan(saved);
          }
        }
        rig.crash();
        rig.disk.cutPower(random);
      }
      try (var rig = rig().open()) {
        assertOnDisk(rig);
      }
    }
  }
}

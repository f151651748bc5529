package org.spate.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;

/** Swarms written down and read again. */
class SnapshotTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long EPOCH = 1_800_000_000L;

  private static CompactPeerStore store(int seed) {
    return new CompactPeerStore(
        TrackerPolicy.DEFAULT, new SplittableRandom(seed), new SplittableRandom(seed));
  }

  private static void announce(
      CompactPeerStore store, int swarm, Endpoint peer, boolean isSeed, long now) {
    ask(store, swarm, peer, isSeed, now, 0);
  }

  private static Set<Endpoint> ask(
      CompactPeerStore store, int swarm, Endpoint peer, boolean isSeed, long now, int numwant) {
    var request =
        new AnnounceRequest(
            new Hash160(swarm * 0x9E37_79B9_7F4A_7C15L, swarm, swarm),
            new PeerId(new Hash160(peer.high(), peer.low(), peer.port())),
            peer.port(),
            0,
            0,
            isSeed ? 0 : 1,
            isSeed ? AnnounceEvent.COMPLETED : AnnounceEvent.NONE,
            numwant,
            0);
    var answer = new Answer(4_000);
    store.announce(Announcement.of(request, peer, Families.BOTH), answer, now);
    return new HashSet<>(answer.peers());
  }

  private static byte[] write(CompactPeerStore store, long now, long epoch) {
    var writer = new SnapshotWriter(store, epoch);
    var bytes = new ByteArrayOutputStream();
    for (var part = writer.next(now); part != null; part = writer.next(now)) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static SnapshotReader read(
      CompactPeerStore store, byte[] bytes, int pieceBytes, long now, long epoch) {
    var reader = new SnapshotReader(store, epoch, _ -> true);
    for (int at = 0; at < bytes.length; at += pieceBytes) {
      var piece = new byte[Math.min(pieceBytes, bytes.length - at)];
      System.arraycopy(bytes, at, piece, 0, piece.length);
      reader.read(piece, piece.length, now);
    }
    return reader;
  }

  private static Endpoint peer(int number) {
    return number % 5 == 0
        ? new Endpoint(0x20010db8L << 32, number, 1 + number % 5_000)
        : Endpoint.v4(0x01000000 + number, 1 + number % 5_000);
  }

  private static CompactPeerStore filled() {
    var store = store(1);
    for (int i = 0; i < 6_000; i++) {
      announce(store, i < 3_000 ? 0 : 1 + i % 200, peer(i), i % 3 == 0, i / 10 * SECOND);
    }
    return store;
  }

  @Test
  void what_is_written_is_read_whatever_the_pieces() {
    var before = filled();
    var bytes = write(before, 600 * SECOND, EPOCH);
    var holdings = before.holdings();
    for (int pieceBytes : List.of(1, 37, 4_096, bytes.length)) {
      var after = store(2);
      var reader = read(after, bytes, pieceBytes, 5 * SECOND, EPOCH + 10);
      assertThat(reader.problem()).isNull();
      assertThat(reader.peerCount()).isEqualTo(6_000);
      assertThat(after.holdings()).isEqualTo(holdings);
      var asker = Endpoint.v4(0x02020202, 9);
      for (int swarm = 0; swarm < 3; swarm++) {
        assertThat(ask(after, swarm, asker, false, 5 * SECOND, 4_000))
            .isEqualTo(ask(before, swarm, asker, false, 600 * SECOND, 4_000));
      }
    }
  }

  @Test
  void ages_go_on_while_the_tracker_is_down() {
    var bytes = write(filled(), 600 * SECOND, EPOCH);
    var after = store(2);
    // Half of the peers were heard of in the first 300 of 600 seconds.
    var reader = read(after, bytes, 1_000, 5 * SECOND, EPOCH + 3_660 - 300);
    assertThat(reader.peerCount()).isBetween(2_900L, 3_100L);
    var much = store(3);
    assertThat(read(much, bytes, 1_000, 5 * SECOND, EPOCH + 10_000).peerCount()).isZero();
    assertThat(much.holdings().torrents()).isZero();
  }

  @Test
  void several_stores_share_one_snapshot() {
    var bytes = write(filled(), 600 * SECOND, EPOCH);
    int peers = 0;
    for (int part = 0; part < 3; part++) {
      int own = part;
      var reader =
          new SnapshotReader(store(part), EPOCH, start -> Long.remainderUnsigned(start, 3) == own);
      reader.read(bytes, bytes.length, 0);
      peers += (int) reader.peerCount();
    }
    assertThat(peers).isEqualTo(6_000);
  }

  @Test
  void a_store_that_goes_on_working_loses_nobody_who_stays_as_he_is() {
    var store = filled();
    var writer = new SnapshotWriter(store, EPOCH);
    var reader = new SnapshotReader(store(2), EPOCH, _ -> true);
    var random = new SplittableRandom(7);
    var parts = new ArrayList<byte[]>();
    int newcomer = 10_000;
    long now = 600 * SECOND;
    for (var part = writer.next(now); part != null; part = writer.next(now)) {
      parts.add(part);
      for (int i = 0; i < 20; i++) {
        // Seeds come at the end, behind what is still to be written.
        announce(store, random.nextInt(200), peer(newcomer++), true, now);
      }
    }
    parts.forEach(part -> reader.read(part, part.length, 0));
    assertThat(parts).hasSizeGreaterThan(2);
    assertThat(reader.peerCount()).isGreaterThanOrEqualTo(6_000);
  }

  @Test
  void what_is_cut_off_or_broken_leaves_what_came_before() {
    var bytes = write(filled(), 600 * SECOND, EPOCH);
    var cut = new byte[bytes.length / 2];
    System.arraycopy(bytes, 0, cut, 0, cut.length);
    assertThat(read(store(2), cut, 999, 0, EPOCH).peerCount()).isBetween(2_500L, 3_500L);
    bytes[0] ^= 1;
    var reader = read(store(2), bytes, 999, 0, EPOCH);
    assertThat(reader.problem()).contains("snapshot");
    assertThat(reader.peerCount()).isZero();
  }

  @FuzzTest
  void no_bytes_do_harm(byte[] data) {
    var store = store(1);
    var reader = new SnapshotReader(store, EPOCH, _ -> true);
    reader.read(data, data.length, 0);
    assertThat(store.holdings().peers()).isEqualTo((int) reader.peerCount());
  }
}

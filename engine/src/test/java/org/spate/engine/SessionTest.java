package org.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.swarm.SwarmSettings.SuperSeeding;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;
import org.spate.engine.storage.TestTorrent;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** Whole sessions over loopback: what a user of the API can count on. */
class SessionTest {
  @TempDir private Path root;
  private Sessions sessions;

  @BeforeEach
  void begin() {
    sessions = new Sessions(root);
  }

  @AfterEach
  void end() {
    sessions.close();
  }

  private static TestTorrent torrent(Format format) {
    return TestTorrent.of(
        1,
        format,
        1 << 16,
        Item.file("a", 300_000),
        Item.file("b", 5),
        Item.file("c", 2_000_000),
        Item.file("d", 1 << 16));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void torrent_goes_from_one_session_to_another(Format format) {
    var torrent = torrent(format);
    sessions.seed("seed", torrent);
    var leech = sessions.open("leech").add(torrent.metainfo(), Sessions.from(sessions.session(0)));
    Sessions.await(leech.finished());
    sessions.assertComplete("leech", torrent);
    assertThat(leech.status().state()).isEqualTo(TorrentStatus.State.SEEDING);
    assertThat(leech.status().progress()).isEqualTo(1);
    assertThat(leech.status().downloaded()).isGreaterThanOrEqualTo(2_365_541);
  }

  @Test
  void five_leeches_get_it_from_one_seed_and_from_each_other() {
    var torrent = torrent(Format.V1);
    var seed = sessions.seed("seed", torrent);
    var leeches = new ArrayList<TorrentHandle>();
    for (int i = 0; i < 5; i++) {
      var known = sessions.session(i);
      leeches.add(
          sessions
              .open("leech" + i)
              .add(torrent.metainfo(), Sessions.from(sessions.session(0), known)));
    }
    leeches.forEach(leech -> Sessions.await(leech.finished()));
    for (int i = 0; i < 5; i++) {
      sessions.assertComplete("leech" + i, torrent);
    }
    assertThat(seed.status().uploaded()).isPositive();
  }

  @Test
  void what_is_there_is_not_fetched_again_after_a_restart() {
    var torrent = torrent(Format.HYBRID);
    sessions.seed("seed", torrent);
    var first = sessions.open("leech");
    Sessions.await(first.add(torrent.metainfo(), Sessions.from(sessions.session(0))).finished());
    first.close();
    var again = sessions.open("leech").add(torrent.metainfo(), TorrentOptions.DEFAULT);
    Sessions.await(again.finished());
    assertThat(again.status().swarm().downloaded()).isZero();
    assertThat(again.status().downloaded()).isPositive();
  }

  @Test
  void only_wanted_files_are_fetched_and_more_when_more_is_wanted() {
    var torrent = torrent(Format.V2);
    sessions.seed("seed", torrent);
    var options = Sessions.from(sessions.session(0)).withPriorities(new byte[] {0, 1, 0, 1});
    var leech = sessions.open("leech").add(torrent.metainfo(), options);
    Sessions.await(leech.finished());
    assertThat(sessions.folder("leech").resolve("t/a")).doesNotExist();
    assertThat(sessions.folder("leech").resolve("t/b")).hasBinaryContent(torrent.content("b"));
    assertThat(leech.status().swarm().isSeed()).isFalse();

    leech.prioritize(new byte[] {1, 1, 1, 1});
    leech.status(); // the command has been carried out
    Sessions.await(leech.finished());
    sessions.assertComplete("leech", torrent);
  }

  @Test
  void paused_torrent_has_no_links_and_goes_on_when_resumed() throws Exception {
    var torrent = torrent(Format.V1);
    sessions.seed("seed", torrent);
    var leechSession = sessions.open("leech");
    var events = new LinkedBlockingQueue<TorrentEvent>();
    leechSession.listen((_, event) -> events.add(event));
    var options = Sessions.from(sessions.session(0)).paused();
    var leech = leechSession.add(torrent.metainfo(), options);
    Sessions.await(leech.ready());
    assertThat(leech.status().state()).isEqualTo(TorrentStatus.State.PAUSED);
    assertThat(leechSession.linksOpen()).isZero();
    leech.resume();
    Sessions.await(leech.finished());
    leech.pause();
    assertThat(leech.status().swarm().peers()).isEmpty();
    var seen = new ArrayList<TorrentEvent>();
    while (!(seen.isEmpty() ? false : seen.getLast() instanceof TorrentEvent.Paused)) {
      var next = events.poll(20, TimeUnit.SECONDS);
      assertThat(next).as("after " + seen).isNotNull();
      seen.add(next);
    }
    assertThat(seen)
        .hasAtLeastOneElementOfType(TorrentEvent.Ready.class)
        .hasAtLeastOneElementOfType(TorrentEvent.Resumed.class)
        .hasAtLeastOneElementOfType(TorrentEvent.PeerConnected.class)
        .hasAtLeastOneElementOfType(TorrentEvent.PieceCompleted.class)
        .contains(new TorrentEvent.Finished(true));
  }

  @Test
  void held_session_listens_and_dials_only_when_started() {
    var torrent = torrent(Format.V1);
    sessions.seed("seed", torrent);
    var held = sessions.open("leech", SessionSettings.Builder::held);
    var leech = held.add(torrent.metainfo(), Sessions.from(sessions.session(0)));
    Sessions.await(leech.ready());
    assertThat(held.port()).isZero();
    assertThat(leech.status().swarm().isPaused()).isTrue();
    held.start();
    Sessions.await(leech.finished());
    assertThat(held.port()).isPositive();
  }

  @Test
  void damaged_pieces_are_found_by_a_recheck_and_fetched_again() throws Exception {
    var torrent = torrent(Format.V1);
    sessions.seed("seed", torrent);
    var leech = sessions.open("leech").add(torrent.metainfo(), Sessions.from(sessions.session(0)));
    Sessions.await(leech.finished());
    var file = sessions.folder("leech").resolve("t/c");
    var bytes = Files.readAllBytes(file);
    bytes[1_000_000] ^= 1;
    Files.write(file, bytes);
    Sessions.await(leech.recheck());
    Sessions.await(leech.finished());
    sessions.assertComplete("leech", torrent);
  }

  @Test
  void removed_torrent_leaves_its_files_or_not() {
    var torrent = torrent(Format.V1);
    var seed = sessions.seed("seed", torrent);
    Sessions.await(seed.remove(false));
    assertThat(sessions.session(0).torrents()).isEmpty();
    sessions.assertComplete("seed", torrent);
    var again = sessions.session(0).add(torrent.metainfo(), TorrentOptions.DEFAULT);
    Sessions.await(again.finished());
    Sessions.await(again.remove(true));
    assertThat(sessions.folder("seed").resolve("t")).doesNotExist();
  }

  @Test
  void torrent_is_added_once_whichever_of_its_hashes_it_comes_with() {
    var torrent = torrent(Format.HYBRID);
    var session = sessions.open("one");
    session.add(torrent.metainfo(), TorrentOptions.DEFAULT);
    assertThatThrownBy(() -> session.add(torrent.metainfo(), TorrentOptions.DEFAULT))
        .isInstanceOfSatisfying(
            TorrentException.class,
            e -> assertThat(e.reason()).isEqualTo(TorrentException.Reason.DUPLICATE));
  }

  @Test
  void waiting_for_the_end_of_a_torrent_that_is_closed_fails() {
    var session = sessions.open("one");
    var torrent = session.add(torrent(Format.V1).metainfo(), TorrentOptions.DEFAULT);
    CompletableFuture<Void> finished = torrent.finished();
    session.close();
    assertThatThrownBy(finished::join).hasCauseInstanceOf(TorrentException.class);
    assertThatThrownBy(torrent::status).hasCauseInstanceOf(TorrentException.class);
    assertThatThrownBy(() -> session.add(torrent.metainfo().orElseThrow(), TorrentOptions.DEFAULT))
        .isInstanceOf(TorrentException.class);
  }

  @Test
  void second_session_on_a_port_or_a_state_folder_is_told_why_not() {
    var first = sessions.open("one", SessionSettings.Builder::exclusiveState);
    assertThatThrownBy(() -> sessions.open("two", builder -> builder.port(first.port())))
        .isInstanceOfSatisfying(
            TorrentException.class,
            e -> assertThat(e.reason()).isEqualTo(TorrentException.Reason.LISTEN));
    assertThatThrownBy(() -> sessions.open("one"))
        .isInstanceOfSatisfying(
            TorrentException.class,
            e -> assertThat(e.reason()).isEqualTo(TorrentException.Reason.STORAGE));
  }

  @Test
  void foreign_file_in_the_way_is_reported_and_not_touched() throws Exception {
    var torrent = torrent(Format.V1);
    var file = sessions.folder("leech").resolve("t/c");
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[2_000_000]);
    var failed = new CompletableFuture<TorrentEvent.StorageFailed>();
    var session = sessions.open("leech");
    session.listen(
        (_, event) -> {
          if (event instanceof TorrentEvent.StorageFailed problem) {
            failed.complete(problem);
          }
        });
    session.add(torrent.metainfo(), TorrentOptions.DEFAULT);
    assertThat(Sessions.await(failed).file()).contains("c");
    assertThat(file).hasBinaryContent(new byte[2_000_000]);
  }

  @Test
  void seed_that_sends_one_copy_only_serves_two_leeches() {
    var torrent = torrent(Format.V1);
    sessions.provide("seed", torrent);
    var options = TorrentOptions.DEFAULT.withSuperSeeding(SuperSeeding.ON);
    Sessions.await(sessions.open("seed").add(torrent.metainfo(), options).finished());
    var one = sessions.open("one");
    var first = one.add(torrent.metainfo(), Sessions.from(sessions.session(0)));
    var second =
        sessions.open("two").add(torrent.metainfo(), Sessions.from(sessions.session(0), one));
    for (var leech : List.of(first, second)) {
      Sessions.await(leech.finished());
    }
    sessions.assertComplete("two", torrent);
  }

  @Test
  void torrent_whose_folder_is_in_the_way_pauses_and_goes_on_when_it_is_gone() throws Exception {
    var torrent = torrent(Format.V1);
    sessions.seed("seed", torrent);
    Files.createDirectories(sessions.folder("leech"));
    var obstacle = Files.writeString(sessions.folder("leech").resolve("t"), "a file, no folder");
    var session = sessions.open("leech");
    var events = new LinkedBlockingQueue<TorrentEvent>();
    session.listen((_, event) -> events.add(event));
    var leech = session.add(torrent.metainfo(), Sessions.from(sessions.session(0)));
    assertThat(events.poll(20, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            TorrentEvent.StorageFailed.class, e -> assertThat(e.problem()).contains("t"));
    assertThat(leech.status().state()).isEqualTo(TorrentStatus.State.FAILED);
    assertThat(leech.status().problem()).isNotNull();

    Files.delete(obstacle);
    leech.resume();
    Sessions.await(leech.finished());
    sessions.assertComplete("leech", torrent);
    assertThat(leech.status().problem()).isNull();
  }

  @Test
  void links_that_end_in_the_middle_of_pieces_cost_nothing_but_time() {
    var torrent = torrent(Format.HYBRID);
    var seed = sessions.seed("seed", torrent);
    var session = sessions.open("leech");
    var pieces = new LinkedBlockingQueue<Integer>();
    session.listen(
        (_, event) -> {
          if (event instanceof TorrentEvent.PieceCompleted(int index, _)) {
            pieces.add(index);
          }
        });
    seed.limit(0, 1_000_000);
    var leech = session.add(torrent.metainfo(), Sessions.from(sessions.session(0)));
    for (int round = 0; round < 3; round++) {
      Sessions.await(CompletableFuture.supplyAsync(() -> take(pieces)));
      seed.pause();
      seed.resume();
      leech.addPeers(List.of(Sessions.endpoint(sessions.session(0))));
    }
    seed.limit(0, 0);
    Sessions.await(leech.finished());
    sessions.assertComplete("leech", torrent);
  }

  private static int take(LinkedBlockingQueue<Integer> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void file_truncated_under_a_seed_is_noticed_and_nothing_wrong_is_sent() throws Exception {
    var torrent = torrent(Format.V1);
    var seed = sessions.seed("seed", torrent);
    var failed = new CompletableFuture<TorrentEvent.StorageFailed>();
    sessions
        .session(0)
        .listen(
            (_, event) -> {
              if (event instanceof TorrentEvent.StorageFailed problem) {
                failed.complete(problem);
              }
            });
    var file = sessions.folder("seed").resolve("t/c");
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(100_000);
    }
    var leech = sessions.open("leech").add(torrent.metainfo(), Sessions.from(sessions.session(0)));
    assertThat(Sessions.await(failed).file()).contains("c");
    assertThat(leech.status().swarm().wasted()).isZero();

    Files.write(file, torrent.content("c"));
    seed.resume();
    Sessions.await(seed.finished());
    leech.addPeers(List.of(Sessions.endpoint(sessions.session(0))));
    Sessions.await(leech.finished());
    sessions.assertComplete("leech", torrent);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void link_is_answered_under_the_v2_hash_where_both_sides_have_one(Format format)
      throws Exception {
    var torrent = torrent(format);
    var infoHash = torrent.metainfo().infoHash();
    sessions.seed("seed", torrent);
    for (long flag : new long[] {0, Handshake.V2}) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), sessions.session(0).port())) {
        var id = PeerId.random(new SplittableRandom(flag));
        var hello = new Handshake(flag, infoHash.primary(), id);
        socket.getOutputStream().write(HandshakeCodec.encode(hello));
        var answer = socket.getInputStream().readNBytes(Handshake.LENGTH);
        boolean isUpgraded = flag == Handshake.V2 && format == Format.HYBRID;
        var expected = isUpgraded ? infoHash.swarms().getLast() : infoHash.primary();
        assertThat(Hash160.of(Arrays.copyOfRange(answer, 28, 48))).isEqualTo(expected);
      }
    }
  }
}

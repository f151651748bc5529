package org.spate.core.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.recording.Replay.Replayed;
import org.spate.core.swarm.CloseReason;
import org.spate.core.swarm.PeerSource;
import org.spate.core.swarm.Route;
import org.spate.core.swarm.SwarmEvent;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.swarm.SwarmOutput;
import org.spate.core.swarm.SwarmSettings;
import org.spate.core.wire.Extension;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;

/** What a swarm is told, written down, gives the same once more; anything else is noticed. */
class RecordingTest {
  private static final Endpoint V4 = Endpoint.v4(0x01020304, 6881);
  private static final Endpoint V6 = new Endpoint(0x20010db800000000L, 9, 65535);

  private static List<Replayed> replay(byte[] recording) {
    var all = new ArrayList<Replayed>();
    var replay = new Replay(RecordedGame.reader(recording));
    for (var step = replay.next(); step != null; step = replay.next()) {
      all.add(step);
    }
    return all;
  }

  @Test
  void a_download_comes_out_again_as_it_was() {
    for (long seed = 1; seed <= 20; seed++) {
      var game = new RecordedGame(seed);
      game.play();
      var steps = replay(game.recording());
      assertThat(steps).as("seed %d", seed).hasSizeGreaterThan(30).allMatch(Replayed::isSame);
      assertThat(steps.stream().flatMap(step -> step.outputs().stream()))
          .contains(new SwarmOutput.Notify(new SwarmEvent.Finished(true)));
    }
  }

  @Test
  void a_step_takes_few_bytes() {
    var game = new RecordedGame(1);
    game.play();
    int steps = replay(game.recording()).size();
    assertThat(game.recording().length).isLessThan(600 + 40 * steps);
  }

  @Test
  void a_second_swarm_of_the_same_torrent_follows_the_first() {
    var game = new RecordedGame(1);
    game.play();
    game.beginAgain();
    game.play();
    var steps = replay(game.recording());
    assertThat(steps).allMatch(Replayed::isSame);
    assertThat(steps.stream().filter(step -> step.beginning() != null)).hasSize(2);
  }

  @Test
  void with_what_a_swarm_broke_is_recorded_and_comes_out_again() {
    var game = new RecordedGame(1);
    game.give(new SwarmInput.Resume());
    assertThatThrownBy(() -> game.give(new SwarmInput.PrioritiesChanged(new byte[0])))
        .isInstanceOf(RuntimeException.class);
    var last = replay(game.recording()).getLast();
    assertThat(last.isSame()).isTrue();
    assertThat(last.broke()).isNotEmpty().isEqualTo(last.step().broke());
  }

  @Test
  void cut_off_anywhere_it_is_run_up_to_the_last_whole_entry() {
    var game = new RecordedGame(3);
    game.play();
    byte[] whole = game.recording();
    int before = 0;
    for (int length = Recorder.FIRST_LINE.length; length < whole.length; length += 41) {
      var reader = RecordedGame.reader(Arrays.copyOf(whole, length));
      var replay = new Replay(reader);
      int steps = 0;
      for (var step = replay.next(); step != null; step = replay.next()) {
        assertThat(step.isSame()).isTrue();
        steps++;
      }
      assertThat(steps).isGreaterThanOrEqualTo(before);
      before = steps;
    }
  }

  @Test
  void a_bit_that_has_changed_is_noticed_wherever_it_is() {
    var game = new RecordedGame(4);
    game.play();
    byte[] whole = game.recording();
    int steps = replay(whole).size();
    for (int at = 0; at < whole.length; at += 17) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << at % 8);
      try {
        // A length that has grown reaches beyond the end, as if the rest had been cut off.
        assertThat(replay(changed)).as("byte %d", at).hasSizeLessThan(steps);
      } catch (RecordingException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void an_answer_that_was_another_one_is_told_as_a_difference() {
    var game = new RecordedGame(5);
    game.play();
    var reader = RecordedGame.reader(game.recording());
    var beginning = (Beginning) reader.next();
    var other =
        new Beginning(
            beginning.metainfo(),
            beginning.have(),
            beginning.settings(),
            beginning.self(),
            beginning.diceSeed() + 1);
    var bytes = new ByteArrayOutputStream();
    var recorder = new Recorder((data, n) -> bytes.write(data, 0, n));
    // The same inputs for a swarm with other dice, told as if they were the old ones'.
    var machine = recorder.record(beginning, other.swarm());
    for (var entry = reader.next(); entry instanceof Step step; entry = reader.next()) {
      if (step.input() == null) {
        machine.advance(step.nowNanos());
      } else {
        machine.accept(step.input(), step.nowNanos());
      }
      while (machine.poll() != null) {}
    }
    assertThat(replay(bytes.toByteArray())).anyMatch(step -> !step.isSame());
  }

  static Stream<SwarmInput> inputs() {
    var handshake = new Handshake(-1, new Hash160(1, 2, 3), new PeerId(new Hash160(-4, -5, -6)));
    var route = new Route(Route.Transport.UTP, Route.Encryption.RC4, true);
    var opened = new SwarmInput.LinkOpened(7, V6, true, route, handshake);
    var ids = Extension.ids(List.of(Extension.values()));
    var extensions = new Extensions(ids, "Client µ", 1, 250, true, 1234, false, V4.withPort(0));
    var messages =
        List.<PeerMessage>of(
            new PeerMessage.Have(-1),
            new PeerMessage.Request(1, 2, 3),
            new PeerMessage.Cancel(-1, Integer.MAX_VALUE, Integer.MIN_VALUE),
            new PeerMessage.RejectRequest(1, 2, 3),
            new PeerMessage.Piece(1, 16384, new BareBlock(16384)),
            new PeerMessage.Unknown(99, 100_000),
            new PeerMessage.KeepAlive(),
            new PeerMessage.DontHave(5),
            new PeerMessage.UploadOnly(true),
            new PeerMessage.Port(6881),
            new PeerMessage.ExtensionHandshake(extensions));
    return Stream.concat(
        messages.stream().map(message -> new SwarmInput.MessageReceived(300, message)),
        Stream.of(
            opened,
            new SwarmInput.LinkInherited(opened, PeerSource.PEX, messages),
            new SwarmInput.DialFailed(V4),
            new SwarmInput.PayloadSent(1, 16384),
            new SwarmInput.LinkClosed(1, CloseReason.BAD_BITFIELD),
            new SwarmInput.WebSeedOpened(-1, "http://server.invalid/ä"),
            new SwarmInput.WebSeedFailed(3, "busy", -1),
            new SwarmInput.BlockRead(1, 2, 3, new BareBlock(4)),
            new SwarmInput.PieceVerified(5, true, null),
            new SwarmInput.BlockFailed(5, 16384),
            new SwarmInput.StorageFailed("disk full"),
            new SwarmInput.PeersFound(PeerSource.DHT, List.of(V4, V6)),
            new SwarmInput.Resume(),
            new SwarmInput.Pause(),
            new SwarmInput.PeersBanned(List.of(V6)),
            new SwarmInput.SettingsChanged(SwarmSettings.DEFAULT.withListenPort(80))));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void each_input_is_read_as_it_was_written(SwarmInput input) {
    assertThat(InputForm.read(form(input))).isEqualTo(input);
  }

  @Test
  void arrays_in_inputs_are_read_as_they_were_written() {
    byte[] bytes = {1, -1, 0};
    long[] digests = {1, -1};
    var verified = new SwarmInput.PieceVerified(5, false, digests);
    var hashed = new SwarmInput.LeavesHashed(1, 2, bytes);
    var chosen = new SwarmInput.PrioritiesChanged(bytes);
    var said = new SwarmInput.MessageReceived(1, new PeerMessage.Bitfield(bytes));
    assertThat(((SwarmInput.PieceVerified) InputForm.read(form(verified))).digests())
        .isEqualTo(digests);
    assertThat(((SwarmInput.LeavesHashed) InputForm.read(form(hashed))).leaves()).isEqualTo(bytes);
    assertThat(((SwarmInput.PrioritiesChanged) InputForm.read(form(chosen))).priorities())
        .isEqualTo(bytes);
    var heard = (SwarmInput.MessageReceived) InputForm.read(form(said));
    assertThat(((PeerMessage.Bitfield) heard.message()).bits()).isEqualTo(bytes);
  }

  private static FormReader form(SwarmInput input) {
    var out = new FormWriter();
    new InputForm(out).write(input);
    return new FormReader(out.array(), 0, out.size());
  }

  @Test
  void an_entry_that_claims_to_be_huge_is_refused_before_it_is_read() {
    var out = new FormWriter();
    out.writeBytes(Recorder.FIRST_LINE);
    out.writeNumber(RecordingReader.ENTRY_LENGTH_MAX + 1L);
    var reader = RecordedGame.reader(Arrays.copyOf(out.array(), out.size()));
    assertThatThrownBy(reader::next)
        .isInstanceOf(RecordingException.class)
        .hasMessageContaining("damaged after step 0");
  }
}

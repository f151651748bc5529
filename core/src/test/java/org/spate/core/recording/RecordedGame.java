package org.spate.core.recording;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;
import org.spate.core.PeerId;
import org.spate.core.bencode.BencodeWriter;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.swarm.SwarmOutput;
import org.spate.core.swarm.SwarmSettings;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.PeerMessage;

/** A swarm that downloads from one seed, played by this class, and is recorded. */
final class RecordedGame {
  static final int PIECE = 1 << 16;
  static final int PIECES = 6;
  private static final long MILLISECOND = 1_000_000L;

  private final ByteArrayOutputStream recording = new ByteArrayOutputStream();
  private final Recorder recorder = new Recorder((bytes, n) -> recording.write(bytes, 0, n));
  private final ArrayDeque<SwarmInput> answers = new ArrayDeque<>();
  private final SplittableRandom random;
  private final PeerId self;
  private Machine<SwarmInput, SwarmOutput> machine;
  private long nowNanos = 5_000 * MILLISECOND;

  RecordedGame(long seed) {
    random = new SplittableRandom(seed);
    self = PeerId.random(random);
    machine = newSwarm();
  }

  static Metainfo metainfo() {
    var writer = new BencodeWriter().beginDictionary();
    writer.key("info").beginDictionary();
    writer.key("length").integer((long) PIECE * PIECES - 1);
    writer.key("name").text("name");
    writer.key("piece length").integer(PIECE);
    writer.key("pieces").text(new byte[Hash160.BYTES * PIECES]);
    return MetainfoParser.parse(writer.end().end().toBytes());
  }

  private Machine<SwarmInput, SwarmOutput> newSwarm() {
    var beginning =
        new Beginning(
            metainfo(), new PieceSet(PIECES), SwarmSettings.DEFAULT, self, random.nextLong());
    return recorder.record(beginning, beginning.swarm());
  }

  /** A new swarm after a check, say. */
  void beginAgain() {
    machine = newSwarm();
  }

  /** Downloads all of it. */
  void play() {
    give(new SwarmInput.Resume());
    var remote = Endpoint.v4(0x7f000001, 6881);
    var theirs = new Handshake(Handshake.FAST, metainfo().infoHash().primary(), seedId());
    give(new SwarmInput.LinkOpened(1, remote, false, theirs));
    give(new SwarmInput.MessageReceived(1, new PeerMessage.HaveAll()));
    give(new SwarmInput.MessageReceived(1, new PeerMessage.Unchoke()));
    for (int second = 0; second < 12; second++) {
      while (machine.deadlineNanos() > nowNanos && !answers.isEmpty()) {
        give(answers.remove());
      }
      nowNanos = Math.max(nowNanos, machine.deadlineNanos());
      machine.advance(nowNanos);
      drain();
    }
  }

  private PeerId seedId() {
    return PeerId.random(random);
  }

  void give(SwarmInput input) {
    nowNanos += random.nextLong(MILLISECOND);
    machine.accept(input, nowNanos);
    drain();
  }

  private void drain() {
    for (var output = machine.poll(); output != null; output = machine.poll()) {
      switch (output) {
        case SwarmOutput.Send(int link, PeerMessage.Request(int index, int begin, int length)) ->
            answers.add(
                new SwarmInput.MessageReceived(
                    link, new PeerMessage.Piece(index, begin, new BareBlock(length))));
        case SwarmOutput.VerifyPiece(int index, _) ->
            answers.add(new SwarmInput.PieceVerified(index, true, null));
        default -> {}
      }
    }
  }

  byte[] recording() {
    return recording.toByteArray();
  }

  /** Reads from these bytes, in portions of odd sizes. */
  static RecordingReader reader(byte[] bytes) {
    int[] at = {0};
    return new RecordingReader(
        (into, offset, length) -> {
          int count = Math.min(Math.min(length, 37), bytes.length - at[0]);
          System.arraycopy(bytes, at[0], into, offset, Math.max(0, count));
          at[0] += count;
          return count == 0 ? -1 : count;
        });
  }
}

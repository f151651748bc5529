package org.spate.core.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.spate.core.BigEndian;
import org.spate.core.swarm.SwarmInput;

/** Any bytes are read, replayed, or refused with a message; never more than that. */
class RecordingFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void recordings(byte[] data) {
    replay(data);
  }

  /** Entries whose lengths and checks are right, so that what is in them is looked at. */
  @FuzzTest(maxDuration = "1m")
  void entries(byte[] data) {
    var out = new FormWriter();
    var check = new RollingHash();
    out.writeBytes(Recorder.FIRST_LINE);
    for (int at = 0; at + Short.BYTES <= data.length; ) {
      int length = BigEndian.shortAt(data, at) % 4096;
      at += Short.BYTES;
      var body = Arrays.copyOfRange(data, at, Math.min(data.length, at + length));
      at += length;
      check.add(body, 0, body.length);
      out.writeBlob(body);
      out.writeInt(check.folded());
    }
    replay(Arrays.copyOf(out.array(), out.size()));
  }

  private static void replay(byte[] recording) {
    try {
      var replay = new Replay(RecordedGame.reader(recording));
      while (replay.next() != null) {}
    } catch (RecordingException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @FuzzTest(maxDuration = "1m")
  void inputs(byte[] data) {
    try {
      var input = InputForm.read(new FormReader(data, 0, data.length));
      var once = written(input);
      assertThat(written(InputForm.read(new FormReader(once, 0, once.length)))).isEqualTo(once);
    } catch (RecordingException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  private static byte[] written(SwarmInput input) {
    var out = new FormWriter();
    new InputForm(out).write(input);
    return Arrays.copyOf(out.array(), out.size());
  }
}

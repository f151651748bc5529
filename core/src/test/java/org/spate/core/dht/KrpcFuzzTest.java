package org.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.spate.core.Endpoint;

/** Any datagram is a message or is not; and whatever it says, the machine answers within limits. */
class KrpcFuzzTest {
  private static final Endpoint STRANGER = Endpoint.v4(0x08080808, 8);

  @FuzzTest(maxDuration = "1m")
  void datagrams(byte[] data) {
    var message = KrpcReader.read(data);
    if (message != null) {
      // What we understand we can say again, and then understand the same.
      var written = KrpcWriter.write(message);
      var again = KrpcReader.read(written);
      assertThat(again).isNotNull();
      assertThat(KrpcWriter.write(again)).isEqualTo(written);
    }
    var dht =
        new Dht(
            new DhtSettings(DhtSettings.ReadOnly.NEVER), DhtState.EMPTY, new SplittableRandom(1));
    dht.accept(new DhtInput.SocketOpened(0, false), 0);
    dht.accept(new DhtInput.DatagramReceived(0, STRANGER, data), 1);
    int sent = 0;
    for (var output = dht.poll(); output != null; output = dht.poll()) {
      if (output instanceof DhtOutput.SendDatagram(_, _, byte[] datagram)) {
        sent += datagram.length;
      }
    }
    assertThat(sent).isLessThanOrEqualTo(SourceLimits.AMPLIFICATION_MAX * data.length);
  }

  @FuzzTest(maxDuration = "1m")
  void state(byte[] data) {
    var state = DhtState.parse(data);
    assertThat(Arrays.equals(DhtState.parse(state.bytes()).bytes(), state.bytes())).isTrue();
  }
}

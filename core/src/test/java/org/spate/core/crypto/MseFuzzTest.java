package org.spate.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Any bytes leave a side waiting, agreed, or with a typed refusal: the same one however cut. */
class MseFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void responder(byte[] data) {
    var whole = run(responder(), data, data.length);
    assertThat(run(responder(), data, 1)).isEqualTo(whole);
    assertThat(run(responder(), data, 50)).isEqualTo(whole);
  }

  @FuzzTest(maxDuration = "1m")
  void initiator(byte[] data) {
    var whole = run(initiator(), data, data.length);
    assertThat(run(initiator(), data, 1)).isEqualTo(whole);
    assertThat(run(initiator(), data, 50)).isEqualTo(whole);
  }

  private static MseHandshake responder() {
    return new MseResponder(Mse::find, EncryptionMode.ACCEPTED, new SplittableRandom(1));
  }

  private static MseHandshake initiator() {
    return new MseInitiator(
        Mse.TORRENT, new byte[68], EncryptionMode.PREFERRED, new SplittableRandom(1));
  }

  private static String run(MseHandshake side, byte[] data, int part) {
    try {
      for (int at = 0; at < data.length && side.agreement() == null; at += part) {
        side.accept(data, at, Math.min(part, data.length - at));
      }
    } catch (MseException e) {
      return e.reason().toString();
    }
    var agreement = side.agreement();
    int sent = Mse.drain(side).length;
    return agreement == null ? "sent " + sent : agreement.method() + ", sent " + sent;
  }

  @FuzzTest(maxDuration = "1m")
  void behindAKey(byte[] data) {
    var mse = new Mse(new byte[68], EncryptionMode.PREFERRED, EncryptionMode.ACCEPTED, dice(data));
    mse.responder.accept(Mse.drain(mse.initiator), 0, DiffieHellman.KEY_BYTES);
    mse.initiator.accept(Mse.drain(mse.responder), 0, DiffieHellman.KEY_BYTES);
    var request = Mse.drain(mse.initiator);
    for (int i = 0; i < data.length; i++) {
      request[i % request.length] ^= data[i];
    }
    var outcome = run(mse.responder, request, request.length);
    assertThat(outcome).isNotEmpty();
  }

  private static SplittableRandom dice(byte[] data) {
    return new SplittableRandom(Arrays.hashCode(data));
  }
}

package org.spate.core.utp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.spate.core.Endpoint;
import org.spate.core.Machine;

/** Any datagram is a packet or nothing, and any run of them leaves a socket sound. */
class UtpFuzzTest {
  private static final Endpoint SOMEBODY = Endpoint.v4(0x0A000001, 6881);

  @FuzzTest(maxDuration = "1m")
  void header(byte[] data) {
    var packet = PacketCodec.parse(data, data.length);
    if (packet != null) {
      assertThat(packet.headerBytes()).isBetween(UtpPacket.HEADER_BYTES, data.length);
      assertThat(packet.headerBytes()).isLessThanOrEqualTo(UtpPacket.HEADER_BYTES_MAX);
      if (packet.padding() <= UtpPacket.EXTENSION_BYTES_MAX && packet.padding() != 1) {
        var bytes = new byte[packet.headerBytes()];
        PacketCodec.write(packet, bytes);
        assertThat(PacketCodec.parse(bytes, bytes.length)).isEqualTo(packet);
      }
    }
  }

  /** The first byte of each 24 is a pause, the others are a datagram with a short payload. */
  @FuzzTest(maxDuration = "1m")
  void conversation(byte[] data) {
    var socket = new UtpSocket(new UtpSettings(8, 4, 1 << 16), new SplittableRandom(1));
    int[] released = new int[1];
    int received = 0;
    int delivered = 0;
    long now = 0;
    socket.connect(SOMEBODY, now);
    for (int at = 0; at + 24 <= data.length; at += 24) {
      now += (data[at] & 0xFF) * 10_000_000L;
      var datagram = Arrays.copyOfRange(data, at + 1, at + 24);
      var packet = PacketCodec.parse(datagram, datagram.length);
      if (packet != null) {
        received++;
        int length = datagram.length - packet.headerBytes();
        socket.received(SOMEBODY, packet, new Host.Part(0, length, released), now);
      }
      while (socket.deadlineNanos() <= now) {
        socket.advance(now);
      }
      for (var output = socket.poll(); output != null; output = socket.poll()) {
        if (output instanceof UtpOutput.Deliver(int number, var payload)) {
          delivered++;
          socket.write(number, payload.length());
          socket.read(number, payload.length(), now);
        }
      }
      assertThat(socket.connections()).isLessThanOrEqualTo(8);
    }
    socket.close(now);
    assertThat(socket.connections()).isZero();
    assertThat(released[0] + delivered).isEqualTo(received);
    assertThat(socket.deadlineNanos()).isLessThanOrEqualTo(Machine.NEVER);
  }
}

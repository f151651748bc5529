package org.spate.core.utp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;

/** What a socket says to strangers, liars and floods: packet by packet. */
class UtpSocketTest {
  private static final long MILLI = 1_000_000L;
  private static final Endpoint PEER = Endpoint.v4(0x0A000001, 6881);
  private static final int PEER_ID = 700;

  private final UtpSocket socket =
      new UtpSocket(new UtpSettings(50, 20, 1 << 20), new SplittableRandom(1));
  private final int[] released = new int[1];
  private final List<UtpOutput> heard = new ArrayList<>();
  private long now = 5_000 * MILLI;
  private int ours;

  @Test
  void aSynIsAnsweredOnceAndTheConnectionIsNotKnownBeforeTheAnswerIsAcknowledged() {
    var answer = one(send(PEER, syn(PEER_ID, 41)));
    assertThat(answer.type()).isEqualTo(PacketType.STATE);
    assertThat(answer.connectionId()).isEqualTo(PEER_ID);
    assertThat(answer.ack()).isEqualTo(41);
    assertThat(answer.headerBytes()).isEqualTo(UtpPacket.HEADER_BYTES);
    heard.clear();
    pass(5_000 * MILLI);
    assertThat(heard).as("nothing more without being asked").isEmpty();
    send(PEER, packet(PacketType.DATA, 42, answer.sequence() + 7), 10);
    assertThat(heard).as("a guess is no proof").isEmpty();
    send(PEER, packet(PacketType.DATA, 42, answer.sequence() - 1), 10);
    assertThat(heard).contains(new UtpOutput.Accepted(0, PEER));
    assertThat(heard).anyMatch(o -> o instanceof UtpOutput.Deliver);
  }

  @Test
  void aRepeatedSynIsAnsweredAgainTheSameWay() {
    var first = one(send(PEER, syn(PEER_ID, 41)));
    var second = one(send(PEER, syn(PEER_ID, 41)));
    assertThat(second.sequence()).isEqualTo(first.sequence());
    assertThat(socket.connections()).isEqualTo(1);
  }

  /** Threat 34. */
  @Test
  void aFloodOfSynsFromManyNamesGetsNoMoreBytesThanItSentAndABoundedPlace() {
    long in = 0;
    long out = 0;
    for (int i = 0; i < 5_000; i++) {
      var remote = Endpoint.v4(0x0B000000 + i, 1024 + i % 1000);
      in += UtpPacket.HEADER_BYTES;
      out += bytesOf(send(remote, syn(i & 0xFFFF, i & 0xFFFF)));
      assertThat(socket.connections()).isLessThanOrEqualTo(20);
    }
    for (int i = 0; i < 200; i++) {
      out += bytesOf(pass(100 * MILLI));
    }
    assertThat(out).isLessThanOrEqualTo(in);
    assertThat(socket.connections()).as("all forgotten").isZero();
    assertThat(heard).noneMatch(o -> !(o instanceof UtpOutput.Transmit));
  }

  @Test
  void aFloodDoesNotEndThoseWhoAreConnected() {
    connected();
    for (int i = 0; i < 500; i++) {
      send(Endpoint.v4(0x0B000000 + i, 5000), syn(i, i));
    }
    assertThat(heard).noneMatch(o -> o instanceof UtpOutput.Closed);
    assertThat(socket.has(0)).isTrue();
  }

  /** Threat 35. */
  @Test
  void whoAcknowledgesWhatWasNeverSentIsReset() {
    var open = connected();
    socket.write(0, 100_000);
    int sent = pass(0).size();
    assertThat(sent).isBetween(2, CongestionWindow.PACKETS_FIRST);
    var answers = send(PEER, packet(PacketType.STATE, 42, open.sequence() + 1_000));
    assertThat(one(answers).type()).isEqualTo(PacketType.RESET);
    assertThat(heard).contains(new UtpOutput.Closed(0, CloseCause.VIOLATION));
    assertThat(pass(60_000 * MILLI)).isEmpty();
  }

  @Test
  void bitsOfASelectiveAckBeyondWhatWasSentAreIgnored() {
    var open = connected();
    socket.write(0, 3_000);
    pass(0);
    var all = new byte[SelectiveAck.BYTES_MAX];
    Arrays.fill(all, (byte) 0xFF);
    var state =
        new UtpPacket(
            PacketType.STATE,
            PEER_ID + 1,
            0,
            0,
            1 << 20,
            42,
            open.sequence() - 1,
            new SelectiveAck(all),
            0);
    send(PEER, state);
    assertThat(heard).noneMatch(o -> o instanceof UtpOutput.Closed);
  }

  @Test
  void aWindowThatOpensALittleEndsTheWaitForIt() {
    connected();
    send(PEER, stateWithWindow(10, 0));
    socket.write(0, 100);
    assertThat(pass(0)).isEmpty();
    var sent = one(send(PEER, stateWithWindow(600, 0)));
    assertThat(sent.type()).isEqualTo(PacketType.DATA);
    send(PEER, stateWithWindow(600, sent.sequence()));
    now += 10_000 * MILLI;
    socket.advance(now);
    assertThat(socket.deadlineNanos()).isGreaterThan(now);
  }

  private UtpPacket stateWithWindow(int window, int ack) {
    var plain = packet(PacketType.STATE, 43, ack);
    return new UtpPacket(
        plain.type(), plain.connectionId(), 0, 5_000, window, 43, plain.ack(), null, 0);
  }

  @Test
  void aStrangersPacketGetsAResetOfItsLengthAndAStrangersResetGetsNothing() {
    var reset = one(send(PEER, packet(PacketType.DATA, 5, 6), 100));
    assertThat(reset.type()).isEqualTo(PacketType.RESET);
    assertThat(reset.ack()).isEqualTo(5);
    assertThat(send(PEER, packet(PacketType.RESET, 5, 6))).isEmpty();
    assertThat(released[0]).isEqualTo(2);
  }

  @Test
  void aResetThatDoesNotNameAPacketOfOursIsIgnored() {
    var open = connected();
    send(PEER, packet(PacketType.RESET, 0, open.sequence() + 500));
    assertThat(socket.has(0)).isTrue();
    send(PEER, packet(PacketType.RESET, 0, open.sequence()));
    assertThat(heard).contains(new UtpOutput.Closed(0, CloseCause.RESET));
  }

  @Test
  void twoPacketsInOneBatchAreAcknowledgedByOneAndASingleOneALittleLater() {
    connected();
    pass(100 * MILLI);
    heard.clear();
    feed(PEER, packet(PacketType.DATA, 43, 0), 10);
    feed(PEER, packet(PacketType.DATA, 44, 0), 10);
    feed(PEER, packet(PacketType.DATA, 45, 0), 10);
    assertThat(one(pass(0)).ack()).isEqualTo(45);
    feed(PEER, packet(PacketType.DATA, 46, 0), 10);
    assertThat(pass(0)).isEmpty();
    assertThat(one(pass(25 * MILLI)).ack()).isEqualTo(46);
  }

  @Test
  void aGapIsToldAtOnceWithWhatIsBehindIt() {
    connected();
    var told = one(send(PEER, packet(PacketType.DATA, 45, 0), 10));
    assertThat(told.ack()).isEqualTo(42);
    assertThat(told.selectiveAck()).hasToString("+.x" + ".".repeat(30));
  }

  @Test
  void threePacketsThatOvertakeOneHaveItSentAgainAtOnce() {
    var open = connected();
    socket.write(0, 8_000);
    var sent = pass(0);
    assertThat(sent.size()).isGreaterThanOrEqualTo(5);
    now += 20 * MILLI;
    var bits = new byte[] {0b111, 0, 0, 0};
    var again =
        send(
            PEER,
            new UtpPacket(
                PacketType.STATE,
                PEER_ID + 1,
                0,
                5_000,
                1 << 20,
                43,
                open.sequence() - 1,
                new SelectiveAck(bits),
                0));
    assertThat(again).isNotEmpty();
    assertThat(again.getFirst().sequence()).isEqualTo(open.sequence());
  }

  @Test
  void nothingLeavesWhileTheSocketIsFull() {
    connected();
    socket.hold(true);
    socket.write(0, 8_000);
    assertThat(pass(0)).isEmpty();
    assertThat(socket.deadlineNanos()).isGreaterThan(now);
    socket.hold(false);
    assertThat(pass(0)).isNotEmpty();
  }

  /** The peer has connected, and its first packet, 42, has arrived. Returns our answer. */
  private UtpPacket connected() {
    var answer = one(send(PEER, syn(PEER_ID, 41)));
    ours = answer.sequence();
    now += 10 * MILLI;
    send(PEER, packet(PacketType.DATA, 42, answer.sequence() - 1), 10);
    pass(50 * MILLI);
    heard.clear();
    return answer;
  }

  private static UtpPacket syn(int id, int sequence) {
    return new UtpPacket(PacketType.SYN, id, 0, 0, 1 << 20, sequence, 0, null, 0);
  }

  /** An ack of 0 stands for all before our first packet. */
  private UtpPacket packet(PacketType type, int sequence, int ack) {
    int acked = ack == 0 ? ours - 1 : ack;
    return new UtpPacket(type, PEER_ID + 1, 0, 5_000, 1 << 20, sequence, acked & 0xFFFF, null, 0);
  }

  private List<UtpPacket> send(Endpoint remote, UtpPacket packet) {
    return send(remote, packet, 0);
  }

  private List<UtpPacket> send(Endpoint remote, UtpPacket packet, int length) {
    feed(remote, packet, length);
    return pass(0);
  }

  private void feed(Endpoint remote, UtpPacket packet, int length) {
    socket.received(remote, packet, new Host.Part(0, length, released), now);
  }

  /** Lets time pass; the packets that left. */
  private List<UtpPacket> pass(long nanos) {
    now += nanos;
    var packets = new ArrayList<UtpPacket>();
    do {
      if (socket.deadlineNanos() <= now) {
        socket.advance(now);
      }
      for (var output = socket.poll(); output != null; output = socket.poll()) {
        heard.add(output);
        if (output instanceof UtpOutput.Transmit transmit) {
          packets.add(transmit.header());
        }
      }
    } while (socket.deadlineNanos() <= now);
    return packets;
  }

  private static UtpPacket one(List<UtpPacket> packets) {
    assertThat(packets).hasSize(1);
    return packets.getFirst();
  }

  private static long bytesOf(List<UtpPacket> packets) {
    return packets.stream().mapToLong(UtpPacket::headerBytes).sum();
  }
}

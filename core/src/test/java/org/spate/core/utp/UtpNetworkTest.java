package org.spate.core.utp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections over bad wires and shared ones. */
class UtpNetworkTest {
  private static final long MILLI = Wires.MILLI;
  private static final long SECOND = Wires.SECOND;
  private static final int SEEDS = 25;

  @ParameterizedTest(name = "{0} % lost, {1} % twice, up to {2} ms late")
  @CsvSource({"0, 0, 0", "1, 0, 0", "0, 20, 0", "0, 0, 30", "3, 5, 10", "8, 10, 20"})
  void everythingArrivesIntactBothWays(int loss, int repeats, int jitter) {
    for (long seed = 0; seed < SEEDS; seed++) {
      var lab = new Lab(seed);
      var weather = new Wires.Weather(10 * MILLI, jitter * MILLI, loss / 100.0, repeats / 100.0);
      var a = lab.host();
      var b = lab.host();
      Host.join(a, b, lab.wires.wire(weather), lab.wires.wire(weather));
      var there = a.connect(b);
      int bytes = 1 + lab.random.nextInt(400_000);
      a.write(there, bytes);
      lab.wires.runUntil(20 * SECOND);
      assertThat(b.accepted).as("seed %d", seed).hasSize(1);
      var back = b.accepted.getFirst();
      b.write(back, bytes / 2);
      a.shut(there);
      lab.wires.runUntil(120 * SECOND);
      assertThat(back.received).as("seed %d", seed).isEqualTo(bytes);
      assertThat(back.isEnded).as("seed %d", seed).isTrue();
      if (back.closed == null) {
        b.shut(back);
      }
      lab.wires.runUntil(300 * SECOND);
      assertThat(there.closed).as("seed %d", seed).isEqualTo(CloseCause.FINISHED);
      assertThat(a.socket.connections() + b.socket.connections()).isZero();
      assertThat(a.released[0]).as("every payload is given back").isEqualTo((int) a.created);
      assertThat(b.released[0]).as("every payload is given back").isEqualTo((int) b.created);
    }
  }

  @Test
  void theSameSeedGivesTheSamePackets() {
    assertThat(traceOf(7)).isEqualTo(traceOf(7)).isNotEqualTo(traceOf(8));
  }

  private static String traceOf(long seed) {
    var lab = new Lab(seed);
    var weather = new Wires.Weather(10 * MILLI, 20 * MILLI, 0.05, 0.05);
    var a = lab.host();
    var b = lab.host();
    a.isTraced = true;
    Host.join(a, b, lab.wires.wire(weather), lab.wires.wire(weather));
    a.write(a.connect(b), 300_000);
    lab.wires.runUntil(30 * SECOND);
    return a.trace.toString();
  }

  @ParameterizedTest(name = "{0} Mbit/s, {1} ms away")
  @CsvSource({"10, 10", "10, 50", "50, 20", "2, 30"})
  void aLoneConnectionFillsItsPathAndKeepsTheQueueNearTheTarget(int megabits, int milliseconds) {
    var lab = new Lab(1);
    double rate = megabits * 125_000.0;
    var bottleneck = lab.wires.new Bottleneck(rate, (int) rate, milliseconds * MILLI / 2);
    var a = lab.host();
    var b = lab.host();
    Host.join(a, b, bottleneck, lab.wires.wire(Wires.Weather.calm(milliseconds * MILLI / 2)));
    b.asks = true;
    a.write(a.connect(b), 2_000_000_000);
    lab.wires.runUntil(20 * SECOND);
    var stream = b.accepted.getFirst();
    long before = stream.received;
    var queues = lab.sampleQueue(bottleneck, 80 * SECOND);
    double share = (stream.received - before) / (rate * 60);
    assertThat(share).as("of the rate, headers and pauses off").isBetween(0.75, 1.0);
    queues.sort(null);
    assertThat(queues.get(queues.size() / 2) / MILLI).as("median ms").isBetween(5L, 35L);
    assertThat(queues.get(queues.size() * 95 / 100) / MILLI).as("most ms").isLessThan(80L);
    assertThat(bottleneck.dropped).isZero();
  }

  @Test
  void connectionsThatStartOneAfterTheOtherGetEqualShares() {
    var lab = new Lab(3);
    double rate = 2_500_000;
    var bottleneck = lab.wires.new Bottleneck(rate, (int) rate, 15 * MILLI);
    int count = 4;
    var receivers = new ArrayList<Host>();
    for (int i = 0; i < count; i++) {
      var a = lab.host();
      var b = lab.host();
      Host.join(a, b, bottleneck, lab.wires.wire(Wires.Weather.calm(15 * MILLI)));
      b.asks = true;
      lab.wires.at(10L * i * SECOND, () -> a.write(a.connect(b), 2_000_000_000));
      receivers.add(b);
    }
    lab.wires.runUntil(60 * SECOND);
    var before = receivers.stream().map(h -> h.accepted.getFirst().received).toList();
    lab.wires.runUntil(240 * SECOND);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double got = receivers.get(i).accepted.getFirst().received - before.get(i);
      sum += got;
      squares += got * got;
    }
    assertThat(sum * sum / (count * squares)).as("Jain's index").isGreaterThan(0.9);
    assertThat(sum / (rate * 180)).as("of the rate").isGreaterThan(0.75);
  }

  @ParameterizedTest(name = "a queue of {0} ms, {1} ms away")
  @CsvSource({
    "300, 30", "150, 30", "100, 30", "60, 30", "30, 30", "300, 1", "100, 1", "60, 1", "30, 1"
  })
  void aConnectionGivesWayToALossBasedFlow(int queueMillis, int millis) {
    var lab = new Lab(5);
    double rate = 1_250_000;
    var bottleneck =
        lab.wires.new Bottleneck(rate, (int) (rate * queueMillis / 1000), millis * MILLI / 2);
    var a = lab.host();
    var b = lab.host();
    Host.join(a, b, bottleneck, lab.wires.wire(Wires.Weather.calm(millis * MILLI / 2)));
    b.asks = true;
    a.write(a.connect(b), 2_000_000_000);
    lab.wires.runUntil(20 * SECOND);
    var stream = b.accepted.getFirst();
    var greedy = new LossBasedFlow(lab.wires, bottleneck, millis * MILLI / 2);
    greedy.start();
    lab.wires.runUntil(40 * SECOND);
    long ours = stream.received;
    long theirs = greedy.arrivedBytes;
    lab.wires.runUntil(100 * SECOND);
    double rateOfTheirs = (greedy.arrivedBytes - theirs) / (rate * 60);
    assertThat(rateOfTheirs).as("of the rate").isGreaterThan(0.9);
    assertThat(stream.received - ours).as("it lives on").isPositive();
    greedy.stop();
    lab.wires.runUntil(120 * SECOND);
    ours = stream.received;
    lab.wires.runUntil(150 * SECOND);
    assertThat((stream.received - ours) / (rate * 30))
        .as("of the rate, once alone")
        .isGreaterThan(0.7);
  }

  @Test
  void clocksThatDisagreeDoNotMatter() {
    var received = new ArrayList<Long>();
    for (long offset : new long[] {0, 3 * SECOND, 4295 * SECOND + 123_456_789}) {
      var lab = new Lab(9);
      var bottleneck = lab.wires.new Bottleneck(1_250_000, 1_250_000, 10 * MILLI);
      var a = lab.host();
      var b = lab.host(offset);
      Host.join(a, b, bottleneck, lab.wires.wire(Wires.Weather.calm(10 * MILLI)));
      b.asks = true;
      a.write(a.connect(b), 2_000_000_000);
      lab.wires.runUntil(30 * SECOND);
      received.add(b.accepted.getFirst().received);
    }
    assertThat((double) received.get(1)).isCloseTo(received.get(0), within(received.get(0) * 0.02));
    assertThat((double) received.get(2)).isCloseTo(received.get(0), within(received.get(0) * 0.02));
  }

  @Test
  void aSlowReaderHoldsTheSenderBack() {
    var lab = new Lab(2);
    var a = lab.host();
    var b = lab.host();
    var calm = Wires.Weather.calm(5 * MILLI);
    Host.join(a, b, lab.wires.wire(calm), lab.wires.wire(calm));
    b.readsAll = false;
    a.write(a.connect(b), 20_000_000);
    lab.wires.runUntil(10 * SECOND);
    var stream = b.accepted.getFirst();
    long held = stream.received;
    assertThat(held).isBetween(16_384L, (long) ReceiveWindow.BYTES_MAX + (64 << 10));
    lab.wires.runUntil(60 * SECOND);
    assertThat(stream.received - held).as("a try now and then").isLessThan(64 << 10);
    b.readsAll = true;
    b.read(stream, (int) stream.received);
    lab.wires.runUntil(120 * SECOND);
    assertThat(stream.received).isEqualTo(20_000_000);
  }

  @Test
  void aPathThatDropsLongPacketsIsFoundNarrow() {
    for (int limit : new int[] {1300, 1420, 1472}) {
      var lab = new Lab(4);
      var longest = new int[1];
      var a = lab.host();
      var b = lab.host();
      var wire = lab.wires.wire(Wires.Weather.calm(20 * MILLI));
      Wires.Wire narrow =
          (bytes, arrival) -> {
            if (bytes - 28 <= limit) {
              longest[0] = Math.max(longest[0], bytes - 28);
              wire.send(bytes, arrival);
            }
          };
      Host.join(a, b, narrow, lab.wires.wire(Wires.Weather.calm(20 * MILLI)));
      a.write(a.connect(b), 3_000_000);
      lab.wires.runUntil(60 * SECOND);
      assertThat(b.accepted.getFirst().received).isEqualTo(3_000_000);
      assertThat(longest[0]).as("limit %d", limit).isBetween(limit - 20, limit);
    }
  }

  @Test
  void whoFallsSilentIsGivenUp() {
    var lab = new Lab(6);
    var a = lab.host();
    var b = lab.host();
    var calm = Wires.Weather.calm(5 * MILLI);
    var isCut = new boolean[1];
    var wire = lab.wires.wire(calm);
    Wires.Wire cut =
        (bytes, arrival) -> {
          if (!isCut[0]) {
            wire.send(bytes, arrival);
          }
        };
    Host.join(a, b, cut, lab.wires.wire(calm));
    var stream = a.connect(b);
    var nobody = a.connect(lab.host());
    a.write(stream, 100_000_000);
    lab.wires.runUntil(SECOND);
    isCut[0] = true;
    lab.wires.runUntil(200 * SECOND);
    assertThat(stream.closed).isEqualTo(CloseCause.TIMED_OUT);
    assertThat(nobody.closed).isEqualTo(CloseCause.TIMED_OUT);
    assertThat(a.socket.connections()).isZero();
  }

  /** Virtual time, dice and hosts of one run. */
  private static final class Lab {
    final SplittableRandom random;
    final Wires wires;
    private int hosts;

    Lab(long seed) {
      random = new SplittableRandom(seed);
      wires = new Wires(random);
    }

    Host host() {
      return host(random.nextLong(100) * SECOND);
    }

    Host host(long clockOffset) {
      return new Host(wires, ++hosts, UtpSettings.DEFAULT, random, clockOffset);
    }

    List<Long> sampleQueue(Wires.Bottleneck bottleneck, long untilNanos) {
      var queues = new ArrayList<Long>();
      while (wires.now() < untilNanos) {
        wires.runUntil(wires.now() + 10 * MILLI);
        queues.add(bottleneck.queueNanos());
      }
      return queues;
    }
  }
}

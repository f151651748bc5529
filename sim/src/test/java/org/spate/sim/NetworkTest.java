package org.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spate.core.wire.PeerMessage;

/** The access-link model, with hosts that only send and count. */
class NetworkTest {
  private static final int BLOCK = 1 << 14;
  private static final long MILLIS = 1_000_000L;

  private final World world = new World();
  private final BlockBytes bytes = new BlockBytes();
  private NetworkModel model = NetworkModel.DEFAULT.withoutOverhead();
  private Network network = new Network(world, model, bytes.wholeBlock());

  @Test
  void a_link_moves_bytes_at_the_lesser_of_upload_and_download() {
    long[][] rates = {{1_000_000, 4_000_000}, {4_000_000, 1_000_000}, {1_000_000, 1_000_000}};
    for (long[] rate : rates) {
      reset(NetworkModel.DEFAULT.withoutOverhead());
      var from = new Probe(rate[0], 9_000_000, 10 * MILLIS);
      var to = new Probe(9_000_000, rate[1], 15 * MILLIS);
      connect(from, to);
      from.sendBlocks(to, 200);
      run();
      double seconds = 200 * (BLOCK + 13) / 1e6;
      assertThat(to.blockBytes).isEqualTo(200L * BLOCK);
      assertThat((to.lastNanos - from.openedNanos) / 1e9)
          .as("up %d, down %d", rate[0], rate[1])
          .isCloseTo(seconds + 0.025, withinPercentage(1));
    }
  }

  @Test
  void headers_and_acknowledgements_are_part_of_the_cost() {
    reset(NetworkModel.DEFAULT);
    var from = new Probe(1_000_000, 9_000_000, 0);
    var to = new Probe(9_000_000, 9_000_000, 0);
    connect(from, to);
    from.sendBlocks(to, 400);
    run();
    double payloadShare = 400.0 * BLOCK / 1e6 / ((to.lastNanos - from.openedNanos) / 1e9);
    assertThat(payloadShare).isCloseTo(1448.0 / 1514, withinPercentage(0.5));
    double acks = (double) to.access.wireBytesSent / from.access.wireBytesSent;
    assertThat(acks).isCloseTo(66.0 / (2 * 1514), withinPercentage(5));
  }

  @Test
  void backlogged_links_of_a_sender_share_its_upload_evenly() {
    var from = new Probe(1_000_000, 9_000_000, 0);
    var receivers = probes(5, 9_000_000, 9_000_000);
    for (var to : receivers) {
      connect(from, to);
      from.sendBlocks(to, 1000);
    }
    runUntil(10_000 * MILLIS);
    for (var to : receivers) {
      assertThat((double) to.blockBytes).isCloseTo(2e6, withinPercentage(2));
    }
  }

  @Test
  void what_a_slow_receiver_cannot_take_goes_to_the_others() {
    var from = new Probe(1_000_000, 9_000_000, 0);
    var slow = new Probe(9_000_000, 100_000, 0);
    var fast = probes(2, 9_000_000, 9_000_000);
    for (var to : List.of(slow, fast.get(0), fast.get(1))) {
      connect(from, to);
      from.sendBlocks(to, 2000);
    }
    runUntil(20_000 * MILLIS);
    assertThat((double) slow.blockBytes).isCloseTo(2e6, withinPercentage(5));
    assertThat((double) fast.get(0).blockBytes).isCloseTo(9e6, withinPercentage(5));
    assertThat((double) fast.get(1).blockBytes).isCloseTo(9e6, withinPercentage(5));
  }

  @Test
  void senders_share_a_receivers_download_and_use_the_rest_elsewhere() {
    // Three senders of 1 MB/s meet in a download of 0.9 MB/s; each has another receiver too.
    var to = new Probe(9_000_000, 900_000, 0);
    var others = probes(3, 9_000_000, 9_000_000);
    for (var other : others) {
      var from = new Probe(1_000_000, 9_000_000, 0);
      connect(from, to);
      connect(from, other);
      from.sendBlocks(to, 4000);
      from.sendBlocks(other, 4000);
    }
    runUntil(20_000 * MILLIS);
    assertThat((double) to.blockBytes).isCloseTo(0.9e6 * 20, withinPercentage(2));
    for (var other : others) {
      assertThat((double) other.blockBytes).isCloseTo(0.7e6 * 20, withinPercentage(5));
    }
  }

  @Test
  void a_small_message_waits_only_behind_its_own_link_and_one_turn_of_the_others() {
    var from = new Probe(1_000_000, 9_000_000, 0);
    var receivers = probes(4, 9_000_000, 9_000_000);
    for (var to : receivers.subList(0, 3)) {
      connect(from, to);
      from.sendBlocks(to, 1000);
    }
    var last = receivers.get(3);
    connect(from, last);
    runUntil(world.nowNanos() + 1_000 * MILLIS);
    long sent = world.nowNanos();
    network.send(from.linkTo(last), new PeerMessage.Have(1));
    network.settle(from.access);
    runUntil(sent + 500 * MILLIS);
    assertThat(last.messages).hasSize(1);
    assertThat(last.lastNanos - sent).isLessThan(4 * 18 * MILLIS);
  }

  @Test
  void messages_arrive_in_the_order_they_were_sent_whatever_their_size_and_quantum() {
    for (int quantum : new int[] {100, 1448, 17 << 10, 1 << 20}) {
      reset(NetworkModel.DEFAULT.withQuantumBytes(quantum));
      var from = new Probe(1_000_000, 9_000_000, MILLIS);
      var to = new Probe(9_000_000, 700_000, MILLIS);
      connect(from, to);
      for (int i = 0; i < 300; i++) {
        network.send(from.linkTo(to), i % 3 == 0 ? block(i) : new PeerMessage.Have(i));
        network.settle(from.access);
      }
      run();
      assertThat(to.messages).as("quantum %d", quantum).hasSize(300);
      for (int i = 0; i < 300; i++) {
        int index =
            switch (to.messages.get(i)) {
              case PeerMessage.Piece piece -> piece.index();
              case PeerMessage.Have have -> have.index();
              case PeerMessage other -> throw new AssertionError(other);
            };
        assertThat(index).isEqualTo(i);
      }
    }
  }

  @Test
  void the_kernel_takes_a_bounded_number_of_unsent_bytes_and_tells_as_it_goes() {
    reset(model.withUnsentMax(4 * BLOCK));
    var from = new Probe(100_000, 9_000_000, 0);
    var to = new Probe(9_000_000, 9_000_000, 0);
    connect(from, to);
    from.sendBlocks(to, 100);
    // Four wait unsent, the one in service makes room for one more.
    assertThat(from.leftHost).isBetween(4L * BLOCK, 6L * BLOCK);
    runUntil(world.nowNanos() + 8_000 * MILLIS);
    assertThat(from.leftHost - to.blockBytes).isBetween(3L * BLOCK, 6L * BLOCK);
    run();
    assertThat(from.leftHost).isEqualTo(100L * BLOCK);
  }

  @Test
  void what_is_under_way_arrives_before_the_end_of_the_stream_and_the_rest_is_given_up() {
    var from = new Probe(1_000_000, 9_000_000, 20 * MILLIS);
    var to = new Probe(9_000_000, 9_000_000, 0);
    connect(from, to);
    from.sendBlocks(to, 100);
    runUntil(world.nowNanos() + 100 * MILLIS);
    network.close(from.linkTo(to));
    run();
    assertThat(to.blockBytes).isBetween(5L * BLOCK, 8L * BLOCK);
    assertThat(to.closed).isEqualTo(1);
    var traffic = network.traffic();
    assertThat(traffic.delivered() + traffic.discarded()).isEqualTo(100L * BLOCK);
    assertThat(bytes.held()).isEqualTo(to.blockBytes / BLOCK);
  }

  @Test
  void a_dial_takes_two_round_trips_and_fails_where_nobody_is() {
    var from = new Probe(1_000_000, 9_000_000, 20 * MILLIS);
    var to = new Probe(9_000_000, 9_000_000, 5 * MILLIS);
    connect(from, to);
    assertThat(to.openedNanos).isEqualTo(75 * MILLIS);
    assertThat(from.openedNanos).isEqualTo(100 * MILLIS);
    to.access.online = false;
    network.dial(from.access, to.access);
    run();
    assertThat(from.failedDials).isEqualTo(1);
  }

  @Test
  void a_partition_holds_back_what_crosses_it_until_it_heals() {
    var from = new Probe(1_000_000, 9_000_000, 0);
    var to = new Probe(9_000_000, 9_000_000, 0);
    connect(from, to);
    from.access.groups = 1;
    to.access.groups = 2;
    network.partition(5_000 * MILLIS);
    from.sendBlocks(to, 1000);
    runUntil(4_999 * MILLIS);
    assertThat(to.blockBytes).isZero();
    run();
    assertThat(to.blockBytes).isEqualTo(1000L * BLOCK);
  }

  @Test
  void a_frozen_node_neither_sends_nor_takes_and_then_goes_on() {
    var from = new Probe(1_000_000, 9_000_000, 0);
    var to = new Probe(1_000_000, 9_000_000, 0);
    connect(from, to);
    from.sendBlocks(to, 300);
    to.sendBlocks(from, 300);
    to.access.frozenUntilNanos = 2_000 * MILLIS;
    runUntil(1_999 * MILLIS);
    assertThat(to.blockBytes).isZero();
    assertThat(from.blockBytes).isLessThan(5L * BLOCK);
    run();
    assertThat(to.blockBytes).isEqualTo(300L * BLOCK);
    assertThat(from.blockBytes).isEqualTo(300L * BLOCK);
  }

  private void reset(NetworkModel other) {
    model = other;
    network = new Network(world, model, bytes.wholeBlock());
  }

  private List<Probe> probes(int count, long upload, long download) {
    var probes = new ArrayList<Probe>();
    for (int i = 0; i < count; i++) {
      probes.add(new Probe(upload, download, 0));
    }
    return probes;
  }

  private void connect(Probe from, Probe to) {
    network.dial(from.access, to.access);
    int links = from.flows.size();
    while (from.flows.size() == links) {
      handle(world.next());
    }
  }

  /** Until nothing is left to happen. */
  private void run() {
    for (long what = world.next(); what >= 0; what = world.next()) {
      handle(what);
    }
  }

  private void runUntil(long nanos) {
    world.schedule(EventKind.SAMPLE, 0, nanos);
    for (long what = world.next(); EventKind.of(what) != EventKind.SAMPLE; what = world.next()) {
      handle(what);
    }
  }

  private void handle(long what) {
    var kind = EventKind.of(what);
    if (kind == EventKind.UPLINK_FREE) {
      network.onUplinkFree(network.node(EventKind.index(what)));
    } else {
      network.onFlowEvent(kind, EventKind.index(what), EventKind.detail(what));
    }
  }

  private PeerMessage.Piece block(int index) {
    return new PeerMessage.Piece(index, 0, bytes.good(BLOCK));
  }

  private final class Probe implements Host {
    final AccessLink access;
    final List<Flow> flows = new ArrayList<>();
    final List<PeerMessage> messages = new ArrayList<>();
    long blockBytes;
    long leftHost;
    long openedNanos;
    long lastNanos;
    int failedDials;
    int closed;

    Probe(long upload, long download, long latencyNanos) {
      access = network.attach(this, upload, download, latencyNanos);
      access.online = true;
    }

    Flow linkTo(Probe other) {
      return flows.stream().filter(f -> f.to == other.access).findFirst().orElseThrow();
    }

    void sendBlocks(Probe other, int count) {
      for (int i = 0; i < count; i++) {
        network.send(linkTo(other), block(i));
      }
      network.settle(access);
    }

    @Override
    public void linkOpened(Flow own, boolean incoming) {
      flows.add(own);
      openedNanos = world.nowNanos();
    }

    @Override
    public void dialFailed(AccessLink remote) {
      failedDials++;
    }

    @Override
    public void received(int link, PeerMessage message) {
      messages.add(message);
      lastNanos = world.nowNanos();
      if (message instanceof PeerMessage.Piece piece) {
        blockBytes += piece.block().length();
      }
    }

    @Override
    public void payloadSent(Flow own, int bytesSent) {
      leftHost += bytesSent;
    }

    @Override
    public void linkClosed(Flow own) {
      closed++;
    }

    @Override
    public void settle() {}

    @Override
    public boolean hasWork() {
      return false;
    }
  }
}

package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.UdpRequest;
import org.spate.core.announce.UdpResponse;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.InfoHashList;
import org.spate.core.tracker.PeerStore;
import org.spate.core.tracker.TrackerPolicy;
import tools.jackson.databind.json.JsonMapper;

/** The tracker over loopback, by both fronts, both families and both transports. */
@Timeout(60)
class TrackerTest {
  private static final int LOOPBACK = 0x7F000001;

  static Stream<Transport> transports() {
    return Stream.of(Transport.best(), Transport.NIO);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void peers_of_both_fronts_and_both_families_find_each_other(Transport transport) {
    var everywhere = List.of(new InetSocketAddress(0));
    try (var tracker =
        Tracker.start(TrackerSettings.on(everywhere, everywhere), System::nanoTime, transport)) {
      int http = tracker.httpAddresses().getFirst().getPort();
      int udp = tracker.udpAddresses().getFirst().getPort();
      Clients.announceHttp(Clients.v4(http), Clients.request(1, 1001));
      Clients.announceUdp(Clients.v4(udp), Clients.request(2, 1002));
      Clients.announceHttp(Clients.v6(http), Clients.request(3, 1003));
      Clients.announceUdp(Clients.v6(udp), Clients.request(4, 1004));

      var reply = (AnnounceReply) Clients.announceHttp(Clients.v4(http), Clients.request(5, 1005));
      assertThat(reply.peers())
          .containsExactlyInAnyOrder(
              Endpoint.v4(LOOPBACK, 1001),
              Endpoint.v4(LOOPBACK, 1002),
              new Endpoint(0, 1, 1003),
              new Endpoint(0, 1, 1004));
      assertThat(Clients.announceUdp(Clients.v4(udp), Clients.request(5, 1005)).peers())
          .containsExactlyInAnyOrder(Endpoint.v4(LOOPBACK, 1001), Endpoint.v4(LOOPBACK, 1002));
      assertThat(Clients.announceUdp(Clients.v6(udp), Clients.request(6, 1006)).peers())
          .containsExactlyInAnyOrder(new Endpoint(0, 1, 1003), new Endpoint(0, 1, 1004));
      assertThat(Clients.statistics(tracker).holdings().peers()).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void swarms_are_shared_out_among_threads_and_nobody_notices(Transport transport)
      throws IOException {
    var settings =
        TrackerSettings.on(List.of(), List.of(new InetSocketAddress(0))).withThreadCount(4);
    try (var tracker = Tracker.start(settings, System::nanoTime, transport);
        var socket = new DatagramSocket()) {
      var udp = Clients.v4(tracker.udpAddresses().getFirst().getPort());
      var swarms = new ArrayList<Hash160>();
      for (int i = 0; i < 40; i++) {
        var swarm = new Hash160((long) i << 32, i, i);
        swarms.add(swarm);
        Clients.announceUdp(udp, Clients.request(swarm, 1, 1001));
        assertThat(Clients.announceUdp(udp, Clients.request(swarm, 2, 1002)).peers())
            .containsExactly(Endpoint.v4(LOOPBACK, 1001));
      }
      var connected = (UdpResponse.Connected) Clients.ask(socket, udp, new UdpRequest.Connect(5));
      var scrape = new UdpRequest.Scrape(connected.connectionId(), 6, swarms);
      assertThat(((UdpResponse.Scraped) Clients.ask(socket, udp, scrape)).swarms())
          .hasSize(40)
          .containsOnly(new SwarmCounts(0, 0, 2));
      var statistics = Clients.statistics(tracker);
      assertThat(statistics.holdings()).isEqualTo(new PeerStore.Holdings(40, 0, 80, 80, 0));
      assertThat(statistics.counts().get(Count.UDP_ANNOUNCES)).isEqualTo(80);
    }
  }

  @Test
  void a_burst_larger_than_a_batch_is_answered_whole() throws IOException {
    try (var tracker = Clients.start();
        var socket = new DatagramSocket()) {
      socket.setReceiveBufferSize(1 << 20); // all answers may wait until the last question is sent
      var udp = tracker.udpAddresses().getFirst();
      var connected = (UdpResponse.Connected) Clients.ask(socket, udp, new UdpRequest.Connect(5));
      for (int i = 0; i < 200; i++) {
        var announce =
            new UdpRequest.Announce(connected.connectionId(), i, Clients.request(i, 1 + i), "/x");
        Clients.send(socket, udp, announce.encode());
      }
      var answered = new HashSet<Integer>();
      while (answered.size() < 200) {
        answered.add(Clients.receive(socket, udp).transactionId());
      }
      assertThat(Clients.statistics(tracker).holdings().peers()).isEqualTo(200);
    }
  }

  @Test
  void a_udp_port_that_is_taken_is_named_with_any_number_of_threads() throws IOException {
    try (var taken = new DatagramSocket(Clients.v4(0))) {
      var at = Clients.v4(taken.getLocalPort());
      for (int threads = 1; threads <= 2; threads++) {
        var settings = TrackerSettings.on(List.of(), List.of(at)).withThreadCount(threads);
        assertThatThrownBy(() -> Tracker.start(settings))
            .isInstanceOf(TrackerException.class)
            .hasMessageContaining("UDP")
            .hasMessageContaining(String.valueOf(at.getPort()));
      }
    }
  }

  @Test
  void swarms_outlive_the_tracker_even_with_another_number_of_threads(@TempDir Path folder) {
    var snapshot = new TrackerSettings.Snapshot(folder.resolve("peers"), Duration.ofMinutes(5));
    var settings = Clients.settings().withSnapshot(snapshot);
    try (var tracker = Tracker.start(settings.withThreadCount(3))) {
      var udp = tracker.udpAddresses().getFirst();
      for (int i = 0; i < 20; i++) {
        Clients.announceUdp(udp, Clients.request(new Hash160((long) i << 32, 1, 1), 1, 1001));
      }
    }
    for (int threads = 1; threads <= 2; threads++) {
      try (var tracker = Tracker.start(settings.withThreadCount(threads))) {
        assertThat(Clients.statistics(tracker).holdings().peers()).isEqualTo(20);
        var swarm = new Hash160(7L << 32, 1, 1);
        var asker = Clients.request(swarm, 1 + threads, 1001 + threads);
        assertThat(Clients.announceUdp(tracker.udpAddresses().getFirst(), asker).peers())
            .contains(Endpoint.v4(LOOPBACK, 1001));
        Clients.announceUdp(tracker.udpAddresses().getFirst(), stopped(asker));
      }
    }
  }

  private static AnnounceRequest stopped(AnnounceRequest request) {
    return new AnnounceRequest(
        request.infoHash(), request.peerId(), request.port(), 0, 0, 1, AnnounceEvent.STOPPED, 0, 0);
  }

  @Test
  void interval_and_expiry_follow_the_policy_and_the_clock_that_is_handed_in() {
    var clock = new AtomicLong();
    var settings = Clients.settings().withPolicy(TrackerPolicy.DEFAULT.withInterval(30));
    try (var tracker = Tracker.start(settings, clock::get)) {
      var http = tracker.httpAddresses().getFirst();
      var first = (AnnounceReply) Clients.announceHttp(http, Clients.request(1, 1001));
      assertThat(first.intervalSeconds()).isEqualTo(30);
      assertThat(first.minIntervalSeconds()).isEqualTo(15);
      clock.set(121_000_000_000L);
      var later = (AnnounceReply) Clients.announceHttp(http, Clients.request(2, 1002));
      assertThat(later.peers()).isEmpty();
    }
  }

  @Test
  void statistics_are_json_and_prometheus_text() {
    try (var tracker = Clients.start()) {
      var http = tracker.httpAddresses().getFirst();
      Clients.announceHttp(http, Clients.request(1, 1001));
      Clients.announceHttp(http, Clients.request(2, 0));
      var stats = Clients.get(http, "/stats");
      assertThat(stats.headers().firstValue("content-type")).hasValue("application/json");
      var json = JsonMapper.shared().readTree(stats.body());
      assertThat(json.get("peers").intValue()).isOne();
      assertThat(json.get("counters").get("refused_port_zero").intValue()).isOne();
      assertThat(new String(Clients.get(http, "/metrics").body(), StandardCharsets.UTF_8))
          .contains("spate_tracker_torrents 1\n");
    }
  }

  @Test
  void forged_connection_ids_are_refused_and_garbage_is_dropped() throws IOException {
    try (var tracker = Clients.start();
        var socket = new DatagramSocket()) {
      var udp = tracker.udpAddresses().getFirst();
      Clients.send(socket, udp, new byte[0]);
      Clients.send(socket, udp, new byte[3]);
      Clients.send(socket, udp, new byte[9000]);
      var forged = new UdpRequest.Announce(1234, 9, Clients.request(1, 1001), "");
      assertThat(Clients.ask(socket, udp, forged))
          .isEqualTo(new UdpResponse.Refused(9, "connection id expired"));
      assertThat(Clients.count(tracker, Count.REFUSED_UDP_CONNECTION_ID)).isOne();
      assertThat(Clients.count(tracker, Count.REFUSED_UDP_MALFORMED)).isEqualTo(3);
      assertThat(Clients.statistics(tracker).holdings().torrents()).isZero();
    }
  }

  @Test
  void lists_are_read_again_when_they_change(@TempDir Path folder) throws IOException {
    var list = folder.resolve("allow");
    var other = new Hash160(1, 2, 3);
    Files.writeString(list, "# none yet\n" + other + "\n");
    try (var tracker = Tracker.start(Clients.settings().withAllow(list))) {
      var http = tracker.httpAddresses().getFirst();
      assertThat(Clients.announceHttp(http, Clients.request(1, 1001)))
          .isInstanceOf(TrackerFailure.class);
      assertThat(Clients.announceHttp(http, Clients.request(other, 1, 1001)))
          .isInstanceOf(AnnounceReply.class);
      Files.writeString(list, Clients.SWARM + "\n");
      while (!(Clients.announceHttp(http, Clients.request(1, 1001)) instanceof AnnounceReply)) {
        Thread.onSpinWait();
      }
      assertThat(Clients.announceHttp(http, Clients.request(other, 1, 1001)))
          .isInstanceOf(TrackerFailure.class);
    }
  }

  @Test
  void other_settings_are_followed_without_losing_a_peer(@TempDir Path folder) throws IOException {
    var list = folder.resolve("deny");
    Files.writeString(list, new Hash160(1, 2, 3) + "\n");
    try (var tracker = Tracker.start(Clients.settings())) {
      var http = tracker.httpAddresses().getFirst();
      Clients.announceHttp(http, Clients.request(1, 1001));
      tracker.follow(
          Clients.settings()
              .withDeny(list)
              .withPolicy(TrackerPolicy.DEFAULT.withInterval(60).withPortMin(1024)));
      var reply = (AnnounceReply) Clients.announceHttp(http, Clients.request(2, 2002));
      assertThat(reply.intervalSeconds()).isEqualTo(60);
      assertThat(reply.peers()).containsExactly(Endpoint.v4(LOOPBACK, 1001));
      assertThat(Clients.announceHttp(http, Clients.request(new Hash160(1, 2, 3), 2, 2002)))
          .isInstanceOf(TrackerFailure.class);
      assertThat(Clients.announceHttp(http, Clients.request(3, 80)))
          .isInstanceOf(TrackerFailure.class);
      assertThatThrownBy(
              () -> tracker.follow(Clients.settings().withDeny(folder.resolve("missing"))))
          .isInstanceOf(TrackerException.class);
      tracker.follow(Clients.settings());
      assertThat(Clients.announceHttp(http, Clients.request(new Hash160(1, 2, 3), 2, 2002)))
          .isInstanceOf(AnnounceReply.class);
    }
  }

  @Test
  void a_list_is_read_only_when_it_has_changed_and_must_be_there_at_the_start(@TempDir Path folder)
      throws IOException {
    var path = folder.resolve("deny");
    var settings = Clients.settings().withDeny(path);
    assertThatThrownBy(() -> Tracker.start(settings))
        .isInstanceOf(TrackerException.class)
        .hasMessageContaining("deny");
    Files.writeString(path, Clients.SWARM.toString());
    var file = new WatchedFile<>(path, InfoHashList::parse);
    assertThat(file.readIfChanged().contains(Clients.SWARM)).isTrue();
    assertThat(file.readIfChanged()).isNull();
    Files.writeString(path, "");
    assertThat(file.readIfChanged().contains(Clients.SWARM)).isFalse();
  }

  @Test
  void an_address_that_is_taken_is_named() {
    try (var tracker = Clients.start()) {
      var taken = tracker.httpAddresses();
      assertThatThrownBy(() -> Tracker.start(TrackerSettings.on(taken, List.of())))
          .isInstanceOf(TrackerException.class)
          .hasMessageContaining("HTTP")
          .hasMessageContaining(String.valueOf(taken.getFirst().getPort()));
    }
  }

  @Test
  void close_frees_its_ports_and_may_come_twice() throws IOException {
    var tracker = Clients.start();
    var http = tracker.httpAddresses().getFirst();
    tracker.close();
    tracker.close();
    try (var next = new ServerSocket()) {
      next.bind(http);
      assertThat(next.getLocalPort()).isEqualTo(http.getPort());
    }
  }
}

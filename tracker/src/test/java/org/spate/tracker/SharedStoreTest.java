package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.UdpRequest;
import org.spate.core.announce.UdpResponse;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.PeerStore.Holdings;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.redis.RedisAddress;

/** Several nodes of one tracker over a store, and what becomes of them when parts of it die. */
@Timeout(60)
class SharedStoreTest {
  private static final int LOOPBACK = 0x7F000001;

  @TempDir private Path folder;

  private static TrackerSettings settings(String store) {
    return Clients.settings().withStore(RedisAddress.parse(store));
  }

  @Test
  void nodes_of_a_tracker_know_each_others_peers() throws IOException {
    try (var redis = RedisNode.start(folder);
        var one = Tracker.start(settings(redis.url()).withThreadCount(2));
        var other = Tracker.start(settings(redis.url()));
        var socket = new DatagramSocket()) {
      var swarms = new ArrayList<Hash160>();
      for (int i = 0; i < 40; i++) {
        var swarm = new Hash160((long) i << 52, i, i);
        swarms.add(swarm);
        Clients.announceUdp(one.udpAddresses().getFirst(), Clients.request(swarm, 1, 1001));
        var reply =
            (AnnounceReply)
                Clients.announceHttp(
                    other.httpAddresses().getFirst(), Clients.request(swarm, 2, 1002));
        assertThat(reply.peers()).containsExactly(Endpoint.v4(LOOPBACK, 1001));
        assertThat(reply.incomplete()).isEqualTo(2);
      }
      var udp = other.udpAddresses().getFirst();
      var connected = (UdpResponse.Connected) Clients.ask(socket, udp, new UdpRequest.Connect(5));
      var scrape = new UdpRequest.Scrape(connected.connectionId(), 6, swarms);
      assertThat(((UdpResponse.Scraped) Clients.ask(socket, udp, scrape)).swarms())
          .hasSize(40)
          .containsOnly(new SwarmCounts(0, 0, 2));
      Await.until("what is held, found by the rounds of both", () -> isHeld(one) && isHeld(other));
    }
  }

  private static boolean isHeld(Tracker tracker) {
    return Clients.statistics(tracker).holdings().equals(new Holdings(40, 0, 80, 80, 0));
  }

  @Test
  void a_store_with_tls_is_used_if_its_certificate_is_believed() throws Exception {
    var certificate = Certificates.selfSigned(folder).settings();
    int port = RedisNode.freePort();
    try (var _ =
        RedisNode.start(
            folder,
            "--tls-port",
            String.valueOf(port),
            "--tls-cert-file",
            certificate.certificate().toString(),
            "--tls-key-file",
            certificate.key().toString(),
            "--tls-auth-clients",
            "no",
            "--tls-ca-cert-file",
            certificate.certificate().toString())) {
      var address = RedisAddress.parse("rediss://127.0.0.1:" + port);
      var trusting = address.trusting(certificate.certificate());
      try (var tracker = Tracker.start(Clients.settings().withStore(trusting))) {
        var http = tracker.httpAddresses().getFirst();
        Clients.announceHttp(http, Clients.request(1, 1001));
        var reply = (AnnounceReply) Clients.announceHttp(http, Clients.request(2, 1002));
        assertThat(reply.peers()).containsExactly(Endpoint.v4(LOOPBACK, 1001));
      }
      for (var other : List.of(address, RedisAddress.parse("redis://127.0.0.1:" + port))) {
        try (var tracker = Tracker.start(Clients.settings().withStore(other))) {
          var http = tracker.httpAddresses().getFirst();
          assertThat(Clients.announceHttp(http, Clients.request(1, 1001)))
              .isInstanceOf(TrackerFailure.class);
        }
      }
    }
  }

  @Test
  void peers_expire_by_the_clock_of_the_nodes_and_the_store() {
    var clock = new AtomicLong();
    try (var redis = RedisNode.start(folder);
        var tracker =
            Tracker.start(
                settings(redis.url()).withPolicy(TrackerPolicy.DEFAULT.withInterval(30)),
                clock::get)) {
      var http = tracker.httpAddresses().getFirst();
      Clients.announceHttp(http, Clients.request(1, 1001));
      clock.set(125_000_000_000L);
      var later = (AnnounceReply) Clients.announceHttp(http, Clients.request(2, 1002));
      assertThat(later.peers()).isEmpty();
      clock.set(250_000_000_000L);
      Await.until("nothing is left in the store", () -> isEmpty(redis));
      Await.until("both are counted", () -> Clients.count(tracker, Count.PEERS_EXPIRED) == 2);
    }
  }

  /** But for the numbers of the slice, which are zeros. */
  private static boolean isEmpty(RedisNode redis) {
    return redis.ask("DBSIZE").equals(":1\r\n");
  }

  @Test
  void without_its_store_a_node_says_when_to_come_back_and_then_serves() throws IOException {
    var redis = RedisNode.start(folder, "--requirepass", "a-secret");
    redis.kill();
    try (redis;
        var tracker = Tracker.start(settings("redis://:a-secret@127.0.0.1:" + redis.port()));
        var socket = new DatagramSocket()) {
      var http = tracker.httpAddresses().getFirst();
      var udp = tracker.udpAddresses().getFirst();
      var failure = (TrackerFailure) Clients.announceHttp(http, Clients.request(1, 1001));
      assertThat(failure.retryInSeconds()).isEqualTo(60);
      var connected = (UdpResponse.Connected) Clients.ask(socket, udp, new UdpRequest.Connect(5));
      var announce =
          new UdpRequest.Announce(connected.connectionId(), 6, Clients.request(1, 1001), "");
      assertThat(Clients.ask(socket, udp, announce))
          .isEqualTo(new UdpResponse.Refused(6, failure.reason()));
      var scrape = new UdpRequest.Scrape(connected.connectionId(), 7, List.of(Clients.SWARM));
      assertThat(Clients.ask(socket, udp, scrape))
          .isEqualTo(new UdpResponse.Refused(7, failure.reason()));
      assertThat(Clients.count(tracker, Count.FAILED_STORE)).isEqualTo(3);

      redis.restart();
      Await.until(
          "it serves",
          () -> Clients.announceHttp(http, Clients.request(1, 1001)) instanceof AnnounceReply);
    }
  }

  @Test
  void a_store_that_is_killed_and_comes_back_empty_fills_again() {
    try (var redis = RedisNode.start(folder);
        var one = Tracker.start(settings(redis.url()));
        var other = Tracker.start(settings(redis.url()))) {
      var nodes = List.of(one.httpAddresses().getFirst(), other.httpAddresses().getFirst());
      try (var crowd = new Crowd(nodes)) {
        crowd.awaitGoodRounds();
        redis.kill();
        crowd.awaitFailure();
        redis.restart();
        crowd.awaitGoodRounds();
      }
      for (int swarm = 0; swarm < Crowd.SWARM_COUNT; swarm++) {
        assertThat(Crowd.told(nodes.get(swarm % 2), swarm)).isEqualTo(Crowd.others(swarm));
      }
    }
  }

  @Test
  void a_tracker_node_that_is_killed_costs_its_clients_an_error_and_nobody_a_peer() {
    try (var redis = RedisNode.start(folder);
        var one = Tracker.start(settings(redis.url()));
        var doomed = TrackerProcess.start(redis.url())) {
      var survivor = one.httpAddresses().getFirst();
      try (var crowd = new Crowd(List.of(survivor, doomed.http()))) {
        crowd.awaitGoodRounds();
        doomed.kill();
        crowd.awaitFailure();
      }
      for (int swarm = 0; swarm < Crowd.SWARM_COUNT; swarm++) {
        assertThat(Crowd.told(survivor, swarm)).isEqualTo(Crowd.others(swarm));
      }
    }
  }

  @Test
  void in_a_cluster_a_replica_takes_over_from_a_master_that_is_killed() {
    try (var cluster = RedisCluster.start(folder);
        var one = Tracker.start(settings(cluster.url()));
        var other = Tracker.start(settings(cluster.url()))) {
      var nodes = List.of(one.httpAddresses().getFirst(), other.httpAddresses().getFirst());
      var busy = new HashSet<Integer>();
      try (var crowd = new Crowd(nodes)) {
        crowd.awaitGoodRounds();
        for (int i = 0; i < 3; i++) {
          if (!cluster.master(i).ask("DBSIZE").equals(":0\r\n")) {
            busy.add(i);
          }
        }
        cluster.master(1).kill();
        crowd.awaitFailure();
        Await.until(
            "a new master",
            () -> cluster.replica(1).ask("INFO replication").contains("role:master"));
        crowd.awaitGoodRounds();
      }
      assertThat(busy).containsExactlyInAnyOrder(0, 1, 2);
      for (int swarm = 0; swarm < Crowd.SWARM_COUNT; swarm++) {
        assertThat(Crowd.told(nodes.get(swarm % 2), swarm)).isEqualTo(Crowd.others(swarm));
      }
    }
  }
}

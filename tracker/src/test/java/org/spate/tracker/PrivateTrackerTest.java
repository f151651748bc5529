package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.HttpTarget;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.announce.UdpRequest;
import org.spate.core.announce.UdpResponse;
import org.spate.core.tracker.SigningKeys;

/** A tracker that serves users and holders of signed URLs only, over loopback. */
@Timeout(60)
class PrivateTrackerTest {
  private static final String PASSKEY = "0123456789abcdef0123456789abcdef";
  private static final String KEY = "k".repeat(SigningKeys.KEY_LENGTH_MIN);

  @TempDir private Path folder;
  private Path users;
  private Path keys;

  @BeforeEach
  void writeFiles() throws IOException {
    users = Files.writeString(folder.resolve("users"), "alice " + PASSKEY + "\n");
    keys = Files.writeString(folder.resolve("keys"), KEY + "\n");
  }

  private static String get(InetSocketAddress http, String path) {
    var url = TrackerUrl.parse("http://127.0.0.1:" + http.getPort() + path);
    var body = Clients.get(http, HttpTarget.announce(url, Clients.request(1, 1001))).body();
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  private static boolean isAdmitted(InetSocketAddress http, String path) {
    return get(http, path).contains("8:interval");
  }

  @Test
  void users_announce_by_their_passkey_over_http_and_udp() throws IOException {
    try (var tracker =
            Tracker.start(Clients.settings().withRules(TrackerRules.OPEN.withPasses(users, null)));
        var socket = new DatagramSocket()) {
      var http = tracker.httpAddresses().getFirst();
      assertThat(isAdmitted(http, "/announce")).isFalse();
      assertThat(isAdmitted(http, "/" + PASSKEY + "/announce")).isTrue();
      var udp = tracker.udpAddresses().getFirst();
      long id =
          ((UdpResponse.Connected) Clients.ask(socket, udp, new UdpRequest.Connect(5)))
              .connectionId();
      var request = Clients.request(1, 1001);
      assertThat(Clients.ask(socket, udp, new UdpRequest.Announce(id, 6, request, "/announce")))
          .isInstanceOf(UdpResponse.Refused.class);
      var path = "/" + PASSKEY + "/announce";
      assertThat(Clients.ask(socket, udp, new UdpRequest.Announce(id, 7, request, path)))
          .isInstanceOf(UdpResponse.Announced.class);
    }
  }

  @Test
  void users_come_and_go_while_it_runs() throws IOException {
    try (var tracker =
        Tracker.start(Clients.settings().withRules(TrackerRules.OPEN.withPasses(users, null)))) {
      var http = tracker.httpAddresses().getFirst();
      Files.writeString(users, "bob " + PASSKEY.replace('0', 'x') + "\n");
      while (isAdmitted(http, "/" + PASSKEY + "/announce")) {
        Thread.onSpinWait();
      }
      assertThat(isAdmitted(http, "/" + PASSKEY.replace('0', 'x') + "/announce")).isTrue();
    }
  }

  @Test
  void signed_urls_are_good_until_they_expire_by_the_time_of_day() {
    var signer = SigningKeys.parse(KEY);
    long now = Instant.now().getEpochSecond();
    try (var tracker =
        Tracker.start(Clients.settings().withRules(TrackerRules.OPEN.withPasses(null, keys)))) {
      var http = tracker.httpAddresses().getFirst();
      assertThat(isAdmitted(http, "/" + signer.sign(now + 600, "", Clients.SWARM) + "/announce"))
          .isTrue();
      assertThat(get(http, "/" + signer.sign(now - 1, "", null) + "/announce")).contains("expired");
      assertThat(isAdmitted(http, "/" + PASSKEY + "/announce")).isFalse();
    }
  }

  @Test
  void a_broken_list_prevents_the_start_but_not_the_service() throws IOException {
    var settings = Clients.settings().withRules(TrackerRules.OPEN.withPasses(null, keys));
    try (var tracker = Tracker.start(settings)) {
      Files.writeString(keys, "short\n");
      assertThatThrownBy(() -> tracker.follow(settings))
          .isInstanceOf(TrackerException.class)
          .hasMessageContaining("keys")
          .hasMessageContaining("32 characters");
      var pass = SigningKeys.parse(KEY).sign(Instant.now().getEpochSecond() + 600, "", null);
      assertThat(isAdmitted(tracker.httpAddresses().getFirst(), "/" + pass + "/announce")).isTrue();
      assertThatThrownBy(() -> Tracker.start(settings)).isInstanceOf(TrackerException.class);
    }
  }

  @Test
  void near_peers_are_told_first_as_the_file_of_sites_says_at_the_time() throws IOException {
    var sites = Files.writeString(folder.resolve("sites"), "127.0.0.0/8 here\n");
    var settings = Clients.settings().withRules(TrackerRules.OPEN.withNear(sites, null, 1));
    try (var tracker = Tracker.start(settings)) {
      int port = tracker.httpAddresses().getFirst().getPort();
      tracker.follow(settings);
      for (int i = 0; i < 60; i++) {
        Clients.announceHttp(Clients.v4(port), Clients.request(i, 1 + i));
      }
      var reply = (AnnounceReply) Clients.announceHttp(Clients.v4(port), Clients.request(99, 99));
      assertThat(reply.peers()).hasSize(50).doesNotHaveDuplicates();
      Files.writeString(sites, "127.0.0.0 here\nnonsense\n");
      assertThatThrownBy(() -> tracker.follow(settings))
          .isInstanceOf(TrackerException.class)
          .hasMessageContaining("line 2");
    }
  }
}

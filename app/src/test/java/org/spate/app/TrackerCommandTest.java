package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tracker as somebody runs it. */
class TrackerCommandTest {
  private static final String ALLOWED = "a".repeat(20);
  private static final String DENIED = "b".repeat(20);

  @TempDir private Path folder;

  @Test
  void it_says_where_it_listens_serves_and_ends_when_terminated() throws Exception {
    var list = folder.resolve("allow");
    Files.writeString(list, "61".repeat(20) + "\n");
    try (var tracker =
        ProgramFixture.start(
            "tracker",
            "--http",
            "127.0.0.1:0",
            "--udp",
            "127.0.0.1:0",
            "--interval",
            "10m",
            "--allow",
            list.toString())) {
      String http = tracker.line();
      String udp = tracker.line();
      assertThat(http).matches("http://127\\.0\\.0\\.1:[0-9]+/announce");
      assertThat(udp).matches("udp://127\\.0\\.0\\.1:[0-9]+/announce");
      assertThat(announce(http, ALLOWED)).contains("8:intervali600e");
      assertThat(announce(http, DENIED)).contains("failure reason").doesNotContain("peers");
      assertThat(tracker.terminate()).isEqualTo(143); // 128 + SIGTERM
    }
  }

  /** As systemd does it: bound sockets from descriptor 3 on, and variables that say so. */
  private static final String SERVICE_MANAGER =
      """
      import os, socket, sys
      tcp = socket.create_server(("127.0.0.1", 0))
      port = 0
      sockets = [tcp]
      for _ in range(2):
          udp = socket.socket(type=socket.SOCK_DGRAM)
          udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
          udp.bind(("127.0.0.1", port))
          port = udp.getsockname()[1]
          sockets.append(udp)
      fds = [os.dup(each.fileno()) for each in sockets]
      for wanted, fd in zip((3, 4, 5), fds):
          os.dup2(fd, wanted, inheritable=True)
      os.environ.update(LISTEN_FDS="3", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="http:udp:udp")
      os.execvp(sys.argv[1], sys.argv[1:])
      """;

  @Test
  void it_serves_on_sockets_that_a_service_manager_hands_over() throws Exception {
    try (var tracker =
        ProgramFixture.startBy(
            List.of("/usr/bin/python3", "-c", SERVICE_MANAGER),
            "tracker",
            "--http",
            "1.2.3.4:80",
            "--threads",
            "2")) {
      String http = tracker.line();
      assertThat(http).matches("http://127\\.0\\.0\\.1:[0-9]+/announce");
      var udp = URI.create(tracker.line());
      assertThat(udp.getScheme()).isEqualTo("udp");
      assertThat(announce(http, ALLOWED)).contains("8:interval");
      try (var socket = new DatagramSocket()) {
        socket.setSoTimeout(10_000);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), udp.getPort());
        for (int i = 0; i < 16; i++) { // for either socket
          var hex = "0000041727101980" + "00000000" + "1234567" + Integer.toHexString(i);
          var request = HexFormat.of().parseHex(hex);
          socket.send(new DatagramPacket(request, request.length, address));
          var answer = new DatagramPacket(new byte[64], 64);
          socket.receive(answer);
          assertThat(answer.getLength()).isEqualTo(16);
        }
      }
      assertThat(tracker.terminate()).isEqualTo(143);
    }
  }

  @Test
  void programs_are_told_in_json() throws Exception {
    try (var tracker = ProgramFixture.start("tracker", "--http", "127.0.0.1:0", "--json")) {
      assertThat(tracker.line())
          .matches(
              "\\{\"event\":\"listening\",\"announce\":"
                  + "\\[\"http://127\\.0\\.0\\.1:[0-9]+/announce\","
                  + "\"ws://127\\.0\\.0\\.1:[0-9]+/announce\"]}");
    }
  }

  private static String announce(String tracker, String infoHash) throws Exception {
    String query =
        "?peer_id=-XX0000-000000000000&port=1&uploaded=0&downloaded=0&left=1&compact=1&info_hash=";
    var request = HttpRequest.newBuilder(URI.create(tracker + query + infoHash)).build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString(StandardCharsets.ISO_8859_1)).body();
    }
  }

  @Test
  void a_configuration_file_has_the_options_and_is_read_again_on_sighup() throws Exception {
    var config = folder.resolve("tracker.toml");
    Files.writeString(
        config,
        """
        # two fronts
        http = "127.0.0.1:0"
        udp = ["127.0.0.1:0", "127.0.0.1:0"]
        interval = "10m"
        threads = 2
        refuse-privileged-ports = true
        snapshot = "%s"
        [websocket]
        interval = "3m"
        connections-max = 7
        """
            .formatted(folder.resolve("peers")));
    String http;
    try (var tracker = ProgramFixture.start("tracker", "--config", config.toString())) {
      http = tracker.line();
      assertThat(tracker.line()).startsWith("udp://");
      assertThat(tracker.line()).startsWith("udp://");
      assertThat(tracker.line()).startsWith("ws://");
      assertThat(announce(http, ALLOWED)).contains("failure reason"); // port 1
      Files.writeString(config, "interval = \"20m\"\n");
      tracker.signal("HUP");
      String answer = announce(http, ALLOWED);
      for (int tries = 0; tries < 1000 && answer.contains("failure reason"); tries++) {
        answer = announce(http, ALLOWED); // never another one where SIGHUP is ignored (nohup)
      }
      assertThat(answer).contains("8:intervali1200e");
      assertThat(tracker.terminate()).isEqualTo(143);
    }
    assertThat(folder.resolve("peers")).exists();
  }

  @Test
  void what_is_wrong_in_a_configuration_is_said() throws Exception {
    var config = folder.resolve("tracker.toml");
    for (var text :
        new String[] {"http = 99999", "colour = \"red\"", "http = [", "[section]\nhttp = 1"}) {
      Files.writeString(config, text);
      var run = spate("tracker", "--config", config.toString());
      assertThat(run.code()).as(text).isEqualTo(2);
      assertThat(run.err()).as(text).startsWith("spate: ").contains("tracker.toml");
    }
  }

  @Test
  void a_port_that_is_taken_is_said() throws Exception {
    try (var taken = new ServerSocket(0)) {
      var run = spate("tracker", "--http", "127.0.0.1:" + taken.getLocalPort());
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).startsWith("spate: cannot listen for HTTP").hasLineCount(1);
    }
  }

  @Test
  void a_signed_url_lets_its_holder_in() throws Exception {
    var keys = folder.resolve("keys");
    Files.writeString(keys, "s".repeat(32) + "\n");
    try (var tracker =
        ProgramFixture.start(
            "tracker", "--http", "127.0.0.1:0", "--signing-keys", keys.toString())) {
      String url = tracker.line();
      assertThat(announce(url, ALLOWED)).contains("needs a personal announce URL");
      var run = sign(url, keys, "--for", "1h", "--torrent", "61".repeat(20), "--user", "alice");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(announce(run.out().strip(), ALLOWED)).contains("8:interval");
      assertThat(announce(run.out().strip(), DENIED)).contains("not signed");
    }
    for (var options :
        new String[] {"--for 0", "--torrent x", "--user a.b", "--signing-keys missing"}) {
      var run = sign("http://t.example/announce", keys, options.split(" "));
      assertThat(run.code()).as(options).isEqualTo(2);
    }
    assertThat(sign("http://t.example/x", keys).code()).isEqualTo(2);
    assertThat(sign("announce", keys).code()).isEqualTo(2);
  }

  @Test
  void operators_are_listened_to_on_this_machine_only_and_by_their_token() throws Exception {
    var token = folder.resolve("token");
    Files.writeString(token, "o".repeat(32) + "\n");
    try (var tracker =
        ProgramFixture.start(
            "tracker", "--udp", "127.0.0.1:0", "--admin", "0", "--admin-token", token.toString())) {
      assertThat(tracker.line()).startsWith("udp://");
      var page = tracker.line();
      assertThat(page).matches("operators: http://127\\.0\\.0\\.1:[0-9]+/");
      var numbers = URI.create(page.substring(page.indexOf("http")) + "api/v1/statistics");
      var request =
          HttpRequest.newBuilder(numbers).header("Authorization", "Bearer " + "o".repeat(32));
      try (var client = HttpClient.newHttpClient()) {
        assertThat(client.send(request.build(), BodyHandlers.ofString()).body())
            .startsWith("{\"uptime_seconds\":");
      }
    }
    Files.writeString(token, "short\n");
    var run = spate("tracker", "--admin", "0", "--admin-token", token.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("32 printable");
  }

  private static CommandLineFixture sign(String url, Path keys, String... options) {
    var arguments = new ArrayList<String>(List.of("tracker", "sign", url));
    if (!List.of(options).contains("--signing-keys")) {
      arguments.addAll(List.of("--signing-keys", keys.toString()));
    }
    arguments.addAll(List.of(options));
    return spate(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--http x",
        "--interval 0",
        "--interval 2d",
        "--interval often",
        "--allow a --deny b",
        "--http 127.0.0.1:0 --allow no-such-file",
        "--https 127.0.0.1:0",
        "--threads 0",
        "--proxy somebody",
        "--peers-max 0",
        "--store db.example",
        "--store redis://db.example --snapshot peers",
        "--websocket-interval 2d",
        "--websocket-connections-max -1",
        "--websocket-connections-per-address-max 0",
        "--config no-such-file",
        "--users no-such-file",
        "--sites no-such-file",
        "--near 16",
        "--near 0/48",
        "--elsewhere 0",
        "--requests-per-address-max -1",
        "--admin 7070",
        "--admin-token no-such-file",
        "--admin 7070 --admin-token no-such-file",
      })
  void bad_options_are_exit_code_2(String options) {
    var run = spate(("tracker " + options).split(" ", -1));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("spate: ").doesNotContain("\tat ");
  }
}

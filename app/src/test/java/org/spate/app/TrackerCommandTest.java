package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void programs_are_told_in_json() throws Exception {
    try (var tracker = ProgramFixture.start("tracker", "--http", "127.0.0.1:0", "--json")) {
      assertThat(tracker.line())
          .matches(
              "\\{\"event\":\"listening\",\"announce\":"
                  + "\\[\"http://127\\.0\\.0\\.1:[0-9]+/announce\"]}");
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
  void a_port_that_is_taken_is_said() throws Exception {
    try (var taken = new ServerSocket(0)) {
      var run = spate("tracker", "--http", "127.0.0.1:" + taken.getLocalPort());
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).startsWith("spate: cannot listen for HTTP").hasLineCount(1);
    }
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
      })
  void bad_options_are_exit_code_2(String options) {
    var run = spate(("tracker " + options).split(" ", -1));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("spate: ").doesNotContain("\tat ");
  }
}

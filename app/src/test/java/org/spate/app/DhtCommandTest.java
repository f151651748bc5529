package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.engine.Session;
import org.spate.engine.SessionSettings;
import org.spate.engine.TorrentOptions;
import org.spate.engine.storage.TorrentCreator;
import tools.jackson.databind.json.JsonMapper;

/** {@code spate dht}, as it is used, in a DHT of a few sessions on loopback. */
class DhtCommandTest {
  private static final int SESSIONS = 4;

  @TempDir private Path root;
  private final List<Session> sessions = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    for (int i = 0; i < SESSIONS; i++) {
      var folder = Files.createDirectory(root.resolve("s" + i));
      Files.writeString(folder.resolve("f"), "content " + i);
      var routers =
          sessions.isEmpty()
              ? List.<String>of()
              : List.of("127.0.0.1:" + sessions.getFirst().port());
      var settings =
          SessionSettings.in(folder)
              .bind(InetAddress.getLoopbackAddress())
              .port(0)
              .loops(1)
              .dht(routers);
      var session = Session.open(settings.build());
      sessions.add(session);
      var torrent =
          TorrentCreator.create(
              folder.resolve("f"),
              CreationOptions.of("f", true, TorrentFormat.V1),
              1,
              (_, _) -> {});
      session.add(torrent, TorrentOptions.DEFAULT);
    }
  }

  @AfterEach
  void close() {
    sessions.forEach(Session::close);
  }

  private CommandLineFixture dht(String... arguments) {
    var all = new ArrayList<>(List.of("dht"));
    all.addAll(List.of(arguments));
    var router = "127.0.0.1:" + sessions.getFirst().port();
    all.addAll(List.of("--bind", "127.0.0.1", "--dht-router", router));
    return spate(all.toArray(String[]::new));
  }

  @Test
  void what_is_put_is_got() {
    var put = dht("put", "hello world");
    assertThat(put.code()).as(put.err()).isZero();
    assertThat(put.out().strip()).hasSize(40);
    var get = dht("get", put.out().strip());
    assertThat(get.code()).as(get.err()).isZero();
    assertThat(get.out()).isEqualTo("hello world\n");
  }

  @Test
  void a_signed_value_is_replaced_by_the_owner_of_its_key() throws Exception {
    var key = root.resolve("key");
    assertThat(dht("put", "i1e", "--bencode", "--key", key.toString(), "--salt", "s").code())
        .isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    var put = dht("put", "i2e", "--bencode", "--key", key.toString(), "--salt", "s", "--json");
    var told = JsonMapper.shared().readTree(put.out().lines().findFirst().orElseThrow());
    assertThat(told.get("seq").asLong()).isEqualTo(2);
    var get = dht("get", told.get("public_key").asString(), "--salt", "s", "--json");
    var item = JsonMapper.shared().readTree(get.out().lines().findFirst().orElseThrow());
    assertThat(item.get("bencode_hex").asString()).isEqualTo("693265");
    assertThat(item.get("seq").asLong()).isEqualTo(2);
    var stale =
        dht("put", "i0e", "--bencode", "--key", key.toString(), "--salt", "s", "--seq", "1");
    assertThat(stale.code()).isEqualTo(1);
    assertThat(stale.err()).contains("there is a newer one");
  }

  @Test
  void what_nobody_has_put_is_exit_code_1() {
    var get = dht("get", "00".repeat(20), "--json");
    assertThat(get.code()).isEqualTo(1);
    assertThat(JsonMapper.shared().readTree(get.out()).get("event").asString()).isEqualTo("ended");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dht",
        "dht get xyz",
        "dht get",
        "dht peers no-such-file",
        "dht put i01e --bencode",
        "dht put x --seq 1",
        "dht sample 12",
        "dht get 0000000000000000000000000000000000000000 --port 70000",
        "dht get 0000000000000000000000000000000000000000 --bind nowhere"
      })
  void bad_usage_and_bad_input_are_exit_code_2(String command) {
    var run = spate(command.split(" ", -1));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("spate: ");
  }
}

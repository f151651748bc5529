package org.spate.engine.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spate.core.Endpoint;
import org.spate.core.bencode.BencodeWriter;
import org.spate.engine.Session;
import org.spate.engine.SessionSettings;
import org.spate.engine.TestTracker;
import org.spate.engine.TorrentOptions;
import org.spate.engine.storage.TestTorrent;

/** The README's example does what it says, and says what it does. */
class DownloadExampleTest {
  @TempDir private Path root;

  private SessionSettings settings(String name) {
    return SessionSettings.in(root.resolve(name))
        .bind(InetAddress.getLoopbackAddress())
        .port(0)
        .build();
  }

  @Test
  void downloads_a_torrent_from_a_peer_that_its_tracker_knows() throws IOException {
    var torrent =
        TestTorrent.of(7, TestTorrent.Format.V1, 1 << 15, TestTorrent.Item.file("f", 200_000));
    Files.createDirectories(root.resolve("seed/t"));
    Files.write(root.resolve("seed/t/f"), torrent.content("f"));
    try (var tracker = new TestTracker();
        var seed = Session.open(settings("seed"))) {
      seed.add(torrent.metainfo(), TorrentOptions.DEFAULT).finished().join();
      tracker.give(Endpoint.of(InetAddress.getLoopbackAddress().getAddress(), seed.port()));
      var file = root.resolve("t.torrent");
      Files.write(file, withTracker(torrent.metainfo().info().rawBytes(), tracker.url()));

      assertThat(DownloadExample.download(settings("leech"), file)).isEqualTo("got 200000 bytes");
      assertThat(root.resolve("leech/t/f")).hasBinaryContent(torrent.content("f"));
      assertThat(tracker.queries().getFirst()).contains("event=started");
      assertThat(tracker.queries()).anyMatch(query -> query.contains("event=completed"));
      assertThat(tracker.queries().getLast()).contains("event=stopped").contains("left=0");
    }
  }

  private static byte[] withTracker(byte[] info, String url) {
    return new BencodeWriter()
        .beginDictionary()
        .key("announce")
        .text(url)
        .key("info")
        .raw(info)
        .end()
        .toBytes();
  }

  @Test
  void stands_in_the_readme_word_for_word() throws IOException {
    var source = "src/test/java/org/spate/engine/example/DownloadExample.java";
    var lines = Files.readString(project().resolve("engine").resolve(source)).lines().toList();
    var example =
        lines
            .subList(indexOf(lines, "// begin: README") + 1, indexOf(lines, "// end: README"))
            .stream()
            .map(line -> line.isEmpty() ? line : line.substring(4))
            .reduce("", (text, line) -> text + line + "\n");
    assertThat(Files.readString(project().resolve("README.md"), StandardCharsets.UTF_8))
        .contains(example);
  }

  private static int indexOf(List<String> lines, String mark) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(mark)) {
        return i;
      }
    }
    throw new AssertionError("no line says " + mark);
  }

  /** The folder of the project, from wherever the tests are run. */
  private static Path project() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(".editorconfig"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}

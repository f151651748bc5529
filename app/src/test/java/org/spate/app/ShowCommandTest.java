package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.metainfo.MetainfoException;
import org.spate.core.metainfo.MetainfoParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code spate show} says of real torrents, hostile ones and magnet links. */
class ShowCommandTest {
  @TempDir private Path folder;

  static List<Path> torrents() throws IOException {
    try (var files = Files.list(corpus())) {
      return files.filter(file -> file.toString().endsWith(".torrent")).sorted().toList();
    }
  }

  private static Path corpus() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(".editorconfig"))) {
      folder = folder.getParent();
    }
    return folder.resolve("core/src/test/resources/corpus/torrents");
  }

  @ParameterizedTest
  @MethodSource("torrents")
  void json_agrees_with_another_client(Path torrent) throws IOException {
    var expected =
        JsonMapper.shared()
            .readTree(
                Files.readString(
                    torrent.resolveSibling("expected").resolve(torrent.getFileName() + ".json")));
    var run = spate("show", "--json", torrent.toString());
    assertThat(run.code()).isEqualTo(isAccepted(torrent) ? 0 : 2);
    if (run.code() != 0) {
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("spate: ").contains("refused").hasLineCount(1);
      return;
    }
    var theirs = expected.get("libtorrent_2_0_8");
    if (theirs != null && theirs.get("loads").asBoolean()) {
      assertSame(run.json(), theirs);
    }
  }

  /** Which torrents must be refused is a matter of core and its tests. */
  private static boolean isAccepted(Path torrent) throws IOException {
    try {
      MetainfoParser.parse(Files.readAllBytes(torrent));
      return true;
    } catch (MetainfoException e) {
      return false;
    }
  }

  private static void assertSame(JsonNode ours, JsonNode theirs) {
    assertThat(ours.get("info_hash_v1")).isEqualTo(theirs.get("v1_info_hash"));
    assertThat(ours.get("info_hash_v2")).isEqualTo(theirs.get("v2_info_hash"));
    assertThat(ours.get("piece_length").asInt()).isEqualTo(theirs.get("piece_length").asInt());
    assertThat(ours.get("num_pieces").asInt()).isEqualTo(theirs.get("num_pieces").asInt());
    assertThat(ours.get("private")).isEqualTo(theirs.get("private"));
    assertThat(sizes(ours)).containsExactlyElementsOf(sizes(theirs));
    boolean hasV1 = !ours.get("info_hash_v1").isNull();
    if (hasV1) {
      // Of v2 alone libtorrent counts the gaps between files too, as if they were padding.
      assertThat(ours.get("total_size").asLong()).isEqualTo(theirs.get("total_size").asLong());
    }
  }

  private static List<Long> sizes(JsonNode torrent) {
    return StreamSupport.stream(torrent.get("files").spliterator(), false)
        .filter(file -> !file.get("pad").asBoolean())
        .map(file -> file.get("size").asLong())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("torrents")
  void text_is_printable_whatever_the_torrent_holds(Path torrent) {
    var run = spate("show", torrent.toString());
    assertThat((run.out() + run.err()).chars())
        .allMatch(c -> c == '\n' || !Character.isISOControl(c));
  }

  @Test
  void a_torrent_is_shown_with_all_it_holds() throws IOException {
    var torrent =
        write(
            "d8:announce17:http://a.example/13:announce-listll17:http://a.example/el17:"
                + "http://b.example/ee7:comment11:hello\u001b[31m!10:created by2:me"
                + "13:creation datei1e4:infod5:filesld6:lengthi3000e4:pathl1:a1:beed6:lengthi1e"
                + "4:pathl1:ceee4:name3:top12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa"
                + "7:privatei1e6:source3:srce8:url-list17:http://w.example/e");
    var run = spate("show", torrent.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .contains(
            "Name        top",
            "Format      v1",
            "Size        2.93 KiB (3001 bytes) in 2 files",
            "Pieces      1 of 16.0 KiB",
            "Private     yes",
            "Source      src",
            "Created by  me",
            "Created on  1970-01-01T00:00:01Z",
            "Tier 1      http://a.example/",
            "Tier 2      http://b.example/",
            "Web seeds   http://w.example/",
            "    2.93 KiB  top/a/b",
            "         1 B  top/c");
    assertThat(run.out()).doesNotContain("\u001b");

    var json = spate("show", "--json", torrent.toString()).json();
    assertThat(json.get("trackers").toString())
        .isEqualTo("[[\"http://a.example/\"],[\"http://b.example/\"]]");
    assertThat(json.get("web_seeds").toString()).isEqualTo("[\"http://w.example/\"]");
    assertThat(json.get("creation_date").asLong()).isEqualTo(1);
    assertThat(json.get("created_by").asString()).isEqualTo("me");
    assertThat(json.get("total_size").asLong()).isEqualTo(3001);
    assertThat(json.get("files").get(0).get("path").asString()).isEqualTo("top/a/b");
  }

  @Test
  void problems_that_were_put_up_with_are_listed() throws IOException {
    var torrent =
        write(
            "d4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"
                + "8:url-list14:javascript:xxxe");
    assertThat(spate("show", torrent.toString()).out()).contains("Problems\n  - ");
    assertThat(spate("show", "--json", torrent.toString()).json().get("problems")).isNotEmpty();
  }

  @Test
  void a_magnet_link_is_shown_with_the_same_keys() {
    String link =
        "magnet:?xt=urn:btih:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd&dn=a%1bb"
            + "&tr=http://t.example/announce&x.pe=192.0.2.1:6881&so=0,2-3";
    var json = spate("show", "--offline", "--json", link).json();
    assertThat(json.get("info_hash_v1").asString()).isEqualTo("cd".repeat(20));
    assertThat(json.get("info_hash_v2").isNull()).isTrue();
    assertThat(json.get("trackers").toString()).isEqualTo("[[\"http://t.example/announce\"]]");
    assertThat(json.get("peers").toString()).isEqualTo("[\"192.0.2.1:6881\"]");
    assertThat(json.get("selected_files").toString()).isEqualTo("[0,2,3]");
    assertThat(json.get("total_size").isNull()).isTrue();

    var text = spate("show", "--offline", "MAGNET" + link.substring(6));
    assertThat(text.code()).isZero();
    assertThat(text.out()).contains("Hash v1     " + "cd".repeat(20)).doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"magnet:?dn=x", "magnet:?xt=urn:btih:abc", "no-such-file", "."})
  void what_cannot_be_shown_is_exit_code_2(String source) {
    var run = spate("show", source);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("spate: ").hasLineCount(1);
  }

  private Path write(String bencoded) throws IOException {
    return Files.writeString(folder.resolve("a.torrent"), bencoded);
  }
}

package org.spate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spate.app.CommandLineFixture.spate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Torrents made of a folder, looked into, and files checked against them. */
class CreateAndVerifyTest {
  private static final int PIECE = 16_384;

  @TempDir private Path folder;
  private Path payload;
  private Path torrent;

  @BeforeEach
  void makePayload() throws IOException {
    payload = Files.createDirectories(folder.resolve("photos/2026")).getParent();
    torrent = folder.resolve("photos.torrent");
    write("a.bin", 3 * PIECE, 1);
    write("2026/b.bin", PIECE + 1, 2);
    write("empty", 0, 3);
  }

  private void write(String name, int length, long seed) throws IOException {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    Files.write(payload.resolve(name), bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "hybrid"})
  void what_create_writes_show_reads_and_verify_finds_whole(String format) {
    var created =
        create(
            "--format",
            format,
            "-t",
            "http://a.example/announce,udp://b.example:1",
            "-t",
            "http://c.example/announce",
            "-w",
            "http://w.example/",
            "--private",
            "--comment",
            "hi",
            "--source",
            "S",
            "--date",
            "2026-01-31",
            "--piece-size",
            "16KiB");
    assertThat(created.code()).as(created.err()).isZero();
    assertThat(created.out()).contains("photos.torrent", "Magnet      magnet:?xt=");

    var shown = spate("show", "--json", torrent.toString()).json();
    assertThat(shown.get("name").asString()).isEqualTo("photos");
    assertThat(shown.get("info_hash_v1").isNull()).isEqualTo(format.equals("v2"));
    assertThat(shown.get("info_hash_v2").isNull()).isEqualTo(format.equals("v1"));
    assertThat(shown.get("piece_length").asInt()).isEqualTo(PIECE);
    assertThat(shown.get("data_size").asLong()).isEqualTo(4 * PIECE + 1);
    assertThat(shown.get("trackers").toString())
        .isEqualTo(
            "[[\"http://a.example/announce\",\"udp://b.example:1\"],"
                + "[\"http://c.example/announce\"]]");
    assertThat(shown.get("web_seeds").toString()).isEqualTo("[\"http://w.example/\"]");
    assertThat(shown.get("private").asBoolean()).isTrue();
    assertThat(shown.get("comment").asString()).isEqualTo("hi");
    assertThat(shown.get("source").asString()).isEqualTo("S");
    assertThat(shown.get("creation_date").asLong()).isEqualTo(1_769_817_600);
    assertThat(shown.get("problems")).isEmpty();

    var verified = verify();
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(verified.json().get("complete").asBoolean()).isTrue();
    assertThat(verified.json().get("bad_pieces")).isEmpty();
  }

  @Test
  void names_that_not_every_system_takes_are_told_and_found_where_they_are() throws IOException {
    write("what? why.txt", PIECE, 4);
    var created = create();
    assertThat(created.out()).contains("Problems", "photos/what_ why.txt");
    assertThat(verify().code()).isZero();
  }

  @Test
  void the_same_input_makes_the_same_bytes() throws IOException {
    create("--date", "1");
    var first = Files.readAllBytes(torrent);
    create("--date", "1970-01-01T00:00:01Z");
    assertThat(Files.readAllBytes(torrent)).isEqualTo(first);
    create("--date", "2");
    assertThat(Files.readAllBytes(torrent)).isNotEqualTo(first);
  }

  @Test
  void a_single_file_has_no_folder() throws IOException {
    var run = spate("create", payload.resolve("a.bin").toString(), "-o", torrent.toString());
    assertThat(run.code()).as(run.err()).isZero();
    var files = spate("show", "--json", torrent.toString()).json().get("files");
    assertThat(files.get(0).get("path").asString()).isEqualTo("a.bin");
    assertThat(spate("verify", torrent.toString(), "-d", payload.toString()).code()).isZero();
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("photos", "photos.torrent");
  }

  @Test
  void damage_is_found_and_told_by_file_and_piece() throws IOException {
    create("--piece-size", "16KiB", "--format", "hybrid");
    var bytes = Files.readAllBytes(payload.resolve("a.bin"));
    bytes[PIECE] ^= 1;
    Files.write(payload.resolve("a.bin"), bytes);
    Files.delete(payload.resolve("2026/b.bin"));

    var verified = verify();
    assertThat(verified.code()).isEqualTo(1);
    assertThat(verified.json().get("complete").asBoolean()).isFalse();
    var a = file(verified.json(), "photos/a.bin");
    assertThat(a.get("state").asString()).isEqualTo("damaged");
    assertThat(a.get("bad_pieces")).hasSize(1);
    assertThat(file(verified.json(), "photos/2026/b.bin").get("state").asString())
        .isEqualTo("missing");
    assertThat(file(verified.json(), "photos/empty").get("state").asString()).isEqualTo("whole");

    var text = spate("verify", torrent.toString(), "-d", folder.toString());
    assertThat(text.code()).isEqualTo(1);
    assertThat(text.out())
        .contains("damaged  photos/a.bin: piece ")
        .contains("missing  photos/2026/b.bin\n")
        .contains("incomplete  photos: 2 of 5 pieces are right");
  }

  @Test
  void a_file_without_bytes_may_be_missing_too() throws IOException {
    create();
    Files.delete(payload.resolve("empty"));
    assertThat(verify().code()).isEqualTo(1);
  }

  @Test
  void nothing_is_made_where_the_files_are_not_there() throws IOException {
    create();
    var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    var run = spate("verify", torrent.toString(), "-d", elsewhere.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("missing  photos/a.bin");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--piece-size 20000",
        "--piece-size 1KiB",
        "--piece-size 0",
        "--piece-size 8GiB",
        "--piece-size much",
        "--format v3",
        "--date yesterday",
        "--date 1969-12-31",
        "-t javascript:alert",
        "-w file:///etc/passwd",
      })
  void bad_options_are_exit_code_2_and_nothing_is_written(String options) {
    var run = create(options.split(" ", -1));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("spate: ").doesNotContain("\tat ");
    assertThat(torrent).doesNotExist();
  }

  @Test
  void what_is_not_there_or_holds_nothing_makes_no_torrent() throws IOException {
    assertThat(spate("create", folder.resolve("nothing").toString()).code()).isEqualTo(2);
    var empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(spate("create", empty.toString(), "-o", torrent.toString()).code()).isEqualTo(2);
    assertThat(spate("verify", folder.resolve("no.torrent").toString()).code()).isEqualTo(2);
    create();
    assertThat(spate("verify", torrent.toString(), "-d", folder + "/nowhere").code()).isEqualTo(2);
    assertThat(torrent).exists();
  }

  @ParameterizedTest
  @CsvSource({"'1', '1'", "'1,2,3', '1-3'", "'0,2,3,9', '0, 2-3, 9'"})
  void runs_of_pieces_are_drawn_together(String pieces, String text) {
    List<Integer> numbers = Arrays.stream(pieces.split(",", -1)).map(Integer::valueOf).toList();
    assertThat(VerifyReport.ranges(numbers)).isEqualTo(text);
  }

  private CommandLineFixture create(String... options) {
    var arguments = new String[options.length + 4];
    arguments[0] = "create";
    arguments[1] = payload.toString();
    arguments[2] = "-o";
    arguments[3] = torrent.toString();
    System.arraycopy(options, 0, arguments, 4, options.length);
    return spate(arguments);
  }

  private CommandLineFixture verify() {
    return spate("verify", "--json", torrent.toString(), "-d", folder.toString());
  }

  private static JsonNode file(JsonNode report, String path) {
    for (var file : report.get("files")) {
      if (file.get("path").asString().equals(path)) {
        return file;
      }
    }
    throw new AssertionError(path + " is not in " + report);
  }
}

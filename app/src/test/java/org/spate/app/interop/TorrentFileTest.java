package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Torrents that others make are read and verified by us, and ours by them. */
@Tag("interop")
class TorrentFileTest {
  private static final String ANNOUNCE = "http://10.77.0.11:6969/announce";

  @TempDir Path scratch;
  private Lab lab;
  private Clients clients;
  private Path payload;
  private Path torrent;

  @BeforeEach
  void open() throws IOException {
    lab = Lab.open();
    clients = new Clients(lab, scratch);
    payload =
        Payloads.folder(Files.createDirectory(scratch.resolve("complete")), "folder", 900_000);
    torrent = scratch.resolve("made.torrent");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void weReadWhatMktorrentMakes() {
    clients.run("mktorrent", "-l", "16", "-a", ANNOUNCE, "-o", "" + torrent, "" + payload);

    verifies();
  }

  @Test
  void weReadWhatTransmissionMakes() {
    clients.run(
        "transmission-create", "-s", "64", "-t", ANNOUNCE, "-o", "" + torrent, "" + payload);

    verifies();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "hybrid"})
  void weReadWhatLibtorrentMakes(String format) {
    clients.run(
        Clients.PYTHON,
        "" + clients.resource("libtorrent_create.py"),
        "" + payload,
        "" + torrent,
        format,
        "65536",
        ANNOUNCE);

    verifies();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "hybrid"})
  void libtorrentReadsWhatWeMake(String format) {
    create(format);

    var shown =
        clients.run(Clients.PYTHON, "" + clients.resource("libtorrent_show.py"), "" + torrent);

    assertThat(shown).contains("450001 folder/a first.bin", "777 folder/z.txt");
    var lines = shown.split("\n", -1);
    var ours = show();
    assertThat(ours).contains(lines[0].equals("-") ? "\"info_hash_v1\":null" : lines[0]);
    assertThat(ours).contains(lines[1].equals("-") ? "\"info_hash_v2\":null" : lines[1]);
  }

  @Test
  void transmissionReadsWhatWeMake() {
    create("v1");

    assertThat(clients.run("transmission-show", "" + torrent)).contains("folder/z.txt", ANNOUNCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "hybrid"})
  void aria2ReadsWhatWeMake(String format) {
    create(format);

    assertThat(clients.run("aria2c", "-S", "" + torrent)).contains("folder/z.txt", ANNOUNCE);
  }

  private void create(String format) {
    var create =
        clients.spate(
            "create",
            payload,
            "-o",
            torrent,
            "-t",
            ANNOUNCE,
            "--format",
            format,
            "--piece-size",
            "64KiB");
    assertThat(create.awaitExit(60)).as(create.tail()).isZero();
  }

  private String show() {
    var show = clients.spate("show", torrent, "--json");
    assertThat(show.awaitExit(60)).as(show.tail()).isZero();
    return String.join("", show.lines()).replace(" ", "");
  }

  private void verifies() {
    assertThat(show()).contains(ANNOUNCE);
    var verify = clients.spate("verify", torrent, "-d", payload.getParent(), "--json");
    assertThat(verify.awaitExit(60)).as(verify.tail()).isZero();
    assertThat(payload.resolve("z.txt").toFile().delete()).isTrue();
    var damaged = clients.spate("verify", torrent, "-d", payload.getParent());
    assertThat(damaged.awaitExit(60)).as(damaged.tail()).isEqualTo(1);
    assertThat(String.join("\n", damaged.lines())).contains("z.txt");
  }
}

package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.spate.app.CommandLineFixture;

/**
 * Starts our program and those of others in a {@link Lab}, each with its own address and folder.
 */
final class Clients {
  static final String PYTHON = "/usr/bin/python3"; // the one that Debian's libtorrent belongs to
  static final int PORT = 16881;

  private final Lab lab;
  private final Path scratch;
  private final List<String> around;

  Clients(Lab lab, Path scratch) {
    this(lab, scratch, List.of());
  }

  private Clients(Lab lab, Path scratch, List<String> around) {
    this.lab = lab;
    this.scratch = scratch;
    this.around = around;
  }

  /** Such as find a file of ours where the system has one. */
  Clients withFile(Path ours, String systems) {
    var script = "mount --bind '%s' '%s' && exec \"$@\"".formatted(ours, systems);
    return new Clients(lab, scratch, List.of("unshare", "--mount", "sh", "-c", script, "sh"));
  }

  /** A client of the world outside, and which torrents it knows how to handle. */
  enum Foreign {
    LIBTORRENT,
    TRANSMISSION,
    ARIA2;

    /**
     * Transmission 3.00 cannot parse the file tree of a hybrid, and aria2 1.36 computes a wrong
     * info-hash for it, whoever made it.
     */
    boolean canDo(String format) {
      return this == LIBTORRENT || format.equals("v1");
    }
  }

  /** Our own program, as the tests were compiled. */
  Running spate(Object... arguments) {
    var command = new ArrayList<>(around);
    command.addAll(
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "org.spate.app.Spate"));
    for (var argument : arguments) {
      command.add(argument.toString());
    }
    return lab.start(
        scratch, command, Map.of("XDG_STATE_HOME", scratch.resolve("state").toString()));
  }

  Running spateSeed(String address, Path torrent, Path folder, Object... more) {
    var arguments =
        new ArrayList<Object>(
            List.of("seed", torrent, "-d", folder, "--bind", address, "--port", PORT, "--json"));
    arguments.addAll(List.of(more));
    return spate(arguments.toArray());
  }

  Running spateGet(String address, Object torrent, Path folder, Object... more) {
    var arguments =
        new ArrayList<Object>(
            List.of("get", torrent, "-d", folder, "--bind", address, "--port", PORT, "--json"));
    arguments.addAll(List.of(more));
    return spate(arguments.toArray());
  }

  /** Starts another client; as a leecher it prints or ends as {@link #awaitDone} expects. */
  Running foreign(Foreign client, boolean seed, String address, Path torrent, Path folder) {
    return foreign(client, seed, address, torrent, folder, List.of());
  }

  /** The same with more options; for libtorrent they are one JSON object of settings. */
  Running foreign(
      Foreign client, boolean seed, String address, Path torrent, Path folder, List<String> more) {
    return switch (client) {
      case LIBTORRENT -> libtorrent(address, torrent, folder, more);
      case TRANSMISSION -> transmission(address, torrent, folder, more);
      case ARIA2 -> aria2(seed, address, torrent, folder, more);
    };
  }

  /** Starts another client that fetches a magnet link. */
  Running foreignMagnet(Foreign client, String address, String link, Path folder) {
    return switch (client) {
      case LIBTORRENT ->
          lab.start(
              scratch,
              List.of(
                  PYTHON,
                  resource("libtorrent_magnet.py").toString(),
                  link,
                  folder.toString(),
                  address,
                  "" + PORT));
      case TRANSMISSION -> transmission(address, link, folder, List.of());
      case ARIA2 -> aria2(false, address, link, folder, List.of());
    };
  }

  private Running libtorrent(String address, Path torrent, Path folder, List<String> more) {
    var command =
        new ArrayList<String>(
            List.of(
                PYTHON,
                resource("libtorrent_peer.py").toString(),
                torrent.toString(),
                folder.toString(),
                address,
                "" + PORT));
    command.addAll(more);
    return lab.start(scratch, command);
  }

  private Running transmission(String address, Object torrent, Path folder, List<String> more) {
    try {
      var home = Files.createTempDirectory(scratch, "transmission");
      Files.writeString(
          home.resolve("settings.json"),
          """
          {"bind-address-ipv4": "%s", "bind-address-ipv6": "::1", "dht-enabled": false,
           "lpd-enabled": false, "utp-enabled": false, "pex-enabled": false, "encryption": 0,
           "port-forwarding-enabled": false, "peer-port": %d, "preallocation": 0}
          """
              .formatted(address, PORT));
      var hook = home.resolve("done.sh");
      Files.writeString(hook, "#!/bin/sh\n: > " + home.resolve("done") + "\n");
      Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
      var watch = "while [ ! -e '" + home.resolve("done") + "' ]; do sleep 0.1; done; echo DONE";
      var run =
          "transmission-cli %s -g '%s' -w '%s' -p %d -f '%s' '%s' >'%s' 2>&1 & %s; wait"
              .formatted(
                  String.join(" ", more),
                  home,
                  folder,
                  PORT,
                  hook,
                  torrent,
                  home.resolve("log"),
                  watch);
      return lab.start(home, List.of("sh", "-c", run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Running aria2(
      boolean seed, String address, Object torrent, Path folder, List<String> more) {
    var command =
        new ArrayList<String>(
            List.of(
                "aria2c",
                "--no-conf",
                "--enable-dht=false",
                "--enable-dht6=false",
                "--bt-enable-lpd=false",
                "--enable-peer-exchange=false",
                "--file-allocation=none",
                "--summary-interval=0",
                "--allow-overwrite=true",
                "--interface=" + address,
                "--listen-port=" + PORT,
                "--dir=" + folder,
                "--on-bt-download-complete=" + resource("aria2_done.sh"),
                "--seed-ratio=0.0"));
    if (seed) {
      command.add("--check-integrity=true");
    }
    command.addAll(more);
    command.add(torrent.toString());
    return lab.start(scratch, command);
  }

  /** Waits until a foreign leecher has everything. */
  static void awaitDone(Running leecher, int seconds) {
    leecher.awaitLine(line -> line.contains("DONE"), seconds);
  }

  /** Waits until our download is complete and verified. */
  static void awaitFinished(Running get, int seconds) {
    get.awaitLine(line -> line.contains("\"event\":\"finished\""), seconds);
  }

  static void awaitSeeding(Running seed, int seconds) {
    seed.awaitLine(line -> line.contains("\"event\":\"seeding\""), seconds);
  }

  /** Debian's opentracker on an address, HTTP and UDP; it wants a list of torrents. */
  Running opentracker(String address, int port, List<String> infoHashes) {
    try {
      var home = Files.createTempDirectory(scratch, "opentracker");
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.write(home.resolve("white"), infoHashes);
      return lab.start(
          home,
          List.of(
              "opentracker",
              "-i",
              address,
              "-p",
              "" + port,
              "-P",
              "" + port,
              "-d",
              home.toString(),
              "-w",
              "white"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of the test resources as a file on disk that can be run. */
  Path resource(String name) {
    try (InputStream in = Clients.class.getResourceAsStream("/interop/" + name)) {
      var path = scratch.resolve(name);
      if (!Files.exists(path)) {
        Files.copy(in, path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a torrent by the command {@code create}, in this process, since that is quicker. */
  static void create(Object... arguments) {
    var words = Stream.concat(Stream.of("create"), Stream.of(arguments)).map(Object::toString);
    var run = CommandLineFixture.spate(words.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
  }

  /** The SHA-1 that names a torrent, as {@code show} prints it. */
  static String infoHash(Path torrent) {
    var show = CommandLineFixture.spate("show", torrent.toString(), "--json");
    return show.json().get("info_hash_v1").asString();
  }

  /** Runs a program to its end and returns its standard output. */
  String run(String... command) {
    var running = lab.start(scratch, List.of(command));
    int code = running.awaitExit(60);
    if (code != 0) {
      throw new AssertionError("exit " + code + ": " + List.of(command) + running.tail());
    }
    return String.join("\n", running.lines());
  }
}

package org.spate.tracker;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A redis-server of a test's own, or a valkey-server where that is what there is, on loopback. */
final class RedisNode implements AutoCloseable {
  private static final String PROGRAM = isThere("redis-server") ? "redis-server" : "valkey-server";

  private final Path folder;
  private final int port;
  private final List<String> options;
  private Process process;

  private RedisNode(Path folder, int port, List<String> options) {
    this.folder = folder;
    this.port = port;
    this.options = options;
    process = launch();
  }

  static RedisNode start(Path folder, String... options) {
    return new RedisNode(folder, freePort(), List.of(options));
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Below 55,536, since the bus of a cluster takes the port 10,000 above. */
  static int freePort() {
    try {
      while (true) {
        try (var socket = new ServerSocket(0)) {
          if (socket.getLocalPort() < 55_536) {
            return socket.getLocalPort();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() {
    var command =
        new ArrayList<>(
            List.of(
                PROGRAM,
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                folder.toString()));
    command.addAll(options);
    try {
      var started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("redis-" + port + ".log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      Await.until(
          "redis-server on port " + port,
          () -> {
            if (!started.isAlive()) {
              throw new AssertionError("redis-server ended; see its log in " + folder);
            }
            return isAnswering();
          });
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isAnswering() {
    try {
      return ask("PING").contains("PONG") || ask("PING").contains("NOAUTH");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** What comes first in answer to a command without spaces in its arguments. */
  String ask(String command) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(Clients.TIMEOUT_MILLIS);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      var answer = new byte[1 << 16];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** As if by a power cut: it loses all that it held. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** It keeps its connections and answers nothing until it goes {@link #on}. */
  void halt() {
    signal("STOP");
  }

  void on() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
      kill.onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void restart() {
    process = launch();
  }

  @Override
  public void close() {
    kill();
  }
}

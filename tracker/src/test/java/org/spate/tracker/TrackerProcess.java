package org.spate.tracker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.spate.tracker.redis.RedisAddress;

/** A tracker node in a process of its own, which a test can kill. */
final class TrackerProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private TrackerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static TrackerProcess start(String store) {
    try {
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  TrackerProcess.class.getName(),
                  store)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      var lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("port ")) {
          return new TrackerProcess(process, Integer.parseInt(line.substring(5)));
        }
      }
      throw new AssertionError("the tracker did not start");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InetSocketAddress http() {
    return Clients.v4(port);
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) throws InterruptedException {
    var settings =
        TrackerSettings.on(List.of(Clients.v4(0)), List.of())
            .withStore(RedisAddress.parse(arguments[0]));
    var tracker = Tracker.start(settings);
    System.out.println("port " + tracker.httpAddresses().getFirst().getPort());
    Thread.currentThread().join();
  }
}

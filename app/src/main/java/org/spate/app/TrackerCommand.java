package org.spate.app;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.tracker.InheritedSockets;
import org.spate.tracker.Tracker;
import org.spate.tracker.TrackerException;
import org.spate.tracker.TrackerSettings;
import org.spate.tracker.admin.AdminServer;
import org.spate.tracker.admin.AdminSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a tracker until it is interrupted. */
@Command(
    name = "tracker",
    description = {
      "Run a tracker until interrupted.",
      "Without --http and --udp it listens for both on port 6969. WebSockets (WebTorrent) are"
          + " served where HTTP and HTTPS are. Statistics are served over HTTP: /stats as JSON,"
          + " /metrics for Prometheus."
    },
    subcommands = TrackerSignCommand.class)
final class TrackerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(TrackerCommand.class);

  @Mixin private Output output;

  @Mixin private TrackerOptions options;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Take the options from this file instead: TOML, its keys the long options without dashes."
              + " On SIGHUP it is read again.")
  private @Nullable Path config;

  @Option(names = "--json", description = "Print where it listens as a JSON object.")
  private boolean isJson;

  @Override
  public Integer call() throws InterruptedException {
    output.startLog();
    var read = read();
    var settings = read.settings();
    var adminSettings = read.admin();
    var tracker = start(settings);
    var admin = listenForOperators(tracker, adminSettings);
    if (config != null) {
      // Where there is no such signal the tracker is started again instead.
      var _ = Signals.register("HUP", () -> reload(tracker));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(tracker::close));
    announce(tracker, settings, admin);
    // Only a signal ends it, and that ends the program by the hook above.
    new CountDownLatch(1).await();
    return Spate.DONE;
  }

  private static @Nullable AdminServer listenForOperators(
      Tracker tracker, @Nullable AdminSettings settings) {
    try {
      return settings == null ? null : AdminServer.start(tracker, settings);
    } catch (TrackerException e) {
      tracker.close();
      throw e;
    }
  }

  private static Tracker start(TrackerSettings settings) {
    var inherited = InheritedSockets.of(System.getenv(), ProcessHandle.current().pid());
    return inherited.isEmpty() ? Tracker.start(settings) : Tracker.start(settings, inherited);
  }

  private void announce(Tracker tracker, TrackerSettings settings, @Nullable AdminServer admin) {
    var urls = new ArrayList<String>();
    tracker.httpAddresses().forEach(at -> urls.add(url("http", at)));
    tracker.httpsAddresses().forEach(at -> urls.add(url("https", at)));
    tracker.udpAddresses().forEach(at -> urls.add(url("udp", at)));
    if (settings.webSocket().isOn()) {
      tracker.httpAddresses().forEach(at -> urls.add(url("ws", at)));
      tracker.httpsAddresses().forEach(at -> urls.add(url("wss", at)));
    }
    if (!isJson) {
      urls.forEach(output.out()::println);
      if (admin != null) {
        output.out().println("operators: " + status(admin));
      }
      output.out().flush();
      return;
    }
    output
        .json()
        .write(
            json -> {
              json.writeStringProperty("event", "listening");
              json.writeArrayPropertyStart("announce");
              urls.forEach(json::writeString);
              json.writeEndArray();
              if (admin != null) {
                json.writeStringProperty("admin", status(admin));
              }
            });
  }

  private static String status(AdminServer admin) {
    return authority("http", admin.address()) + "/";
  }

  private static String url(String scheme, InetSocketAddress at) {
    return authority(scheme, at) + "/announce";
  }

  private static String authority(String scheme, InetSocketAddress at) {
    var address = at.getAddress();
    String host = address.isAnyLocalAddress() ? "0.0.0.0" : address.getHostAddress();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return scheme + "://" + shown + ":" + at.getPort();
  }

  private TrackerOptions read() {
    return config == null ? options : TrackerConfig.read(config);
  }

  /** What can change while it runs does; a file with a mistake changes nothing. */
  private void reload(Tracker tracker) {
    try {
      tracker.follow(read().settings());
      LOG.info("read {} again", config);
    } catch (BadInputException | TrackerException e) {
      LOG.warn("nothing changed: {}", e.getMessage());
    }
  }
}

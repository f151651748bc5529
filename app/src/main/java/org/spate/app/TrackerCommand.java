package org.spate.app;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ListenAddress;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.Tracker;
import org.spate.tracker.TrackerSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a tracker until it is interrupted. */
@Command(
    name = "tracker",
    description = {
      "Run a tracker until interrupted.",
      "Without --http and --udp it listens for both on port 6969. Statistics are served over HTTP:"
          + " /stats as JSON, /metrics for Prometheus."
    })
final class TrackerCommand implements Callable<Integer> {
  private static final ListenAddress USUAL = ListenAddress.parse("6969");
  private static final Duration INTERVAL_MAX = Duration.ofDays(1);

  @Mixin private Output output;

  @Option(
      names = "--http",
      paramLabel = "[ADDR:]PORT",
      description = "Listen for HTTP; may be repeated.")
  private List<ListenAddress> http = List.of();

  @Option(
      names = "--udp",
      paramLabel = "[ADDR:]PORT",
      description = "Listen for UDP; may be repeated.")
  private List<ListenAddress> udp = List.of();

  @ArgGroup private @Nullable AccessList list;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "How often clients are to announce, like 30m; a bare number is seconds.")
  private @Nullable Duration interval;

  @Option(names = "--json", description = "Print where it listens as a JSON object.")
  private boolean isJson;

  /** One of the two, or neither. */
  private static final class AccessList {
    @Option(
        names = "--allow",
        paramLabel = "FILE",
        description = "Serve these info-hashes only, one a line; read again when it changes.")
    private @Nullable Path allow;

    @Option(
        names = "--deny",
        paramLabel = "FILE",
        description = "Serve all but these info-hashes, likewise.")
    private @Nullable Path deny;
  }

  @Override
  public Integer call() throws InterruptedException {
    output.startLog();
    var tracker = Tracker.start(settings());
    Runtime.getRuntime().addShutdownHook(new Thread(tracker::close));
    announce(tracker);
    // Only a signal ends it, and that ends the program by the hook above.
    new CountDownLatch(1).await();
    return Spate.DONE;
  }

  private void announce(Tracker tracker) {
    var urls = new ArrayList<String>();
    tracker.httpAddresses().forEach(at -> urls.add(url("http", at)));
    tracker.udpAddresses().forEach(at -> urls.add(url("udp", at)));
    if (!isJson) {
      urls.forEach(output.out()::println);
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
            });
  }

  private static String url(String scheme, InetSocketAddress at) {
    var address = at.getAddress();
    String host = address.isAnyLocalAddress() ? "0.0.0.0" : address.getHostAddress();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return scheme + "://" + shown + ":" + at.getPort() + "/announce";
  }

  private TrackerSettings settings() {
    boolean isUsual = http.isEmpty() && udp.isEmpty();
    var settings =
        TrackerSettings.on(
                addresses(isUsual ? List.of(USUAL) : http),
                addresses(isUsual ? List.of(USUAL) : udp))
            .withPolicy(policy());
    if (list != null && list.allow != null) {
      return settings.withAllow(readable(list.allow));
    }
    return list != null && list.deny != null ? settings.withDeny(readable(list.deny)) : settings;
  }

  private static Path readable(Path file) {
    if (!Files.isReadable(file)) {
      throw new BadInputException(file + ": cannot be read");
    }
    return file;
  }

  private TrackerPolicy policy() {
    if (interval == null) {
      return TrackerPolicy.DEFAULT;
    }
    if (interval.isZero() || interval.compareTo(INTERVAL_MAX) > 0) {
      throw new BadInputException("the interval must be from a second to a day");
    }
    return TrackerPolicy.DEFAULT.withInterval((int) interval.toSeconds());
  }

  private static List<InetSocketAddress> addresses(List<ListenAddress> addresses) {
    return addresses.stream().map(ListenAddress::address).toList();
  }
}

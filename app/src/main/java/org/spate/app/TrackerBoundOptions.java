package org.spate.app;

import static org.spate.app.TrackerOptions.check;
import static org.spate.app.TrackerOptions.checkInterval;

import java.time.Duration;
import org.spate.core.tracker.TrackerPolicy;
import org.spate.tracker.TrackerRules;
import org.spate.tracker.TrackerSettings;
import org.spate.tracker.WebSocketSettings;
import picocli.CommandLine.Option;

/** How much a tracker keeps, and how much it takes from one address. */
final class TrackerBoundOptions {
  @Option(
      names = "--torrents-max",
      paramLabel = "N",
      description = "Torrents to keep; beyond that the oldest go (default: 2000000).")
  private int torrentsMax = TrackerPolicy.DEFAULT.torrentCountMax();

  @Option(
      names = "--peers-max",
      paramLabel = "N",
      description = "Peers to keep; beyond that one long silent goes (default: 5000000).")
  private int peersMax = TrackerPolicy.DEFAULT.peerCountMax();

  @Option(
      names = "--peers-per-address-max",
      paramLabel = "N",
      description = "Peers to keep of one IPv4 address or IPv6 /64 (default: 200000).")
  private int peersPerAddressMax = TrackerPolicy.DEFAULT.peerCountPerAddressMax();

  @Option(
      names = "--requests-per-address-max",
      paramLabel = "N",
      description =
          "Requests in a second that a thread takes of one IPv4 address or IPv6 /64 other than"
              + " its own; 0 is no bound (default: 2000).")
  private int requestsPerAddressMax = TrackerRules.OPEN.requestsPerAddressMax();

  @Option(
      names = "--connections-max",
      paramLabel = "N",
      description = "HTTP connections at a time (default: 10000).")
  private int connectionsMax = TrackerSettings.CONNECTION_COUNT_MAX;

  @Option(
      names = "--connections-per-address-max",
      paramLabel = "N",
      description =
          "HTTP connections at a time of one IPv4 address or IPv6 /64 that is no --proxy"
              + " (default: 1000).")
  private int connectionsPerAddressMax = TrackerSettings.CONNECTION_COUNT_PER_ADDRESS_MAX;

  @Option(
      names = "--websocket-interval",
      paramLabel = "DURATION",
      description = "How often WebSocket clients are to announce (default: 2m).")
  private Duration webSocketInterval =
      Duration.ofSeconds(WebSocketSettings.DEFAULT.intervalSeconds());

  @Option(
      names = "--websocket-connections-max",
      paramLabel = "N",
      description = "WebSockets at a time; 0 for none (default: 20000).")
  private int webSocketConnectionsMax = WebSocketSettings.DEFAULT.connectionCountMax();

  @Option(
      names = "--websocket-connections-per-address-max",
      paramLabel = "N",
      description = "WebSockets at a time of one IPv4 address or IPv6 /64 (default: 1000).")
  private int webSocketConnectionsPerAddressMax =
      WebSocketSettings.DEFAULT.connectionCountPerAddressMax();

  int requestsPerAddressMax() {
    check(requestsPerAddressMax >= 0, "--requests-per-address-max must be 0 or more");
    return requestsPerAddressMax;
  }

  /** The usual policy with these bounds. */
  TrackerPolicy policy() {
    check(
        torrentsMax >= 1 && peersMax >= 1 && peersPerAddressMax >= 1,
        "a bound on what is kept must be 1 or more");
    return TrackerPolicy.DEFAULT.withBounds(torrentsMax, peersMax, peersPerAddressMax);
  }

  /** The same settings with these bounds on connections. */
  TrackerSettings applyTo(TrackerSettings settings) {
    check(
        connectionsMax >= 1 && connectionsPerAddressMax >= 1,
        "--connections-max, and of each address, must be 1 or more");
    return settings
        .withConnectionCountMax(connectionsMax)
        .withConnectionCountPerAddressMax(connectionsPerAddressMax)
        .withWebSocket(webSocket());
  }

  private WebSocketSettings webSocket() {
    checkInterval(webSocketInterval);
    check(
        webSocketConnectionsMax >= 0 && webSocketConnectionsPerAddressMax >= 1,
        "--websocket-connections-max must be 0 or more, and of each address 1 or more");
    return new WebSocketSettings(
        (int) webSocketInterval.toSeconds(),
        webSocketConnectionsMax,
        webSocketConnectionsPerAddressMax);
  }
}

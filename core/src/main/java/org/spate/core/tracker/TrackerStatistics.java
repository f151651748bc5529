package org.spate.core.tracker;

import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/** The state of a tracker at one moment, and how to show it to programs. */
public record TrackerStatistics(
    long uptimeSeconds,
    PeerStore.Holdings holdings,
    WebSocketNumbers webSocket,
    Map<Count, Long> counts) {

  /** The same with those of the front for WebSockets. */
  public TrackerStatistics with(WebSocketNumbers numbers) {
    return new TrackerStatistics(uptimeSeconds, holdings, numbers, counts);
  }

  /** The sum with those of another thread of the same tracker. */
  public TrackerStatistics plus(TrackerStatistics other) {
    var sums = new EnumMap<Count, Long>(Count.class);
    for (var count : Count.values()) {
      sums.put(count, of(count) + other.of(count));
    }
    return new TrackerStatistics(
        uptimeSeconds, holdings.plus(other.holdings), webSocket.plus(other.webSocket), sums);
  }

  /** One JSON object. */
  public String json() {
    var text = new StringBuilder("{");
    gauges((name, _, value) -> text.append(member(name, value)).append(','));
    var counters = new StringJoiner(",", "\"counters\":{", "}}\n");
    for (var count : Count.values()) {
      counters.add(member(count.label(), of(count)));
    }
    return text.append(counters).toString();
  }

  private static String member(String name, long value) {
    return '"' + name + "\":" + value;
  }

  /** The text format of Prometheus, version 0.0.4. */
  public String prometheus() {
    var text = new StringBuilder();
    gauges(
        (name, help, value) -> {
          var metric = "spate_tracker_" + name;
          text.append("# HELP " + metric + " " + help + "\n");
          text.append("# TYPE " + metric + " gauge\n" + metric + " " + value + "\n");
        });
    var metric = "spate_tracker_events_total";
    text.append("# HELP " + metric + " What the tracker was asked and what went wrong.\n");
    text.append("# TYPE " + metric + " counter\n");
    for (var count : Count.values()) {
      text.append(metric + "{kind=\"" + count.label() + "\"} " + of(count) + "\n");
    }
    return text.toString();
  }

  private long of(Count count) {
    return counts.getOrDefault(count, 0L);
  }

  private interface Gauge {
    void show(String name, String help, long value);
  }

  private void gauges(Gauge gauge) {
    gauge.show("uptime_seconds", "Seconds since the start.", uptimeSeconds);
    gauge.show("torrents", "Swarms with at least one peer.", holdings.torrents());
    gauge.show("peers", "Peers in all swarms.", holdings.peers());
    gauge.show("seeds", "Peers that have everything.", holdings.seeds());
    gauge.show("leechers", "Peers that still download.", holdings.leechers());
    gauge.show("peers_ipv4", "Peers listed by an IPv4 address.", holdings.v4());
    gauge.show("peers_ipv6", "Peers listed by an IPv6 address.", holdings.v6());
    gauge.show("websocket_connections", "Open WebSockets.", webSocket.connections());
    gauge.show("websocket_torrents", "Swarms of WebSocket peers.", webSocket.torrents());
    gauge.show("websocket_seeds", "WebSocket peers that have everything.", webSocket.seeds());
    gauge.show("websocket_leechers", "WebSocket peers that download.", webSocket.leechers());
  }
}

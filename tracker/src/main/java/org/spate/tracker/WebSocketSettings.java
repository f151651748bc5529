package org.spate.tracker;

/**
 * How a tracker serves WebSockets, on the ports for HTTP and HTTPS.
 *
 * @param intervalSeconds how often clients are to announce; 1 and up
 * @param connectionCountMax more at a time are refused; 0 for no WebSockets at all
 * @param connectionCountPerAddressMax the same for one IPv4 address or IPv6 /64
 */
public record WebSocketSettings(
    int intervalSeconds, int connectionCountMax, int connectionCountPerAddressMax) {

  /** Browsers come and go, so that they announce more often than others. */
  public static final WebSocketSettings DEFAULT = new WebSocketSettings(120, 20_000, 1_000);

  /** Peers to list; a peer in two swarms counts twice. */
  static final int PEER_COUNT_MAX = 1_000_000;

  public WebSocketSettings {
    if (intervalSeconds < 1 || connectionCountMax < 0 || connectionCountPerAddressMax < 1) {
      throw new IllegalArgumentException("WebSocket settings out of range");
    }
  }

  public boolean isOn() {
    return connectionCountMax > 0;
  }
}

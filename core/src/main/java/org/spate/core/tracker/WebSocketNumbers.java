package org.spate.core.tracker;

/**
 * How much a tracker holds for peers that meet over WebSockets.
 *
 * @param connections open WebSockets
 * @param torrents swarms with at least one such peer
 * @param seeds peers that have everything; one in two swarms counts twice
 * @param leechers peers that still download, likewise
 */
public record WebSocketNumbers(int connections, int torrents, int seeds, int leechers) {
  public static final WebSocketNumbers NONE = new WebSocketNumbers(0, 0, 0, 0);

  /** The sum with those of another thread of the same tracker. */
  public WebSocketNumbers plus(WebSocketNumbers other) {
    return new WebSocketNumbers(
        connections + other.connections,
        torrents + other.torrents,
        seeds + other.seeds,
        leechers + other.leechers);
  }
}

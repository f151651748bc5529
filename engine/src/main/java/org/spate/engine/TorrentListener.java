package org.spate.engine;

/**
 * Hears of what happens to torrents: in order, one event at a time, on the session's event
 * executor. A listener may block without holding up the network.
 */
@FunctionalInterface
public interface TorrentListener {
  void onEvent(TorrentHandle torrent, TorrentEvent event);
}

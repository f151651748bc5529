package org.spate.engine;

/** Hears of what happens to a session, in the same way as a {@link TorrentListener}. */
@FunctionalInterface
public interface SessionListener {
  void onEvent(SessionEvent event);
}

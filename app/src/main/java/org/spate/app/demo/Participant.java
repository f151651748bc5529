package org.spate.app.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.spate.engine.Session;
import org.spate.engine.TorrentHandle;
import org.spate.engine.TorrentStatus;

/** The seed or a leecher: a session of its own with a port and a folder. */
final class Participant implements AutoCloseable {
  private final String name;
  private final Path folder;
  private final Session session;
  private final TorrentHandle torrent;
  private boolean isReady;
  private long completeNanos = -1; // since the start
  private @Nullable TorrentStatus last;

  Participant(String name, Path folder, Session session, TorrentHandle torrent) {
    this.name = name;
    this.folder = folder;
    this.session = session;
    this.torrent = torrent;
  }

  String name() {
    return name;
  }

  Path folder() {
    return folder;
  }

  TorrentHandle torrent() {
    return torrent;
  }

  void start() {
    session.start();
  }

  void ready() {
    isReady = true;
  }

  boolean isReady() {
    return isReady;
  }

  void complete(long nanosSinceStart) {
    completeNanos = nanosSinceStart;
  }

  boolean isComplete() {
    return completeNanos >= 0;
  }

  /** From the start until all was there. */
  double completeSeconds() {
    return completeNanos / 1e9;
  }

  /** How it stands now. */
  TorrentStatus look() {
    var status = torrent.status();
    last = status;
    return status;
  }

  /** Bytes of blocks sent, when it was last looked at. */
  long sentBytes() {
    return last == null ? 0 : last.swarm().uploaded();
  }

  @Override
  public void close() {
    session.close();
  }
}

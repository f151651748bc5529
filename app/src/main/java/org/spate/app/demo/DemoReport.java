package org.spate.app.demo;

import java.util.List;
import org.spate.core.metainfo.Metainfo;
import org.spate.engine.TorrentStatus;

/** Who shows the demonstration, to people or to programs. */
public interface DemoReport {

  /**
   * One of the swarm at one moment.
   *
   * @param completeSeconds when it was complete, negative before that
   */
  record Sight(String name, boolean isSeed, TorrentStatus status, double completeSeconds) {}

  void started(Metainfo torrent, DemoSettings settings);

  /** Several times a second. */
  void progress(List<Sight> sights, long nowNanos);

  void complete(String name, double seconds);

  /** All have it; now the copies are read and hashed. */
  void checking();

  void result(DemoResult result);

  void interrupted();
}

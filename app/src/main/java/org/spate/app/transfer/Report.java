package org.spate.app.transfer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.engine.SessionEvent;
import org.spate.engine.TorrentEvent;
import org.spate.engine.TorrentStatus;

/** Who tells what happens to transfers, to people or to programs. Called by one thread. */
public interface Report {

  /** A transfer as it stands. */
  record Standing(Transfer transfer, TorrentStatus status) {}

  /** Everything but the network is ready, and waits for the word on stdin. */
  void ready();

  /** Its files have been looked at. */
  void started(Standing standing);

  /** What happened on the way. */
  void event(Transfer transfer, TorrentEvent event);

  /** What happened to all of them together. */
  void event(SessionEvent event);

  /** How things stand; about once a second. */
  void progress(List<Standing> standings, long nowNanos);

  /** All that was wanted is there and verified. */
  void finished(Standing standing);

  /** It serves others from now on. */
  void seeding(Transfer transfer);

  /**
   * Something is wrong.
   *
   * @param file the file concerned, or null
   * @param isFinal whether the transfer ends with that; else it goes on when the cause is gone
   */
  void problem(Transfer transfer, @Nullable String file, String message, boolean isFinal);

  /** The end begins: trackers are told, resume data saved. */
  void stopping(boolean isInterrupted);

  /** All is told and saved. */
  void stopped();
}

package org.spate.app.replay;

import org.spate.core.recording.Replay.Replayed;

/** Who is told of a replay. */
public interface ReplayReport {
  /** A step that is to be shown. */
  void step(Replayed replayed, double seconds);

  /** All is over. */
  void end(ReplayRun run);
}

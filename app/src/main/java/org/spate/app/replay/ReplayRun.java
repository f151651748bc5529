package org.spate.app.replay;

import org.jspecify.annotations.Nullable;
import org.spate.core.recording.Beginning;
import org.spate.core.recording.Replay;
import org.spate.core.recording.Replay.Replayed;

/** A recording run from its beginning to its end: what is to be said of it. */
public final class ReplayRun {
  private final Replay replay;
  private @Nullable Beginning beginning;
  private int swarms;
  private long steps;
  private long firstDifference;
  private long beganNanos;
  private double seconds;

  public ReplayRun(Replay replay) {
    this.replay = replay;
  }

  /** Runs the next step; null at the end. */
  public @Nullable Replayed next() {
    var replayed = replay.next();
    if (replayed == null) {
      return null;
    }
    if (replayed.beginning() != null) {
      beginning = beginning == null ? replayed.beginning() : beginning;
      swarms++;
    }
    beganNanos = steps == 0 ? replayed.step().nowNanos() : beganNanos;
    steps++;
    seconds = (replayed.step().nowNanos() - beganNanos) / 1e9;
    if (!replayed.isSame() && firstDifference == 0) {
      firstDifference = replayed.step().number();
    }
    return replayed;
  }

  /** The first thing that was recorded; null if nothing was. */
  @Nullable Beginning beginning() {
    return beginning;
  }

  /** Swarms that came one after the other. */
  int swarms() {
    return swarms;
  }

  long steps() {
    return steps;
  }

  /** From the first step to the one that was run last. */
  public double seconds() {
    return seconds;
  }

  long outputs() {
    return replay.outputs();
  }

  String hash() {
    return "%016x".formatted(replay.hash());
  }

  boolean isCutOff() {
    return replay.isCutOff();
  }

  /** Whether all came out as it was recorded. */
  public boolean isSame() {
    return firstDifference == 0;
  }

  /** The number of the first step that did not come out as recorded, or 0. */
  long firstDifference() {
    return firstDifference;
  }
}

package org.spate.core.recording;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;
import org.spate.core.swarm.Swarm;
import org.spate.core.swarm.SwarmOutput;

/**
 * Runs a recording through the core as it is now, step by step. As long as the code that decides is
 * the same, so are the outputs; where it has changed, the first step tells that differs.
 */
public final class Replay {
  private final RecordingReader reader;
  private final OutputTally tally = new OutputTally();
  private @Nullable Beginning beginning;
  private @Nullable Swarm swarm;
  private boolean hasBegun;

  /**
   * A step that was run again.
   *
   * @param beginning what the swarm was made of, at its first step; null at others
   * @param outputs what came of it now
   * @param isSame whether outputs, deadline and failure are those that were recorded
   * @param broke with what the swarm failed now, or empty
   */
  public record Replayed(
      @Nullable Beginning beginning,
      Step step,
      List<SwarmOutput> outputs,
      boolean isSame,
      String broke) {}

  public Replay(RecordingReader reader) {
    this.reader = reader;
  }

  /**
   * Runs the next step; null at the end.
   *
   * @throws RecordingException if the recording is damaged; all steps before have been run
   */
  public @Nullable Replayed next() {
    for (var entry = reader.next(); entry != null; entry = reader.next()) {
      switch (entry) {
        case Beginning made -> begin(made);
        case Step step -> {
          return run(step);
        }
      }
    }
    return null;
  }

  private void begin(Beginning made) {
    beginning = made;
    hasBegun = true;
    try {
      swarm = made.swarm();
    } catch (RuntimeException e) {
      throw new RecordingException("a swarm that cannot be made: " + e.getMessage(), e);
    }
  }

  private Replayed run(Step step) {
    var machine = swarm;
    if (machine == null) {
      throw new RecordingException("a step before any beginning");
    }
    var outputs = new ArrayList<SwarmOutput>();
    String broke = "";
    try {
      if (step.input() == null) {
        machine.advance(step.nowNanos());
      } else {
        machine.accept(step.input(), step.nowNanos());
      }
      for (var output = machine.poll(); output != null; output = machine.poll()) {
        outputs.add(output);
        tally.add(output);
      }
    } catch (RuntimeException e) {
      broke = e.toString();
    }
    tally.settle(broke.isEmpty() ? machine.deadlineNanos() : Machine.NEVER);
    boolean isSame =
        outputs.size() == step.outputs()
            && tally.foldedHash() == step.hash()
            && broke.equals(step.broke());
    return new Replayed(firstOf(), step, outputs, isSame, broke);
  }

  private @Nullable Beginning firstOf() {
    var first = hasBegun ? beginning : null;
    hasBegun = false;
    return first;
  }

  /** All outputs so far. */
  public long outputs() {
    return tally.count();
  }

  /** A hash over all outputs and deadlines so far. */
  public long hash() {
    return tally.hash();
  }

  /** Whether the recording ended in the middle of an entry. */
  public boolean isCutOff() {
    return reader.isCutOff();
  }
}

package org.spate.core.recording;

import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.swarm.SwarmOutput;

/**
 * A machine whose every step is written down. A step is whole when its outputs have been polled, or
 * when the machine has broken.
 */
final class RecordedMachine implements Machine<SwarmInput, SwarmOutput> {
  private final Machine<SwarmInput, SwarmOutput> machine;
  private final Recorder recorder;
  private boolean isInStep;

  RecordedMachine(Machine<SwarmInput, SwarmOutput> machine, Recorder recorder) {
    this.machine = machine;
    this.recorder = recorder;
  }

  @Override
  public void accept(SwarmInput input, long nowNanos) {
    isInStep = recorder.isLatest(this);
    if (isInStep) {
      recorder.beginStep(input, nowNanos);
    }
    try {
      machine.accept(input, nowNanos);
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  @Override
  public void advance(long nowNanos) {
    isInStep = recorder.isLatest(this);
    if (isInStep) {
      recorder.beginStep(nowNanos);
    }
    try {
      machine.advance(nowNanos);
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  @Override
  public @Nullable SwarmOutput poll() {
    try {
      var output = machine.poll();
      if (isInStep) {
        note(output);
      }
      return output;
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  private void note(@Nullable SwarmOutput output) {
    if (output != null) {
      recorder.onOutput(output);
    } else {
      isInStep = false;
      recorder.endStep(machine.deadlineNanos(), "");
    }
  }

  private RuntimeException broken(RuntimeException cause) {
    if (isInStep) {
      isInStep = false;
      recorder.endStep(NEVER, cause.toString());
    }
    return cause;
  }

  @Override
  public long deadlineNanos() {
    return machine.deadlineNanos();
  }
}

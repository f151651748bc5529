package org.spate.core.recording;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.swarm.SwarmOutput;

/**
 * Writes down what the swarms of a torrent are told, one swarm after the other: a new one follows
 * when the pieces were checked anew. A recording that was cut off can be read up to its last whole
 * entry.
 *
 * <pre>
 *   "SPATE RECORDING 1\n"
 *   entries:  length of the body | body | check: 4 bytes, over all bodies so far
 *   body:     0 | beginning
 *             1 | nanoseconds since the last step | input | outcome
 *             2 | nanoseconds since the last step | outcome     (the deadline had come)
 *   outcome:  number of outputs | hash over all outputs so far: 4 bytes | text, empty if sound
 * </pre>
 *
 * Lengths and numbers are of variable size, seven bits a byte.
 */
public final class Recorder {
  static final byte[] FIRST_LINE = "SPATE RECORDING 1\n".getBytes(StandardCharsets.US_ASCII);

  static final int BEGINNING = 0;
  static final int INPUT = 1;
  static final int TIME = 2;

  /** Where the recording goes. */
  @FunctionalInterface
  public interface Sink {
    /** Takes a copy of these bytes; they are overwritten when this has returned. */
    void write(byte[] bytes, int length);
  }

  private final Sink sink;
  private final FormWriter head = new FormWriter();
  private final FormWriter body = new FormWriter();
  private final InputForm inputs = new InputForm(body);
  private final RollingHash check = new RollingHash();
  private final OutputTally tally = new OutputTally();
  private long lastNanos;
  private long outputsBefore;
  private @Nullable RecordedMachine latest;

  public Recorder(Sink sink) {
    this.sink = sink;
  }

  /**
   * The same machine, recorded; the one before it no longer is.
   *
   * @param beginning what it was made of; nothing may have been told to it yet
   */
  public Machine<SwarmInput, SwarmOutput> record(
      Beginning beginning, Machine<SwarmInput, SwarmOutput> machine) {
    if (latest == null) {
      sink.write(FIRST_LINE, FIRST_LINE.length);
    }
    var recorded = new RecordedMachine(machine, this);
    latest = recorded;
    lastNanos = 0;
    body.clear();
    body.writeByte(BEGINNING);
    beginning.write(body);
    writeEntry();
    return recorded;
  }

  boolean isLatest(RecordedMachine machine) {
    return latest == machine;
  }

  void beginStep(SwarmInput input, long nowNanos) {
    beginStep(INPUT, nowNanos);
    inputs.write(input);
  }

  void beginStep(long nowNanos) {
    beginStep(TIME, nowNanos);
  }

  private void beginStep(int kind, long nowNanos) {
    body.clear();
    body.writeByte(kind);
    body.writeNumber(nowNanos - lastNanos);
    lastNanos = nowNanos;
    outputsBefore = tally.count();
  }

  void onOutput(SwarmOutput output) {
    tally.add(output);
  }

  void endStep(long deadlineNanos, String broke) {
    tally.settle(deadlineNanos);
    body.writeNumber(tally.count() - outputsBefore);
    body.writeInt(tally.foldedHash());
    body.writeText(broke);
    writeEntry();
  }

  private void writeEntry() {
    check.add(body.array(), 0, body.size());
    head.clear();
    head.writeNumber(body.size());
    body.writeInt(check.folded());
    sink.write(head.array(), head.size());
    sink.write(body.array(), body.size());
  }
}

package org.spate.core.recording;

import org.spate.core.swarm.SwarmOutput;

/** Counts a machine's outputs, and keeps a hash over them and its deadlines. */
final class OutputTally {
  private final FormWriter form = new FormWriter();
  private final OutputForm outputs = new OutputForm(form);
  private final RollingHash hash = new RollingHash();
  private long count;

  void add(SwarmOutput output) {
    form.clear();
    outputs.write(output);
    hash.add(form.array(), 0, form.size());
    count++;
  }

  /** A step is over. */
  void settle(long deadlineNanos) {
    hash.add(deadlineNanos);
  }

  long count() {
    return count;
  }

  long hash() {
    return hash.value();
  }

  /** What a recording keeps of the hash with each step. */
  int foldedHash() {
    return hash.folded();
  }
}

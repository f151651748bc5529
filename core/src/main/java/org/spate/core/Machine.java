package org.spate.core;

import org.jspecify.annotations.Nullable;

/**
 * A protocol state machine: inputs and the time go in, outputs and one deadline come out, as plain
 * data. It does no I/O and knows no thread, clock or global randomness, so the engine drives it
 * over real networks and the simulator in virtual time.
 *
 * <p>The host's loop: {@link #accept} one input (or {@link #advance} when the deadline has come),
 * then {@link #poll} until it returns null and carry each output out, then look at {@link
 * #deadlineNanos()}. An answer to an output arrives later, as a new input, never from within {@code
 * poll}. One thread at a time.
 *
 * @param <I> the inputs, a sealed interface of records
 * @param <O> the outputs, likewise
 */
public interface Machine<I, O> {

  /** The deadline when nothing is scheduled. */
  long NEVER = Long.MAX_VALUE;

  /** Takes one input. Times are nanoseconds of any monotonic origin, from 0 up. */
  void accept(I input, long nowNanos);

  /** The deadline has come, or passed. */
  void advance(long nowNanos);

  /** The next output, or null; drain to null before the next input. */
  @Nullable O poll();

  /** When to call {@link #advance} next; {@link #NEVER} if nothing is scheduled. */
  long deadlineNanos();
}

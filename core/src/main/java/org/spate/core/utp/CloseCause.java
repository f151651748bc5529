package org.spate.core.utp;

/** Why a connection is gone. */
public enum CloseCause {
  /** Both sides have said all they had to say, or we have and did not wait for the rest. */
  FINISHED,
  /** The other side does not know this connection, or ended it without a word. */
  RESET,
  /** Silence. */
  TIMED_OUT,
  /** It acknowledged what was never sent (threat 35). */
  VIOLATION,
  /** Ended here without a word. */
  ABORTED
}

package org.spate.tracker;

/** The tracker cannot start: an address is taken, or a list cannot be read. */
public final class TrackerException extends RuntimeException {
  public TrackerException(String problem, Throwable cause) {
    super(problem, cause);
  }
}

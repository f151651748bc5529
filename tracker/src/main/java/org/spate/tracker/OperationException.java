package org.spate.tracker;

/** What an operator asked for cannot be done; the message says why. */
public final class OperationException extends RuntimeException {
  /** Whose fault it is. */
  public enum Kind {
    /** The tracker has not been told to do such things. */
    NOT_CONFIGURED,
    /** The machine does not let it. */
    FAILED
  }

  private final Kind kind;

  OperationException(Kind kind, String problem) {
    super(problem);
    this.kind = kind;
  }

  OperationException(Kind kind, String problem, Throwable cause) {
    super(problem, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}

package org.spate.core.wire;

/**
 * A peer's {@link Violation}. The decoder that threw it has lost its place in the stream: close the
 * link and drop the decoder.
 */
public final class WireException extends RuntimeException {
  private final Violation violation;

  public WireException(Violation violation, String detail) {
    // Hostile peers cause these at will, so no stack trace is collected.
    super(violation + ": " + detail, null, false, false);
    this.violation = violation;
  }

  public Violation violation() {
    return violation;
  }
}

package org.spate.app.demo;

/** The demonstration cannot go on; the message says why. */
public final class DemoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DemoException(String problem) {
    super(problem);
  }
}

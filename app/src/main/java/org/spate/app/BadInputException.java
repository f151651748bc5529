package org.spate.app;

/** What the user gave cannot be used; the message says what and why. Exit code 2. */
final class BadInputException extends RuntimeException {
  BadInputException(String problem) {
    super(problem);
  }

  BadInputException(String problem, Throwable cause) {
    super(problem, cause);
  }
}

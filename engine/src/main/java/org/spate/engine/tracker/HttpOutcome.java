package org.spate.engine.tracker;

/** What became of one HTTP request. */
sealed interface HttpOutcome {

  /** A whole response; its body is no longer than the limit, before and after inflating. */
  record Answered(int status, byte[] body) implements HttpOutcome {}

  /** A response that points elsewhere, perhaps. */
  record Redirected(String location) implements HttpOutcome {}

  /** No response, for a reason that people can read. */
  record Failed(String reason) implements HttpOutcome {}
}

package org.spate.tracker;

import java.net.InetSocketAddress;

/** The tracker cannot start: an address is taken, or a list cannot be read. */
public final class TrackerException extends RuntimeException {
  /** It cannot listen there for those who are named. */
  public static TrackerException cannotListen(
      String front, InetSocketAddress address, Throwable cause) {
    return new TrackerException(
        "cannot listen for " + front + " on " + Sources.of(address) + ": " + cause.getMessage(),
        cause);
  }

  public TrackerException(String problem, Throwable cause) {
    super(problem, cause);
  }
}

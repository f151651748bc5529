package org.spate.engine.net;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Nothing can be accepted at an address: taken, not ours, or not allowed. */
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ListenException(InetSocketAddress address, @Nullable Throwable cause) {
    super("cannot listen on " + address + (cause == null ? "" : ": " + cause.getMessage()), cause);
  }

  ListenException(String problem) {
    super(problem);
  }
}

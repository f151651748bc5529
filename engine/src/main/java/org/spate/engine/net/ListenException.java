package org.spate.engine.net;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Nothing can be accepted at an address: taken, not ours, or not allowed. */
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ListenException(InetSocketAddress address, @Nullable Throwable cause) {
    super("cannot listen on " + words(address) + (cause == null ? "" : ": " + words(cause)), cause);
  }

  private static String words(InetSocketAddress address) {
    var endpoint = Addresses.endpoint(address);
    return endpoint.port() == 0 ? endpoint.host() : endpoint.toString();
  }

  /** Netty's native transports put the call and its number before the system's words. */
  private static String words(Throwable cause) {
    return String.valueOf(cause.getMessage())
        .replaceFirst("^.* failed with error\\(-?[0-9]+\\): ", "");
  }

  ListenException(String problem) {
    super(problem);
  }
}

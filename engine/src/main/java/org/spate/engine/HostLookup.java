package org.spate.engine;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.engine.net.Binding;
import org.spate.engine.net.ListenException;
import org.spate.engine.net.NameResolver;

/** Looks up a name before there is a session, as one would that is bound in the same way. */
public final class HostLookup {
  private HostLookup() {}

  /**
   * Waits for the addresses of a name or literal; none if it has none.
   *
   * @param bind as in {@link SessionSettings#bind}
   * @param device as in {@link SessionSettings#device}
   * @throws TorrentException LISTEN if there is no such interface
   */
  public static List<InetAddress> addresses(
      String host, List<InetAddress> bind, @Nullable String device) {
    try {
      return NameResolver.lookUp(host, new Binding(bind, device));
    } catch (ListenException e) {
      throw new TorrentException(TorrentException.Reason.LISTEN, String.valueOf(e.getMessage()), e);
    }
  }
}

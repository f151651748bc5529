package org.spate.engine.net;

import org.jspecify.annotations.Nullable;
import org.spate.core.crypto.EncryptionMode;
import org.spate.core.proxy.ProxyUrl;

/**
 * How a session uses the network.
 *
 * @param binding where sockets are bound to
 * @param port TCP port to listen on, 0 for any free one
 * @param loopCount event loops, 1 and up
 * @param wantNative whether to use epoll where there is one
 * @param linksMax most links of all torrents together
 * @param halfOpenMax most dials, and most incoming connections, without a handshake at a time
 * @param handshakeTimeoutNanos from the connection to the end of the other side's handshake
 * @param wantTcp whether links go over TCP
 * @param wantUtp whether links go over uTP (BEP 29)
 * @param encryption whether links are encrypted
 * @param proxy what every connection goes through, or null
 * @param listensBesideProxy whether links are accepted that come around the proxy
 * @param downLimit bytes a second, 0 for none
 * @param upLimit bytes a second, 0 for none
 */
public record NetworkSettings(
    Binding binding,
    int port,
    int loopCount,
    boolean wantNative,
    int linksMax,
    int halfOpenMax,
    long handshakeTimeoutNanos,
    boolean wantTcp,
    boolean wantUtp,
    EncryptionMode encryption,
    @Nullable ProxyUrl proxy,
    boolean listensBesideProxy,
    long downLimit,
    long upLimit) {

  public NetworkSettings {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
    if (!wantTcp && !wantUtp) {
      throw new IllegalArgumentException("neither TCP nor uTP leaves no way to a peer");
    }
    if (loopCount < 1 || linksMax < 1 || halfOpenMax < 1 || handshakeTimeoutNanos <= 0) {
      throw new IllegalArgumentException("loops, links and half-open links must be positive");
    }
  }

  /** Whether nobody can reach us but through the proxy. */
  boolean isHidden() {
    return proxy != null && !listensBesideProxy;
  }
}

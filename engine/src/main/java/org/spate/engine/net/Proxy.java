package org.spate.engine.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.proxy.ProxyUrl;

/**
 * The way out of a session that has a proxy: every connection goes to it, and it is told where to
 * connect to, by name where there is one. Datagrams go through its relay, if it has one. Nothing
 * else leaves (threat 57).
 */
public final class Proxy {
  private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);
  static final int CONNECT_TIMEOUT_MILLIS = 20_000;

  private final ProxyUrl url;
  private final InetSocketAddress address;
  private volatile boolean hasRelay;

  /**
   * @param addresses what its own name leads to; no other is ever looked up
   */
  Proxy(ProxyUrl url, List<InetAddress> addresses) {
    this.url = url;
    this.address =
        addresses.isEmpty()
            ? InetSocketAddress.createUnresolved(url.host(), url.port())
            : new InetSocketAddress(addresses.getFirst(), url.port());
    this.hasRelay = url.kind() == ProxyUrl.Kind.SOCKS5;
  }

  InetSocketAddress address() {
    return address;
  }

  @Nullable String user() {
    return url.user();
  }

  String password() {
    return url.password() == null ? "" : url.password();
  }

  /** Makes a new connection one through the proxy; before it is connected. */
  public void lead(ChannelPipeline pipeline) {
    var handler = handler();
    handler.setConnectTimeoutMillis(CONNECT_TIMEOUT_MILLIS);
    pipeline.addFirst(handler);
  }

  private ProxyHandler handler() {
    var user = url.user() == null ? "" : url.user();
    return switch (url.kind()) {
      case SOCKS5 ->
          url.user() == null
              ? new Socks5ProxyHandler(address)
              : new Socks5ProxyHandler(address, user, password());
      case HTTP ->
          url.user() == null
              ? new HttpProxyHandler(address)
              : new HttpProxyHandler(address, user, password());
    };
  }

  /** Whether datagrams may get through: unknown until a relay has been asked for. */
  public boolean carriesDatagrams() {
    return hasRelay;
  }

  /** It has said that it has no relay; there is no other way for datagrams. */
  void refusesDatagrams(String reason) {
    if (hasRelay) {
      hasRelay = false;
      // Not a torrent's affair, so no event tells it.
      LOG.error("the proxy carries no UDP ({}): no uTP, no DHT, no UDP trackers", reason);
    }
  }

  /** Makes a new UDP socket one behind the proxy's relay; before it is bound. */
  public ChannelHandler tunnel(Transport transport) {
    return new SocksTunnel(transport, this);
  }

  /** Tells, on the loop, whether a connection has come about behind whatever proxy it has. */
  static void whenThrough(ChannelFuture connected, Consumer<@Nullable Channel> outcome) {
    var channel = connected.channel();
    var proxy = channel.pipeline().get(ProxyHandler.class);
    if (proxy == null || !connected.isSuccess()) {
      outcome.accept(connected.isSuccess() ? channel : null);
      return;
    }
    proxy
        .connectFuture()
        .addListener(through -> outcome.accept(through.isSuccess() ? channel : null));
  }
}

package org.spate.engine.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;
import org.spate.core.announce.TrackerUrl;
import org.spate.engine.net.Addresses;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Network;

/** Opens connections to web servers for all torrents of a session. */
public final class WebClient {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int STATUS_LINE_BYTES_MAX = 4 << 10;
  private static final int HEADER_BYTES_MAX = 16 << 10;

  private final Network network;
  private final boolean trustLocal;
  private final String userAgent;

  /**
   * @param trustLocal whether torrents may name servers in the local network
   */
  public WebClient(Network network, boolean trustLocal, String userAgent) {
    this.network = network;
    this.trustLocal = trustLocal;
    this.userAgent = userAgent;
  }

  boolean trustsLocal() {
    return trustLocal;
  }

  String userAgent() {
    return userAgent;
  }

  /** What a dial comes to. */
  interface Outcome {
    void connected(WebConnection connection);

    /** {@code isFinal} if the address must not be asked. */
    void failed(String reason, boolean isFinal);
  }

  /** Connects to the very address that the policy has seen; the outcome comes later. */
  void connect(
      TrackerUrl url, WebPolicy policy, Loop loop, WebConnection.Owner owner, Outcome outcome) {
    if (network.transport().proxy() != null) {
      loop.execute(() -> connectByProxy(url, policy, loop, owner, outcome));
      return;
    }
    network
        .names()
        .resolve(
            url.host(),
            loop,
            addresses -> {
              var address = choose(addresses);
              if (address == null) {
                outcome.failed("no address for " + url.host(), false);
                return;
              }
              var refusal = policy.refusal(url, address);
              if (refusal != null) {
                outcome.failed(refusal, true);
              } else {
                connect(url, new InetSocketAddress(address, url.port()), loop, owner, outcome);
              }
            });
  }

  /** Names are the proxy's to resolve; what is an address already is checked all the same. */
  private void connectByProxy(
      TrackerUrl url, WebPolicy policy, Loop loop, WebConnection.Owner owner, Outcome outcome) {
    var literal = IpLiteral.parse(url.host());
    var remote =
        literal == null
            ? InetSocketAddress.createUnresolved(url.host(), url.port())
            : Addresses.socketAddress(Endpoint.of(literal, url.port()));
    var refusal =
        literal == null ? policy.refusalOfName(url) : policy.refusal(url, remote.getAddress());
    if (refusal != null) {
      outcome.failed(refusal, true);
    } else {
      connect(url, remote, loop, owner, outcome);
    }
  }

  /** The first IPv4 address, else the first; of a family that we can reach as bound. */
  private @Nullable InetAddress choose(List<InetAddress> addresses) {
    return addresses.stream()
        .filter(network.binding()::reaches)
        .min((a, b) -> Integer.compare(a.getAddress().length, b.getAddress().length))
        .orElse(null);
  }

  private void connect(
      TrackerUrl url,
      InetSocketAddress remote,
      Loop loop,
      WebConnection.Owner owner,
      Outcome outcome) {
    var bootstrap =
        network
            .transport()
            .client(loop)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    fill(channel, url, remote.getAddress(), owner);
                  }
                });
    network
        .transport()
        .connect(bootstrap, remote)
        .addListener(
            (ChannelFuture future) -> {
              if (future.isSuccess()) {
                outcome.connected(future.channel().pipeline().get(WebConnection.class));
              } else {
                outcome.failed("cannot connect: " + reason(future.cause()), false);
              }
            });
  }

  private void fill(
      Channel channel, TrackerUrl url, @Nullable InetAddress address, WebConnection.Owner owner) {
    var pipeline = channel.pipeline();
    var proxy = network.transport().proxy();
    if (proxy != null) {
      proxy.lead(pipeline);
    }
    if (url.scheme().equals("https")) {
      pipeline.addLast(network.tls().handler(channel.alloc(), url.host(), url.port()));
    }
    codec(pipeline, new WebConnection(url, address, owner, channel));
  }

  /** What turns bytes into answers, and what takes them. */
  static void codec(ChannelPipeline pipeline, WebConnection connection) {
    var limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(STATUS_LINE_BYTES_MAX)
            .setMaxHeaderSize(HEADER_BYTES_MAX);
    pipeline.addLast(new HttpClientCodec(limits, false, false), connection);
  }

  static String reason(@Nullable Throwable cause) {
    var root = cause == null || cause.getCause() == null ? cause : cause.getCause();
    var message = root == null ? null : root.getMessage();
    return message == null ? "no reason known" : message;
  }
}

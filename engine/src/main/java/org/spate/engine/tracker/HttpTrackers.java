package org.spate.engine.tracker;

import static org.spate.core.announce.HttpResponseReader.BODY_BYTES_MAX;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.TrackerUrl;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Network;
import org.spate.engine.net.Slots;

/**
 * Requests to HTTP trackers, a bounded number at a time: one GET a connection, deadlines for all of
 * it, a bounded body (threats 44, 45), certificates checked against the name (threat 47).
 */
final class HttpTrackers {
  private static final int REQUESTS_MAX = 40;
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int STATUS_LINE_BYTES_MAX = 4 << 10;
  private static final int HEADER_BYTES_MAX = 16 << 10;

  private final Network network;
  private final String userAgent;
  private final Slots slots = new Slots(REQUESTS_MAX);

  HttpTrackers(Network network, String userAgent) {
    this.network = network;
    this.userAgent = userAgent;
  }

  /**
   * Sends a GET; the outcome comes once, later, on the loop.
   *
   * @param address where to connect to, whatever the URL's host resolves to; null leaves that to
   *     the proxy
   */
  void get(
      TrackerUrl url,
      @Nullable InetAddress address,
      String target,
      Loop loop,
      Consumer<HttpOutcome> onOutcome) {
    slots.acquire(
        loop,
        () -> {
          var exchange =
              new HttpExchange(
                  request(url, target),
                  outcome -> {
                    slots.release();
                    onOutcome.accept(outcome);
                  });
          connect(url, address, loop, exchange);
        });
  }

  private void connect(
      TrackerUrl url, @Nullable InetAddress address, Loop loop, HttpExchange exchange) {
    var bootstrap =
        network
            .transport()
            .client(loop)
            .option(ChannelOption.AUTO_READ, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    fill(channel, url, exchange);
                  }
                });
    var remote =
        address == null
            ? InetSocketAddress.createUnresolved(url.host(), url.port())
            : new InetSocketAddress(address, url.port());
    network
        .transport()
        .connect(bootstrap, remote)
        .addListener(
            (ChannelFuture future) -> {
              if (!future.isSuccess()) {
                exchange.fail("cannot connect: " + HttpExchange.reason(future.cause()));
              }
            });
  }

  private void fill(Channel channel, TrackerUrl url, HttpExchange exchange) {
    var pipeline = channel.pipeline();
    var proxy = network.transport().proxy();
    if (proxy != null) {
      proxy.lead(pipeline);
    }
    if (url.scheme().equals("https")) {
      pipeline.addLast(network.tls().handler(channel.alloc(), url.host(), url.port()));
    }
    codec(pipeline, exchange);
  }

  /** What turns bytes into one answer of bounded size. */
  static void codec(ChannelPipeline pipeline, HttpExchange exchange) {
    var limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(STATUS_LINE_BYTES_MAX)
            .setMaxHeaderSize(HEADER_BYTES_MAX);
    pipeline.addLast(
        new HttpClientCodec(limits, false, false),
        new HttpContentDecompressor(BODY_BYTES_MAX),
        new HttpObjectAggregator(BODY_BYTES_MAX),
        exchange);
  }

  private HttpRequest request(TrackerUrl url, String target) {
    var host = url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]";
    boolean isDefaultPort = url.port() == (url.scheme().equals("https") ? 443 : 80);
    var path = target.startsWith("/") ? target : "/" + target;
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
    request
        .headers()
        .set(HttpHeaderNames.HOST, isDefaultPort ? host : host + ":" + url.port())
        .set(HttpHeaderNames.USER_AGENT, userAgent)
        .set(HttpHeaderNames.ACCEPT_ENCODING, "gzip")
        .set(HttpHeaderNames.CONNECTION, "close");
    return request;
  }
}

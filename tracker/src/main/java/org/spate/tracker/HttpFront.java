package org.spate.tracker;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.Counters;
import org.spate.core.tracker.HttpAnswer;
import org.spate.core.tracker.HttpResponder;

/** Listens for HTTP, and lets in as many connections as are allowed. */
final class HttpFront extends ChannelInitializer<Channel> {
  /** Room for the longest query that is understood, and a little more to say so. */
  private static final int REQUEST_LINE_LENGTH_MAX = 10_000;

  private static final int HEADER_BYTES_MAX = 8_192;
  private static final int BODY_PART_BYTES_MAX = 1_024;
  private static final int BACKLOG = 1_024;

  private final HttpResponder responder;
  private final Counters counters;
  private final LongSupplier clock;
  private final int connectionCountMax;
  private int connectionCount;

  HttpFront(
      HttpResponder responder, Counters counters, LongSupplier clock, int connectionCountMax) {
    this.responder = responder;
    this.counters = counters;
    this.clock = clock;
    this.connectionCountMax = connectionCountMax;
  }

  ChannelFuture bind(InetSocketAddress address, Transport transport, EventLoopGroup group) {
    return new ServerBootstrap()
        .group(group)
        .channel(transport.serverChannel())
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(this)
        .bind(address);
  }

  @Override
  protected void initChannel(Channel channel) {
    if (connectionCount >= connectionCountMax) {
      counters.add(Count.REFUSED_HTTP_TOO_MANY_CONNECTIONS);
      var _ = channel.close();
      return;
    }
    connectionCount++;
    channel.closeFuture().addListener(_ -> connectionCount--);
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(REQUEST_LINE_LENGTH_MAX, HEADER_BYTES_MAX, BODY_PART_BYTES_MAX),
            new HttpConnection(this));
  }

  HttpAnswer answer(String target, Channel channel) {
    return responder.answer(target, Sources.of(channel.remoteAddress()), clock.getAsLong());
  }

  void count(Count count) {
    counters.add(count);
  }

  @Override
  public boolean isSharable() {
    return true;
  }
}

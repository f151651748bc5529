package org.spate.tracker.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of an operator: takes one request, has it answered on a thread of its own since
 * that may wait for files, and ends.
 */
final class AdminConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);

  /** The page loads its own style and script and nothing else, and nobody frames it. */
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final AdminApi api;
  private boolean isAsked;

  AdminConnection(AdminApi api) {
    this.api = api;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (isAsked) {
      return;
    }
    isAsked = true;
    var channel = context.channel();
    if (request.decoderResult().isFailure()) {
      send(channel, AdminReply.error(400, "this is not an HTTP request"));
      return;
    }
    var headers = request.headers();
    var asked =
        new AdminRequest(
            request.method().name(),
            request.uri(),
            headers.get(HttpHeaderNames.HOST),
            headers.get(HttpHeaderNames.AUTHORIZATION),
            headers.get(HttpHeaderNames.CONTENT_TYPE),
            request.content().toString(StandardCharsets.UTF_8));
    Thread.ofVirtual().name("spate-admin-request").start(() -> send(channel, api.answer(asked)));
  }

  /** Answers and ends the connection. */
  private static void send(Channel channel, AdminReply reply) {
    write(channel, reply).addListener(ChannelFutureListener.CLOSE);
  }

  /** Answers; that the connection is to end is part of it. */
  static ChannelFuture write(Channel channel, AdminReply reply) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            Unpooled.wrappedBuffer(reply.body()));
    if (reply.status() != HttpResponseStatus.NO_CONTENT.code()) {
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
          .set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    }
    response
        .headers()
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff")
        .set("referrer-policy", "no-referrer")
        .set("content-security-policy", POLICY);
    if (reply.status() == HttpResponseStatus.UNAUTHORIZED.code()) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    return channel.writeAndFlush(response);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("operator", cause);
    var _ = context.close();
  }
}

package org.spate.tracker;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.HttpAnswer;

/**
 * One HTTP connection: answers requests in their order, as many as come, and ends with the first
 * that is broken, too long, has a body, or does not arrive in time.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  /** From one answer to the end of the next request, however slowly its bytes drip in. */
  private static final long REQUEST_TIMEOUT_SECONDS = 30;

  private final TrackerLoop loop;
  private final LongSupplier clock;
  private long requestCount;
  private boolean closing;
  private @Nullable Future<?> check;

  HttpConnection(TrackerLoop loop, LongSupplier clock) {
    this.loop = loop;
    this.clock = clock;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    watch(context);
    context.fireChannelActive();
  }

  /** Looks again after the time-out whether another request has come. */
  private void watch(ChannelHandlerContext context) {
    long before = requestCount;
    check =
        context
            .executor()
            .schedule(() -> onTimeout(context, before), REQUEST_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private void onTimeout(ChannelHandlerContext context, long countBefore) {
    if (requestCount != countBefore) {
      watch(context);
      return;
    }
    if (requestCount == 0) {
      loop.logic.counters().add(Count.REFUSED_HTTP_TOO_SLOW);
    }
    var _ = context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (check != null) {
      check.cancel(false);
    }
    context.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof HttpRequest request && !closing) {
        requestCount++;
        respond(context, request);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void respond(ChannelHandlerContext context, HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      refuseBroken(context, request, request.decoderResult());
    } else if (hasBody(request)) {
      loop.logic.counters().add(Count.REFUSED_HTTP_TOO_LARGE);
      send(context, request, plain(413, "no body expected\n"), false);
    } else if (isGetOrHead(request)) {
      boolean keepAlive = HttpUtil.isKeepAlive(request);
      send(context, request, answer(request.uri(), context), keepAlive);
    } else {
      loop.logic.counters().add(Count.REFUSED_HTTP_METHOD);
      send(context, request, plain(405, "only GET and HEAD\n"), false);
    }
  }

  private void refuseBroken(
      ChannelHandlerContext context, HttpRequest request, DecoderResult result) {
    boolean tooLong = result.cause() instanceof TooLongFrameException;
    loop.logic
        .counters()
        .add(tooLong ? Count.REFUSED_HTTP_TOO_LARGE : Count.REFUSED_HTTP_MALFORMED);
    var answer = tooLong ? plain(431, "request too long\n") : plain(400, "malformed request\n");
    send(context, request, answer, false);
  }

  private HttpAnswer answer(String target, ChannelHandlerContext context) {
    var source = Sources.of(context.channel().remoteAddress());
    return loop.http.answer(target, source, clock.getAsLong());
  }

  private static boolean hasBody(HttpRequest request) {
    return HttpUtil.isTransferEncodingChunked(request)
        || !request.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0").strip().equals("0");
  }

  private static boolean isGetOrHead(HttpRequest request) {
    return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
  }

  private static HttpAnswer plain(int status, String text) {
    return new HttpAnswer(status, "text/plain", text.getBytes(StandardCharsets.US_ASCII));
  }

  private void send(
      ChannelHandlerContext context, HttpRequest request, HttpAnswer answer, boolean keepAlive) {
    var body =
        request.method().equals(HttpMethod.HEAD)
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(answer.body());
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
        .set("x-content-type-options", "nosniff");
    HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), keepAlive);
    var written = context.write(response);
    if (!keepAlive) {
      closing = true;
      written.addListener(ChannelFutureListener.CLOSE);
      context.flush();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  /** Who does not read its answers is not read from either. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.channel().config().setAutoRead(context.channel().isWritable());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    loop.logic.counters().add(Count.FAILED_CONNECTIONS);
    LOG.debug("HTTP", cause);
    var _ = context.close();
  }
}

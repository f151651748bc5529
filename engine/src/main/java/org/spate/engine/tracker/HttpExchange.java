package org.spate.engine.tracker;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request and its response on a connection of their own; one outcome in any case. */
final class HttpExchange extends SimpleChannelInboundHandler<FullHttpResponse> {
  /** From the connection to the end of the response: a byte a second comes to nothing. */
  private static final long TIMEOUT_SECONDS = 30;

  private final HttpRequest request;
  private final Consumer<HttpOutcome> onOutcome;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean isDone;

  HttpExchange(HttpRequest request, Consumer<HttpOutcome> onOutcome) {
    this.request = request;
    this.onOutcome = onOutcome;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor().schedule(() -> end(ctx, "took too long"), TIMEOUT_SECONDS, TimeUnit.SECONDS);
    var tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null) {
      ctx.writeAndFlush(request);
    } else {
      tls.handshakeFuture().addListener(future -> onSecured(ctx, future));
    }
  }

  private void onSecured(ChannelHandlerContext ctx, Future<?> handshake) {
    if (handshake.isSuccess()) {
      ctx.writeAndFlush(request);
    } else {
      end(ctx, "TLS: " + reason(handshake.cause()));
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
    if (response.decoderResult().isFailure()) {
      end(ctx, "malformed HTTP: " + reason(response.decoderResult().cause()));
      return;
    }
    var location = response.headers().get(HttpHeaderNames.LOCATION);
    boolean isRedirect = response.status().codeClass() == HttpStatusClass.REDIRECTION;
    var outcome =
        isRedirect && location != null
            ? new HttpOutcome.Redirected(location)
            : new HttpOutcome.Answered(
                response.status().code(), ByteBufUtil.getBytes(response.content()));
    ctx.close();
    finish(outcome);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail("closed without a response");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    end(ctx, reason(cause));
  }

  private void end(ChannelHandlerContext ctx, String reason) {
    fail(reason);
    ctx.close();
  }

  void fail(String reason) {
    finish(new HttpOutcome.Failed(reason));
  }

  private void finish(HttpOutcome outcome) {
    if (!isDone) {
      isDone = true;
      if (deadline != null) {
        deadline.cancel(false);
      }
      onOutcome.accept(outcome);
    }
  }

  static String reason(@Nullable Throwable cause) {
    if (cause == null) {
      return "no reason known";
    }
    var root = cause.getCause() == null ? cause : cause.getCause();
    var message = root.getMessage();
    // The native transport names the system call and its number; the words behind them suffice.
    return message == null
        ? root.getClass().getSimpleName()
        : message.replaceFirst("^\\S+ failed with error\\(-?\\d+\\): ", "");
  }
}

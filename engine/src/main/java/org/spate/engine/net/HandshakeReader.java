package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeDecoder;
import org.spate.core.wire.WireException;

/**
 * Waits for the other side's handshake, until one deadline for all of it (threat 29: a byte now and
 * then keeps nothing open). Exactly one answer is given, on the channel's loop.
 */
final class HandshakeReader extends ChannelInboundHandlerAdapter {

  /** What became of it. */
  interface Outcome {
    /**
     * The handshake is there and reading has stopped.
     *
     * @param rest what came behind it, now the receiver's to release
     */
    void greeted(ChannelHandlerContext ctx, Handshake handshake, ByteBuf rest);

    /**
     * Another protocol, too late, or gone; the channel is closed.
     *
     * @param isRefused whether it was closed before a byte of a handshake had come
     */
    void failed(boolean isRefused);
  }

  private final long timeoutNanos;
  private final Outcome outcome;
  private final HandshakeDecoder decoder = new HandshakeDecoder();
  private @Nullable ScheduledFuture<?> deadline;
  private boolean isDone;
  private boolean hasHeard;

  HandshakeReader(long timeoutNanos, Outcome outcome) {
    this.timeoutNanos = timeoutNanos;
    this.outcome = outcome;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline =
        ctx.channel()
            .eventLoop()
            .schedule(() -> fail(ctx, false), timeoutNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    hasHeard = true;
    var input = new ReceiveBuffer(ctx.alloc());
    input.accept((ByteBuf) message);
    try {
      var handshake = isDone ? null : decoder.decode(input);
      if (handshake != null) {
        finish();
        ctx.channel().config().setAutoRead(false);
        outcome.greeted(ctx, handshake, input.takeRest());
      }
    } catch (WireException violation) {
      fail(ctx, false);
    } finally {
      input.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, !hasHeard);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, !hasHeard);
  }

  private void fail(ChannelHandlerContext ctx, boolean isRefused) {
    if (!isDone) {
      finish();
      ctx.close();
      outcome.failed(isRefused);
    }
  }

  private void finish() {
    isDone = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
  }
}

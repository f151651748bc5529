package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.crypto.Agreement;
import org.spate.core.crypto.MseException;
import org.spate.core.crypto.MseHandshake;
import org.spate.core.swarm.Route.Encryption;
import org.spate.core.wire.HandshakeCodec;

/**
 * Carries out the key exchange of message stream encryption in front of the handshake, and leaves a
 * {@link CipherHandler} in its place if the link is to be encrypted. The one whose connection came
 * in looks at the first bytes: those of a handshake in the clear it passes on and steps aside.
 */
final class KeyExchange extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(KeyExchange.class);
  private static final byte[] NONE = {};

  private final @Nullable Supplier<MseHandshake> responder;
  private final boolean takesPlain;
  private @Nullable MseHandshake exchange;
  private byte[] first = NONE;
  private Encryption encryption = Encryption.PLAIN;
  private boolean isOver;

  private KeyExchange(
      @Nullable MseHandshake initiator,
      @Nullable Supplier<MseHandshake> responder,
      boolean takesPlain) {
    this.exchange = initiator;
    this.responder = responder;
    this.takesPlain = takesPlain;
  }

  /** For a connection that we dialled. */
  static KeyExchange of(MseHandshake initiator) {
    return new KeyExchange(initiator, null, false);
  }

  /** For a connection that came in, plain or not. */
  static KeyExchange expecting(Supplier<MseHandshake> responder, boolean takesPlain) {
    return new KeyExchange(null, responder, takesPlain);
  }

  /** Whether it is known how the link goes on. */
  boolean isOver() {
    return isOver;
  }

  /** What of the link is encrypted; final once it {@link #isOver}. */
  Encryption encryption() {
    return encryption;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (exchange != null) {
      sendAll(ctx, exchange);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var buffer = (ByteBuf) message;
    var bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    buffer.release();
    if (isOver || !ctx.channel().isOpen()) {
      return;
    }
    try {
      proceed(ctx, bytes);
    } catch (MseException e) {
      LOG.debug("{} failed the key exchange: {}", ctx.channel().remoteAddress(), e.getMessage());
      ctx.close();
    }
  }

  private void proceed(ChannelHandlerContext ctx, byte[] bytes) {
    var begun = exchange;
    if (begun != null) {
      accept(ctx, begun, bytes);
      return;
    }
    int known = first.length;
    first = Arrays.copyOf(first, known + bytes.length);
    System.arraycopy(bytes, 0, first, known, bytes.length);
    if (!HandshakeCodec.isPrefix(first, first.length)) {
      begun = responder == null ? null : responder.get();
      exchange = begun;
      if (begun != null) {
        accept(ctx, begun, first);
      }
      first = NONE;
    } else if (!takesPlain) {
      ctx.close();
    } else if (first.length >= HandshakeCodec.PROTOCOL_BYTES) {
      isOver = true;
      ctx.pipeline().remove(this);
      ctx.fireChannelRead(Unpooled.wrappedBuffer(first));
    }
  }

  private void accept(ChannelHandlerContext ctx, MseHandshake begun, byte[] bytes) {
    begun.accept(bytes, 0, bytes.length);
    sendAll(ctx, begun);
    var agreement = begun.agreement();
    if (agreement != null) {
      finish(ctx, agreement);
    }
  }

  private static void sendAll(ChannelHandlerContext ctx, MseHandshake exchange) {
    for (var bytes = exchange.poll(); bytes != null; bytes = exchange.poll()) {
      ctx.write(Unpooled.wrappedBuffer(bytes), ctx.voidPromise());
    }
    ctx.flush();
  }

  private void finish(ChannelHandlerContext ctx, Agreement agreement) {
    isOver = true;
    var behind = ctx;
    var incoming = agreement.incoming();
    var outgoing = agreement.outgoing();
    if (incoming == null || outgoing == null) {
      encryption = Encryption.HANDSHAKE;
      ctx.pipeline().remove(this);
    } else {
      encryption = Encryption.RC4;
      var cipher = new CipherHandler(incoming, outgoing);
      ctx.pipeline().replace(this, null, cipher);
      behind = ctx.pipeline().context(cipher); // what was received is decrypted already
    }
    if (agreement.received().length > 0) {
      behind.fireChannelRead(Unpooled.wrappedBuffer(agreement.received()));
    }
  }
}

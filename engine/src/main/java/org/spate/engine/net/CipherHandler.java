package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.ByteOrder;
import org.spate.core.crypto.Rc4;

/**
 * Encrypts and decrypts a link's bytes where they lie. So whoever writes hands in buffers of which
 * nobody else needs the bytes.
 */
final class CipherHandler extends ChannelDuplexHandler {
  private final Rc4 incoming;
  private final Rc4 outgoing;

  CipherHandler(Rc4 incoming, Rc4 outgoing) {
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    apply(incoming, (ByteBuf) message);
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    apply(outgoing, (ByteBuf) message);
    ctx.write(message, promise);
  }

  private static void apply(Rc4 cipher, ByteBuf bytes) {
    int length = bytes.readableBytes();
    var view = bytes.nioBuffer().order(ByteOrder.LITTLE_ENDIAN);
    cipher.apply(view, 0, length);
  }
}

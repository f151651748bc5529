package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.wire.ExtensionTable;
import org.spate.core.wire.MessageDecoder;
import org.spate.core.wire.PeerMessage;
import org.spate.core.wire.WireException;
import org.spate.core.wire.WireLimits;

/**
 * The receiving half of a link. Without a limit the socket is read whenever it has something; under
 * a limit one quantum at a time, each when the limit allows; not at all while storage is behind.
 */
final class LinkReceiver extends ChannelInboundHandlerAdapter implements Pacer.Paced {
  private static final Logger LOG = LoggerFactory.getLogger(LinkReceiver.class);

  private final Link link;
  private final ExtensionTable peerExtensions;
  private final MessageDecoder decoder;
  private final ReceiveBuffer input;
  private final Throttle throttle;
  private final Pacer pacer;
  private final WakeMark wakeMark;
  private boolean isHeld;
  private boolean isPaced;
  private boolean isReading; // one read was asked for and has not come

  LinkReceiver(Link link, ExtensionTable peerExtensions) {
    this.link = link;
    this.peerExtensions = peerExtensions;
    this.decoder = new MessageDecoder(link.owner().wireLimits());
    this.input = new ReceiveBuffer(link.channel().alloc());
    this.throttle = link.owner().downThrottle();
    this.pacer = link.owner().loop().pacer();
    this.wakeMark = new WakeMark(link.channel());
  }

  void hold(boolean hold) {
    if (isHeld != hold) {
      isHeld = hold;
      read();
    }
  }

  /** From the next message on. */
  void limit(WireLimits limits) {
    decoder.limit(limits);
  }

  void limitsChanged() {
    read();
  }

  /** Arranges for the next read as hold and limits have it. */
  void read() {
    if (!link.isOpen()) {
      return;
    }
    boolean limited = throttle.isLimited();
    var channel = link.channel();
    ReadSizes.of(channel).limit(limited);
    channel.config().setAutoRead(!limited && !isHeld);
    if (limited && !isHeld && !isPaced && !isReading) {
      long now = Loop.nowNanos();
      if (throttle.isOpen(now)) {
        readOnce();
      } else {
        isPaced = true;
        pacer.await(this, now);
      }
    }
  }

  private void readOnce() {
    isReading = true;
    link.channel().read();
  }

  @Override
  public Pacer.Progress proceed(long nowNanos) {
    if (link.isOpen() && throttle.isLimited() && !throttle.isOpen(nowNanos)) {
      return Pacer.Progress.WAIT;
    }
    isPaced = false;
    if (link.isOpen() && throttle.isLimited() && !isHeld && !isReading) {
      readOnce();
    }
    return Pacer.Progress.DONE;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    accept((ByteBuf) message);
  }

  /** Decodes what has come; takes over the buffer. */
  void accept(ByteBuf bytes) {
    if (!link.isOpen()) {
      bytes.release();
      return;
    }
    if (throttle.isLimited()) {
      throttle.spend(bytes.readableBytes(), Loop.nowNanos());
    }
    input.accept(bytes);
    try {
      for (var message = decoder.decode(input); message != null; ) {
        if (message instanceof PeerMessage.ExtensionHandshake(var extensions)) {
          peerExtensions.update(extensions);
        }
        link.owner().received(link, message);
        message = link.isOpen() ? decoder.decode(input) : null;
      }
    } catch (WireException violation) {
      LOG.debug("{} broke the protocol: {}", link.remote(), violation.getMessage());
      link.violated(violation.violation());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    isReading = false;
    wakeMark.await(input.missingBytes());
    if (throttle.isLimited()) {
      read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    link.lost();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("link to {} failed", link.remote(), cause);
    link.lost();
  }

  void end() {
    input.release();
  }
}

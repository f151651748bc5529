package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.flow.FlowControlHandler;
import java.util.concurrent.atomic.AtomicInteger;
import org.spate.core.Endpoint;
import org.spate.core.swarm.Route;
import org.spate.core.wire.Handshake;

/** Turns greeted channels into links, and counts them against the session's limit. */
final class Links {
  /** One place in so many is kept for dials. */
  private static final int DIALLED_SHARE = 8;

  private final AtomicInteger open = new AtomicInteger();
  private final int linksMax;

  Links(int linksMax) {
    this.linksMax = linksMax;
  }

  int open() {
    return open.get();
  }

  boolean isFull() {
    return open.get() >= linksMax;
  }

  /** Whether the rest is for those that we dial: incoming ones must not keep them out. */
  boolean isFullForIncoming() {
    return open.get() >= linksMax - linksMax / DIALLED_SHARE;
  }

  /** Both handshakes have passed; on the owner's loop, which is the channel's. */
  void begin(
      Channel channel,
      Endpoint remote,
      boolean incoming,
      Route route,
      LinkOwner owner,
      Handshake theirs,
      ByteBuf rest) {
    var link = new Link(channel, remote, incoming, route, owner);
    open.incrementAndGet();
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
    channel.pipeline().addLast(link.receiver());
    owner.opened(link, theirs);
    link.receiver().accept(rest);
    if (channel.pipeline().get(FlowControlHandler.class) != null) {
      channel.pipeline().remove(FlowControlHandler.class); // which hands on what came meanwhile
    }
    link.receiver().read();
  }
}

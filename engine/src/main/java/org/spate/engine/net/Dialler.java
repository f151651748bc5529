package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.swarm.Route;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.HandshakeCodec;

/**
 * Connects to peers and shakes hands, a bounded number at a time over all torrents; further dials
 * wait in line. Every dial ends in {@code opened} or {@code dialFailed} of its owner.
 */
final class Dialler {
  private final Race race;
  private final long handshakeTimeoutNanos;
  private final Links links;
  private final Slots slots;

  Dialler(Race race, int halfOpenMax, long handshakeTimeoutNanos, Links links) {
    this.race = race;
    this.handshakeTimeoutNanos = handshakeTimeoutNanos;
    this.links = links;
    this.slots = new Slots(halfOpenMax);
  }

  void dial(Endpoint remote, LinkOwner owner) {
    slots.acquire(owner.loop(), () -> connect(new Dial(remote, owner)));
  }

  private void connect(Dial dial) {
    if (!dial.owner.isOpen() || links.isFull() || dial.remote.port() == 0) {
      dial.failed();
      return;
    }
    race.run(dial.remote, dial.owner.loop(), dial::connected);
  }

  /** One dial; holds a slot until it has an outcome. */
  private final class Dial implements HandshakeReader.Outcome {
    private final Endpoint remote;
    private final LinkOwner owner;

    Dial(Endpoint remote, LinkOwner owner) {
      this.remote = remote;
      this.owner = owner;
    }

    void connected(@Nullable Channel channel) {
      if (channel == null) {
        failed();
        return;
      }
      channel.pipeline().addLast(new HandshakeReader(handshakeTimeoutNanos, this));
      var ours = owner.greeting(owner.primaryHash());
      channel.writeAndFlush(Unpooled.wrappedBuffer(HandshakeCodec.encode(ours)));
      channel.config().setAutoRead(true);
    }

    @Override
    public void greeted(ChannelHandlerContext ctx, Handshake theirs, ByteBuf rest) {
      if (!owner.isOpen() || !owner.isNamedBy(theirs.infoHash())) {
        rest.release();
        ctx.close();
        failed();
        return;
      }
      slots.release();
      ctx.pipeline().remove(ctx.handler());
      var transport = UtpChannel.transport(ctx.channel());
      var route = new Route(transport, Route.Encryption.PLAIN, false);
      links.begin(ctx.channel(), remote, false, route, owner, theirs, rest);
    }

    @Override
    public void failed() {
      slots.release();
      owner.dialFailed(remote);
    }
  }
}

package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.crypto.EncryptionMode;
import org.spate.core.crypto.MseInitiator;
import org.spate.core.filter.IpFilter;
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
  private final EncryptionMode encryption;
  private final RandomGenerator random;
  private final Links links;
  private final Slots slots;
  private volatile IpFilter filter = IpFilter.NONE;

  Dialler(
      Race race,
      int halfOpenMax,
      long handshakeTimeoutNanos,
      EncryptionMode encryption,
      RandomGenerator random,
      Links links) {
    this.race = race;
    this.handshakeTimeoutNanos = handshakeTimeoutNanos;
    this.encryption = encryption;
    this.random = random;
    this.links = links;
    this.slots = new Slots(halfOpenMax);
  }

  /** Addresses to dial none of. */
  void filter(IpFilter unwanted) {
    filter = unwanted;
  }

  void dial(Endpoint remote, LinkOwner owner) {
    slots.acquire(owner.loop(), () -> connect(new Dial(remote, owner)));
  }

  /** By uTP, without a second try by TCP. */
  void punch(Endpoint remote, LinkOwner owner) {
    var dial = new Dial(remote, owner);
    dial.only = Route.Transport.UTP;
    slots.acquire(owner.loop(), () -> connect(dial));
  }

  private void connect(Dial dial) {
    if (!dial.owner.isOpen()
        || links.isFull()
        || dial.remote.port() == 0
        || filter.blocks(dial.remote)) {
      dial.failed(false);
      return;
    }
    // Others take TLS over uTP, too, but at one more port; we take it over TCP alone.
    var only = dial.owner.tls() == null ? dial.only : Route.Transport.TCP;
    race.run(dial.remote, dial.owner.loop(), only, dial::connected);
  }

  /**
   * One dial; holds a slot until it has an outcome. Who closes the connection without a word may
   * want it encrypted, or not: where our mode allows that it is dialled once more the other way;
   * and then by the other transport.
   */
  private final class Dial implements HandshakeReader.Outcome {
    private final Endpoint remote;
    private final LinkOwner owner;
    private boolean isEncrypted = encryption.dialsEncrypted();
    private boolean isSecond;
    private Route.@Nullable Transport only;
    private Route.Transport used = Route.Transport.TCP;
    private @Nullable KeyExchange exchange;

    Dial(Endpoint remote, LinkOwner owner) {
      this.remote = remote;
      this.owner = owner;
    }

    void connected(@Nullable Channel channel) {
      if (channel == null) {
        failed(false);
        return;
      }
      used = UtpChannel.transport(channel);
      var ours = HandshakeCodec.encode(owner.greeting(owner.primaryHash()));
      var tls = owner.tls();
      if (tls != null) {
        tls.dial(channel, owner.primaryHash());
      } else if (isEncrypted) {
        var mse = new MseInitiator(owner.primaryHash(), ours, encryption, random);
        exchange = KeyExchange.of(mse);
        channel.pipeline().addLast(exchange);
      }
      channel.pipeline().addLast(new HandshakeReader(handshakeTimeoutNanos, this));
      if (exchange == null) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(ours));
      }
      channel.config().setAutoRead(true);
    }

    @Override
    public void greeted(ChannelHandlerContext ctx, Handshake theirs, ByteBuf rest) {
      var tls = owner.tls();
      boolean isAdmitted = tls == null || tls.admits(ctx.channel());
      if (!isAdmitted || !owner.isOpen() || !owner.isNamedBy(theirs.infoHash())) {
        rest.release();
        ctx.close();
        failed(false);
        return;
      }
      slots.release();
      ctx.pipeline().remove(ctx.handler());
      var encrypted = Doorman.encryption(exchange, tls);
      var route = new Route(used, encrypted, race.isProxied());
      if (used == Route.Transport.UTP) {
        race.answersUtp(remote);
      }
      links.begin(ctx.channel(), remote, false, route, owner, theirs, rest);
    }

    @Override
    public void failed(boolean isRefused) {
      boolean mayRetry = isRefused && owner.tls() == null;
      if (mayRetry && !isSecond && encryption.dialsBothWays()) {
        isSecond = true;
        again(!isEncrypted);
        return;
      }
      if (mayRetry && only == null && race.hasOther(used, remote)) {
        // Some accept by TCP, only to close: libtorrent does where it is to use uTP alone.
        only = used == Route.Transport.TCP ? Route.Transport.UTP : Route.Transport.TCP;
        isSecond = false;
        again(encryption.dialsEncrypted());
        return;
      }
      slots.release();
      owner.dialFailed(remote);
    }

    private void again(boolean encrypted) {
      isEncrypted = encrypted;
      exchange = null;
      connect(this);
    }
  }
}

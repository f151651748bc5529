package org.spate.engine.net;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5ClientEncoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponse;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5Message;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.IpLiteral;

/**
 * The connection that asks a SOCKS5 proxy for a relay of datagrams, and holds it: the relay lives
 * as long as the connection does (RFC 1928, section 6). A proxy that says no, or hangs up instead
 * of answering, has none to give.
 */
final class SocksAssociation extends SimpleChannelInboundHandler<Socks5Message> {

  /** Who wants a relay. Called on the loop. */
  interface Owner {
    void relayFound(InetSocketAddress relay);

    /** There is none to be had. */
    void refused(String reason);

    /** The way to the relay, or its end. */
    void broken(String reason);
  }

  private final Proxy proxy;
  private final Owner owner;
  private @Nullable ScheduledFuture<?> timeout;
  private boolean isAsked;
  private boolean isOver;

  SocksAssociation(Proxy proxy, Owner owner) {
    this.proxy = proxy;
    this.owner = owner;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    before(ctx, Socks5ClientEncoder.DEFAULT);
    before(ctx, new Socks5InitialResponseDecoder());
  }

  /** Each answer has a decoder of its own, which takes itself out of the way when it is done. */
  private static void before(ChannelHandlerContext ctx, ChannelHandler codec) {
    ctx.pipeline().addBefore(ctx.name(), null, codec);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    timeout =
        ctx.executor()
            .schedule(
                () -> broken(ctx, "no answer"),
                Proxy.CONNECT_TIMEOUT_MILLIS,
                TimeUnit.MILLISECONDS);
    ctx.writeAndFlush(
        proxy.user() == null
            ? new DefaultSocks5InitialRequest(Socks5AuthMethod.NO_AUTH)
            : new DefaultSocks5InitialRequest(Socks5AuthMethod.NO_AUTH, Socks5AuthMethod.PASSWORD));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Socks5Message message) {
    if (message.decoderResult().isFailure()) {
      broken(ctx, "not SOCKS5");
      return;
    }
    switch (message) {
      case Socks5InitialResponse answer -> onMethod(ctx, answer.authMethod());
      case Socks5PasswordAuthResponse answer -> {
        if (answer.status().equals(Socks5PasswordAuthStatus.SUCCESS)) {
          ask(ctx);
        } else {
          refused(ctx, "wrong password");
        }
      }
      case Socks5CommandResponse answer -> onAnswer(ctx, answer);
      default -> broken(ctx, "not what was asked");
    }
  }

  private void onMethod(ChannelHandlerContext ctx, Socks5AuthMethod method) {
    var user = proxy.user();
    if (method.equals(Socks5AuthMethod.PASSWORD) && user != null) {
      before(ctx, new Socks5PasswordAuthResponseDecoder());
      ctx.writeAndFlush(new DefaultSocks5PasswordAuthRequest(user, proxy.password()));
    } else if (method.equals(Socks5AuthMethod.NO_AUTH)) {
      ask(ctx);
    } else {
      refused(ctx, "wants another kind of password");
    }
  }

  /** From which address our datagrams will come is not known here, and zeros say so. */
  private void ask(ChannelHandlerContext ctx) {
    isAsked = true;
    before(ctx, new Socks5CommandResponseDecoder());
    ctx.writeAndFlush(
        new DefaultSocks5CommandRequest(
            Socks5CommandType.UDP_ASSOCIATE, Socks5AddressType.IPv4, "0.0.0.0", 0));
  }

  private void onAnswer(ChannelHandlerContext ctx, Socks5CommandResponse answer) {
    if (!answer.status().equals(Socks5CommandStatus.SUCCESS)) {
      refused(ctx, String.valueOf(answer.status()));
      return;
    }
    var literal = answer.bndAddr() == null ? null : IpLiteral.parse(answer.bndAddr());
    if (answer.bndPort() == 0) {
      refused(ctx, "a relay without a port");
      return;
    }
    cancelTimeout();
    owner.relayFound(new InetSocketAddress(host(ctx, literal), answer.bndPort()));
  }

  /** Many name no address, or a name: then the relay is where the proxy is. */
  private static InetAddress host(ChannelHandlerContext ctx, byte @Nullable [] literal) {
    var named =
        literal == null ? null : Addresses.socketAddress(Endpoint.of(literal, 0)).getAddress();
    return named == null || named.isAnyLocalAddress()
        ? ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress()
        : named;
  }

  private void cancelTimeout() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }

  private void refused(ChannelHandlerContext ctx, String reason) {
    if (!isOver) {
      isOver = true;
      cancelTimeout();
      owner.refused(reason);
      ctx.close();
    }
  }

  private void broken(ChannelHandlerContext ctx, String reason) {
    if (!isOver) {
      isOver = true;
      cancelTimeout();
      owner.broken(reason);
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (isAsked && timeout != null) {
      refused(ctx, "hangs up when it is asked");
    } else {
      broken(ctx, "closed");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(ctx, String.valueOf(cause.getMessage()));
  }
}

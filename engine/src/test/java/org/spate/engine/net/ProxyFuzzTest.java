package org.spate.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.proxy.ProxyHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.spate.core.proxy.ProxyUrl;

/** Any bytes for what a proxy answers: a way through, or one failure (threat 57). */
class ProxyFuzzTest {
  private static final InetSocketAddress PEER = InetSocketAddress.createUnresolved("192.0.2.1", 1);

  /** A connection to a proxy that nobody dials. */
  private static final class ProxyChannel extends EmbeddedChannel {
    private boolean isConnected;

    void connected() {
      isConnected = true;
      pipeline().fireChannelActive();
    }

    @Override
    public boolean isActive() {
      return isConnected && super.isActive();
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1080);
    }
  }

  /** As links do it. */
  private static final class Closing extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private static Proxy proxy(String url) {
    return new Proxy(ProxyUrl.parse(url), List.of(InetAddress.getLoopbackAddress()));
  }

  /** The association, with a password if the first byte is odd. */
  @FuzzTest(maxDuration = "1m")
  void association(byte[] answers) {
    boolean hasUser = answers.length > 0 && answers[0] % 2 != 0;
    var relays = new ArrayList<InetSocketAddress>();
    var failures = new ArrayList<String>();
    var owner =
        new SocksAssociation.Owner() {
          @Override
          public void relayFound(InetSocketAddress relay) {
            relays.add(relay);
          }

          @Override
          public void refused(String reason) {
            failures.add(reason);
          }

          @Override
          public void broken(String reason) {
            failures.add(reason);
          }
        };
    var proxy = proxy(hasUser ? "socks5://u:p@127.0.0.1:1080" : "socks5://127.0.0.1:1080");
    var channel = new ProxyChannel();
    channel.pipeline().addLast(new SocksAssociation(proxy, owner));
    channel.connected();
    for (int i = 1; i < answers.length && channel.isOpen(); i++) {
      channel.writeInbound(Unpooled.wrappedBuffer(answers, i, 1));
    }
    channel.finishAndReleaseAll();

    assertThat(failures).hasSize(1);
    assertThat(relays)
        .hasSizeLessThanOrEqualTo(1)
        .allMatch(relay -> relay.getPort() != 0 && !relay.getAddress().isAnyLocalAddress());
  }

  /** A connection led through: SOCKS5 if the first byte is even, else CONNECT. */
  @FuzzTest(maxDuration = "1m")
  void way(byte[] answers) {
    boolean isHttp = answers.length > 0 && answers[0] % 2 != 0;
    var channel = new ProxyChannel();
    proxy(isHttp ? "http://u:p@127.0.0.1:1080" : "socks5://u:p@127.0.0.1:1080")
        .lead(channel.pipeline());
    channel.pipeline().addLast(new Closing());
    var through = channel.pipeline().get(ProxyHandler.class).connectFuture();
    channel.connect(PEER);
    channel.connected();
    for (int i = 1; i < answers.length && channel.isOpen(); i++) {
      channel.writeInbound(Unpooled.wrappedBuffer(answers, i, 1));
    }
    boolean isThrough = through.isSuccess();
    var passedOn = List.copyOf(channel.inboundMessages());
    channel.finishAndReleaseAll();

    assertThat(through.isDone()).isTrue();
    assertThat(isThrough || passedOn.isEmpty()).isTrue();
  }
}
